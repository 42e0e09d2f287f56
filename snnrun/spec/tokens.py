"""The pieces into which the reader cuts a YAML text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from snnrun.spec.source_map import Place


@dataclass(frozen=True)
class Token:
    """One piece of YAML: a scalar, an alias, the beginning of a list, mapping or document, the end of the former two.

    Parameters
    ----------
    place
        Where it stands.
    text
        The text of a scalar, the name of an alias.
    plain
        Whether a scalar stands without quotes.
    in_brackets
        Whether a list or mapping is written with brackets.
    anchor
        The name by which aliases refer to it.
    tagged
        Whether it bears a YAML tag.
    block
        The lines of a text block after ``|``.
    """

    kind: Literal["document", "scalar", "alias", "list", "mapping", "end"]
    place: Place
    text: str = ""
    plain: bool = False
    in_brackets: bool = False
    anchor: str | None = None
    tagged: bool = False
    block: tuple[Place, ...] = ()
