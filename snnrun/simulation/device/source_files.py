"""Where the sources of programs come from and go to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROGRAM_SOURCE: Final = "program.cpp"
"""The one file that is compiled; it includes the others."""

RUNTIME: Final = Path(__file__).parent / "runtime"
"""What programs need beside generated code."""
