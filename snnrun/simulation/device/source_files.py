"""Where the sources of programs come from and go to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROGRAM_SOURCE: Final = "program.cpp"
"""The one generated file that is compiled; it includes the others."""

RUNTIME: Final = Path(__file__).parent / "runtime"
"""What programs need beside generated code."""

RUNTIME_SOURCE: Final = RUNTIME / "runtime.cpp"
"""All of it that is the same in every program of the fast engine, compiled apart."""
