"""The only room that knows Brian: blueprint in, C++ sources out, in a process of its own."""

from pathlib import Path
from typing import Final

PROGRAM_SOURCE: Final = "program.cpp"
"""The one source file that is compiled; it includes the others."""

RUNTIME: Final = Path(__file__).parent / "runtime"
"""What programs need beside generated code."""
