"""Where the sources of programs come from and go to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

PROGRAM_SOURCE: Final = "program.cpp"
"""The one generated file that is compiled; it includes the others."""

RUNTIME: Final = Path(__file__).parent / "runtime"
"""What programs need beside generated code."""

RUNTIME_UNITS: Final[Mapping[str, tuple[str, ...]]] = {"in_steps": (), "around_steps": ("-O1",)}
"""The files of it that are compiled apart, the same for every program of the fast engine, with flags of their own."""
