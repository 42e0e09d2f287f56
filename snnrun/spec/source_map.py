"""Where everything stands: key path → line, column and width in the experiment file or in a command-line option."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from snnrun.errors import KeyPath


@dataclass(frozen=True)
class Place:
    """A stretch of one line, counted from 1.

    Parameters
    ----------
    line, column
        Where it begins.
    width
        Number of characters; 0 when there is nothing to point at.
    via
        Line of the alias or merge through which the text is used, when it stands elsewhere (at the anchor).
    option
        The command-line option, written out, that the text belongs to; then ``column`` counts in the option.
    """

    line: int
    column: int
    width: int
    via: int | None = None
    option: str | None = None

    def through(self, alias_line: int | None) -> Place:
        """The same text, used through an alias on another line."""
        return self if alias_line is None else replace(self, via=alias_line)


WHOLE_FILE: Final = Place(1, 1, 0)


@dataclass(frozen=True)
class Span:
    """How one entry is written.

    Parameters
    ----------
    key
        The key of a mapping's entry; of a list's item, the item.
    value
        The value.
    block
        Each line of the value, when it is a text block after ``|``.
    """

    key: Place
    value: Place
    block: tuple[Place, ...] = ()


class SourceMap:
    """The places of all key paths of one document."""

    def __init__(self, spans: Mapping[KeyPath, Span] | None = None) -> None:
        self._spans = dict(spans or {})

    def locate(self, path: KeyPath) -> Place:
        """The key (or list item) of a path; where the path is unknown, of its nearest known parent."""
        for length in range(len(path), -1, -1):
            span = self._spans.get(path[:length])
            if span:
                return span.key
        return WHOLE_FILE

    def value_place(self, path: KeyPath) -> Place:
        """The value of a path; where the path is unknown, the key of its nearest known parent."""
        span = self._spans.get(path)
        return span.value if span else self.locate(path)

    def block_line(self, path: KeyPath, number: int) -> Place:
        """Line `number`, from 1, of a text block after ``|``; of any other value, the value."""
        span = self._spans.get(path)
        if span and 1 <= number <= len(span.block):
            return span.block[number - 1]
        return self.value_place(path)

    def overridden(self, path: KeyPath, span: Span) -> SourceMap:
        """A map in which a path, and all that stood below it, is written elsewhere."""
        depth = len(path)
        kept = {known: places for known, places in self._spans.items() if known[:depth] != path}
        return SourceMap(kept | {path: span})
