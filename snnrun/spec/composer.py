"""Gives the tokens of a YAML text their meaning: nodes, with anchors resolved and merges applied."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NoReturn

from snnrun.designs.axis import is_steps
from snnrun.errors import KeyPath, Problem, SpecError
from snnrun.spec.nodes import MAX_DEPTH, MAX_NODES, Entry, Node
from snnrun.spec.scalars import Scalar, ScalarError, plain_scalar
from snnrun.spec.source_map import WHOLE_FILE, Place
from snnrun.spec.tokens import Token

# Enough to mend at once; a file with more is not what it seems to be.
MAX_PROBLEMS: Final = 20
MERGE: Final = "<<"
# Where colons part the ends of a range, 3:8:11 is no number to base 60.
_SWEEP_AXES: Final = ("sweep", "axes")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Composer:
    """Tokens → nodes.

    Parameters
    ----------
    tokens
        The pieces of one text.
    problems
        Receives what is wrong but does not hinder reading on; what does is raised as a `SpecError`.
    """

    def __init__(self, tokens: Iterator[Token], problems: list[Problem]) -> None:
        self._tokens = tokens
        self._problems = problems
        self._anchors: dict[str, Node | None] = {}  # None while the anchor's own value is being read
        self._n_values = 0

    def compose(self, one_value: bool) -> Node:
        """The root of the only document.

        Parameters
        ----------
        one_value
            Whether it must be a single value, or a mapping or list in brackets.

        Raises
        ------
        SpecError
            Where reading cannot go on.
        """
        if next(self._tokens, None) is None:
            return Node(WHOLE_FILE, None)
        start = next(self._tokens)
        if one_value and start.kind in ("list", "mapping") and not start.in_brackets:
            hint = "Quote it if it is text; else write a mapping as {a: b} and a list as [a, b]."
            _fail(start.place, "This reads as a mapping or a list without brackets.", hint)
        root = self._entry(start, (), in_brackets=False).node
        for second in self._tokens:
            _fail(second.place, "A second document begins here.", "Keep one experiment in a file.")
        return root

    def _entry(self, token: Token, path: KeyPath, in_brackets: bool) -> Entry:
        """The value that begins with a token, placed as the item of a list is."""
        self._count(1, token.place)
        if len(path) > MAX_DEPTH:
            _fail(token.place, f"This is nested deeper than {MAX_DEPTH} levels.", "Check the brackets.")
        if token.kind == "alias":
            node = self._anchored(token)
            return Entry(node.place.through(token.place.line), node, token.place.line)
        if token.tagged:
            self._refuse_tag(token, path)
        if token.anchor is None:
            node = self._node(token, path, in_brackets)
        else:
            if token.anchor in self._anchors:
                self._refuse(token, path, f"The anchor '&{token.anchor}' is set twice.", "Rename one of them.")
            self._anchors[token.anchor] = None
            node = self._anchors[token.anchor] = self._node(token, path, in_brackets)
        return Entry(node.place, node)

    def _anchored(self, alias: Token) -> Node:
        if alias.text not in self._anchors:
            close = difflib.get_close_matches(alias.text, self._anchors, n=1)
            hint = f"Did you mean '*{close[0]}'?" if close else "Put a value that begins with '*' in quotes."
            _fail(alias.place, f"There is no anchor '&{alias.text}' above this.", hint)
        node = self._anchors[alias.text]
        if node is None:
            _fail(alias.place, f"'*{alias.text}' stands inside of its own anchor.", "Nothing can contain itself.")
        return node

    def _node(self, token: Token, path: KeyPath, in_brackets: bool) -> Node:
        if token.kind == "scalar":
            return Node(token.place, self._scalar(token, path, in_brackets), token.block)
        if token.kind == "list":
            items, end = self._list(path, token.in_brackets)
            return Node(_up_to(token.place, end), items)
        entries, end = self._mapping(path, token.in_brackets)
        return Node(_up_to(token.place, end), entries)

    def _scalar(self, token: Token, path: KeyPath, in_brackets: bool) -> Scalar:
        text = token.text
        if _SURROGATE.search(text):
            self._refuse(token, path, "This escape is half a character.", "Write the character itself.")
        if not token.plain:
            return text
        if in_brackets and text.count("(") > text.count(")"):
            hint = "Put the whole value in quotes: inside of {…} and […] a comma ends a value."
            self._refuse(token, path, "A parenthesis is not closed here.", hint)
            return text
        if path[: len(_SWEEP_AXES)] == _SWEEP_AXES and is_steps(text):
            return text
        try:
            return plain_scalar(text)
        except ScalarError as error:
            self._refuse(token, path, f"{error.message}.", error.hint)
            return text

    def _list(self, path: KeyPath, in_brackets: bool) -> tuple[list[Entry], Place]:
        items: list[Entry] = []
        while (token := next(self._tokens)).kind != "end":
            items.append(self._entry(token, (*path, len(items)), in_brackets))
        return items, token.place

    def _mapping(self, path: KeyPath, in_brackets: bool) -> tuple[dict[str, Entry], Place]:
        entries: dict[str, Entry] = {}
        while (token := next(self._tokens)).kind != "end":
            key = self._key(token, path)
            value = self._entry(next(self._tokens), (*path, key), in_brackets)
            if key in entries:
                message = f"The key '{key}' is written twice: here and on line {entries[key].key.line}."
                hint = "Merge several mappings with '<<: [*a, *b]'." if key == MERGE else "Keep one of them."
                self._refuse(token, (*path, key), message, hint)
            else:
                entries[key] = Entry(token.place, value.node, value.alias_line)
        merge = entries.pop(MERGE, None)
        if merge is not None:
            entries = self._merged(merge) | entries
        return entries, token.place

    def _key(self, token: Token, path: KeyPath) -> str:
        if token.kind != "scalar":
            hint = "Put text that begins with a bracket or with '*' in quotes."
            _fail(token.place, "A key cannot be a list, a mapping or an alias.", hint)
        if token.tagged:
            self._refuse_tag(token, path)
        if token.anchor is not None:
            hint = f"Write it before the value: 'key: &{token.anchor} …'."
            self._refuse(token, path, "An anchor cannot belong to a key.", hint)
        if not isinstance(self._scalar(token, path, in_brackets=False), str):
            message = f"A key must be text, and {token.text[:40]} is not." if token.text else "A key is missing here."
            hint = f"Write '{token.text[:40]}' in quotes." if token.text else "Write one before the ':'."
            self._refuse(token, path, message, hint)
        return token.text

    def _merged(self, merge: Entry) -> dict[str, Entry]:
        """What ``<<`` brings in; of equal keys the first one counts."""
        content = merge.node.content
        merged: dict[str, Entry] = {}
        for source in content if isinstance(content, list) else [merge]:
            entries = source.node.content
            if not isinstance(entries, dict):
                _fail(merge.key, "Only mappings can be merged.", "Write '<<: *anchor' or '<<: [*a, *b]'.")
            # Counted one by one although nothing is copied yet: lists of aliases to large mappings take time.
            self._count(len(entries), merge.key)
            line = merge.alias_line if merge.alias_line is not None else source.alias_line
            for key, entry in entries.items():
                merged.setdefault(key, replace(entry, key=entry.key.through(line)))
        return merged

    def _count(self, number: int, place: Place) -> None:
        self._n_values += number
        if self._n_values > MAX_NODES:
            _fail(place, f"Up to here there are more than {MAX_NODES} values.", "Keep data in files of their own.")

    def _refuse_tag(self, token: Token, path: KeyPath) -> None:
        hint = "Remove the tag; put text that begins with '!' in quotes."
        self._refuse(token, path, "YAML tags ('!…') are not used here.", hint)

    def _refuse(self, token: Token, path: KeyPath, message: str, hint: str) -> None:
        self._problems.append(Problem(path, message, hint, token.place.line, token.place.column))
        if len(self._problems) >= MAX_PROBLEMS:
            raise SpecError([])


def _up_to(start: Place, end: Place) -> Place:
    """From the beginning of one place to the end of another, if that is on the same line."""
    return replace(start, width=end.column + end.width - start.column) if start.line == end.line else start


def _fail(place: Place, message: str, hint: str) -> NoReturn:
    raise SpecError([Problem((), message, hint, place.line, place.column)])
