"""The file as written, with aliases still shared, and its expansion into a tree in which nothing is shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from snnrun.errors import KeyPath, Problem, SpecError
from snnrun.spec.scalars import Scalar
from snnrun.spec.source_map import WHOLE_FILE, Place, SourceMap, Span

MAX_DEPTH: Final = 32
MAX_NODES: Final = 100_000


@dataclass(frozen=True)
class Node:
    """A value as it is written once; any number of aliases may lead to it.

    Parameters
    ----------
    place
        Where it stands.
    content
        A scalar, the items of a list, or the entries of a mapping with its merges applied.
    block
        The lines of a text block after ``|``.
    """

    place: Place
    content: Scalar | list[Entry] | dict[str, Entry]
    block: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What stands at a key or in a list.

    Parameters
    ----------
    key
        Place of the key, or of the item; ``via`` tells that the entry was merged in.
    node
        The value.
    alias_line
        Line of the alias that stands for the value, if one does.
    """

    key: Place
    node: Node
    alias_line: int | None = None


def expand(root: Node) -> tuple[Any, SourceMap]:
    """Plain data, a copy for each alias, and the places of all its key paths.

    Raises
    ------
    SpecError
        If the aliases make it larger than `MAX_NODES` values or deeper than `MAX_DEPTH`.
    """
    spans: dict[KeyPath, Span] = {(): Span(WHOLE_FILE, root.place, root.block)}
    return _copy(root.content, (), None, spans), SourceMap(spans)


def _copy(
    content: Scalar | list[Entry] | dict[str, Entry], path: KeyPath, via: int | None, spans: dict[KeyPath, Span]
) -> Any:
    if isinstance(content, dict):
        return {key: _copy_entry(entry, (*path, key), via, spans) for key, entry in content.items()}
    if isinstance(content, list):
        return [_copy_entry(entry, (*path, index), via, spans) for index, entry in enumerate(content)]
    return content


def _copy_entry(entry: Entry, path: KeyPath, via: int | None, spans: dict[KeyPath, Span]) -> Any:
    # Of several aliases on the way, the one nearest to the root is where the user reads this path.
    key = entry.key.through(via)
    value_via = key.via if key.via is not None else entry.alias_line
    node = entry.node
    value = node.place.through(value_via)
    spans[path] = Span(key, value, tuple(line.through(value_via) for line in node.block))
    if len(spans) > MAX_NODES:
        raise _too_large(f"Its aliases make this file larger than {MAX_NODES} values.", value)
    if len(path) > MAX_DEPTH:
        raise _too_large(f"Its aliases nest this file deeper than {MAX_DEPTH} levels.", value)
    return _copy(node.content, path, value_via, spans)


def _too_large(message: str, place: Place) -> SpecError:
    line = place.line if place.via is None else place.via
    return SpecError([Problem((), message, "Use fewer aliases ('*name') inside of anchors ('&name').", line)])
