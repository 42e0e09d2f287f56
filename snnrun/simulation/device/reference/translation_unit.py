"""Joins the generated sources to one translation unit, which compiles several times faster than the single files.

Brian writes a file for each code object, and each brings its own copy of the same support functions. Here every file
stands in a namespace of its own, so that the copies do not meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from snnrun.simulation.device.source_files import PROGRAM_SOURCE

_INCLUDE: Final = re.compile(r"^#include\s*([<\"][^>\"]+[>\"])", re.MULTILINE)
# They declare what stands in the namespaces, so they are not for all to see.
_OWN_HEADERS: Final = '"code_objects/'


def join_sources(folder: Path) -> None:
    """Write the one source file that includes all others."""
    parts = sorted((folder / "code_objects").glob("*.cpp"))
    library = sorted((folder / "brianlib").glob("*.cpp"))  # empty until Brian 2.10
    (folder / PROGRAM_SOURCE).write_text("\n".join(_lines(parts, library)) + "\n", encoding="utf-8")


def _lines(parts: Sequence[Path], library: Sequence[Path]) -> Iterator[str]:
    # Headers come first, outside of the namespaces: their guards turn the inclusions inside into nothing.
    headers = {header for part in parts for header in _INCLUDE.findall(part.read_text(encoding="utf-8"))}
    yield from (f"#include {header}" for header in sorted(headers) if not header.startswith(_OWN_HEADERS))
    yield from (f'#include "brianlib/{source.name}"' for source in library)
    yield from (f'#include "{source}.cpp"' for source in ("objects", "network", "synapses_classes"))
    for number, part in enumerate(parts):
        yield f"namespace part_{number} {{"
        yield f'#include "code_objects/{part.name}"'
        yield f"}}\nusing namespace part_{number};"
    yield '#include "run.cpp"\n#include "main.cpp"'
