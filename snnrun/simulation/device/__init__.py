"""The only room that knows Brian: blueprint in, C++ sources out, in a process of its own."""

from typing import Final

PROGRAM_SOURCE: Final = "program.cpp"
"""The one source file that is compiled; it includes the others."""
