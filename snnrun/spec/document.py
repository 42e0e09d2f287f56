"""An experiment file as plain data that remembers where everything stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from snnrun.spec.source_map import SourceMap


@dataclass(frozen=True)
class Document:
    r"""What the reader hands on.

    Parameters
    ----------
    data
        Mappings, lists, strings, numbers, booleans and None; a tree, in which no part is shared.
    places
        The place of every key path.
    text
        The text of the file, with ``\n`` between lines.
    name
        How the file is called in messages.
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: SourceMap = field(default_factory=SourceMap)
    text: str = ""
    name: str = "experiment"
