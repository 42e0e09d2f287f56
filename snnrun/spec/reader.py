"""Reads YAML from anybody: safely, strictly, and remembering where everything stood. The only door to PyYAML.

PyYAML only cuts the text into events; their meaning is given by `Composer`. PyYAML's own loaders crash on deep nesting,
expand aliases without limit, take the last of two equal keys, and follow YAML 1.1, where ``no`` is false and ``1e-3``
text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import yaml
from yaml import events

from snnrun.errors import Problem, SpecError
from snnrun.spec.composer import Composer
from snnrun.spec.document import Document
from snnrun.spec.nodes import expand
from snnrun.spec.report import spec_error
from snnrun.spec.source_map import Place, SourceMap
from snnrun.spec.syntax_messages import syntax_message
from snnrun.spec.text import check_text, normalised, read_text
from snnrun.spec.tokens import Token

__all__ = ["Document", "parse_document", "parse_value", "read_document"]


def read_document(path: Path) -> Document:
    """Read an experiment file.

    Raises
    ------
    SpecError
        If the file cannot be read or is not what `parse_document` accepts.
    """
    return parse_document(read_text(path), str(path))


def parse_document(text: str, name: str) -> Document:
    """Read the text of an experiment.

    Parameters
    ----------
    text
        YAML; a byte order mark and Windows line ends are accepted.
    name
        How to call the text in messages, usually the path of its file.

    Raises
    ------
    SpecError
        With all problems that were found until the text could not be followed any further.
    """
    text = normalised(text)
    data, places = _parse(text, name, one_value=False)
    if isinstance(data, dict):
        return Document(data, places, text, name)
    if data is None:
        problem = Problem((), "The file is empty.", "An experiment begins with 'snnrun: 1'.")
    else:
        kind, place = "a list" if isinstance(data, list) else "a single value", places.value_place(())
        hint = "An experiment is a mapping; write 'key: value', with a space after the colon."
        problem = Problem((), f"The file holds {kind}.", hint, place.line, place.column)
    raise spec_error([problem], Document(text=text, name=name))


def parse_value(text: str, name: str = "value") -> Any:
    """Read one value, as given on the command line: ``4.5``, ``5 s``, ``[1, 2]``, ``{linspace: [3, 8, 11]}``.

    Raises
    ------
    SpecError
        If it is not YAML, or is a mapping or list without brackets: in ``title=LIF: rates`` that is an accident.
    """
    return _parse(normalised(text), name, one_value=True)[0]


def _parse(text: str, name: str, one_value: bool) -> tuple[Any, SourceMap]:
    problems: list[Problem] = []
    try:
        check_text(text)
        tree = expand(Composer(_tokens(text), problems).compose(one_value))
    except SpecError as error:
        problems += error.problems
    if problems:
        raise spec_error(problems, Document(text=text, name=name))
    return tree


def _tokens(text: str) -> Iterator[Token]:
    """PyYAML's events, with places, as far as the composer needs them."""
    lines = text.split("\n")
    parser = yaml.parse(text, Loader=yaml.SafeLoader)
    while True:
        try:
            event = next(parser, None)
        except yaml.MarkedYAMLError as error:
            raise SpecError([_syntax_problem(error)]) from None
        except (ValueError, OverflowError) as error:
            # PyYAML lets these through for escapes that are no character (\UFFFFFFFF) and for endless version numbers.
            raise SpecError(
                [Problem((), f"This is not YAML: {error}.", "Check the escapes (\\U…) in quotes.")]
            ) from None
        if event is None:
            return
        place = _place(event, lines)
        match event:
            case events.DocumentStartEvent():
                yield Token("document", place)
            case events.AliasEvent():
                yield Token("alias", place, str(event.anchor))
            case events.ScalarEvent():
                plain, block = event.style is None, _block(event, text, lines) if event.style == "|" else ()
                token = Token("scalar", place, event.value, plain=plain, block=block)
                yield replace(token, anchor=event.anchor, tagged=event.tag is not None)
            case events.CollectionStartEvent():
                kind: Literal["list", "mapping"] = "list" if isinstance(event, events.SequenceStartEvent) else "mapping"
                token = Token(kind, place, in_brackets=bool(event.flow_style))
                yield replace(token, anchor=event.anchor, tagged=event.tag is not None)
            case events.CollectionEndEvent():
                yield Token("end", place)


def _place(event: events.Event, lines: list[str]) -> Place:
    """The event's text; of one that is longer than a line, or that others will end, the rest of its first line."""
    start, end = event.start_mark, event.end_mark
    assert start is not None and end is not None
    whole = start.line == end.line and not isinstance(event, events.CollectionStartEvent)
    end_column = end.column if whole else len(lines[start.line].rstrip())
    return Place(start.line + 1, start.column + 1, max(0, end_column - start.column))


def _block(event: events.ScalarEvent, text: str, lines: list[str]) -> tuple[Place, ...]:
    """The lines of a text block; an anchor and line ends may stand before its ``|``."""
    start = event.start_mark
    assert start is not None
    first = start.line + 1 + text.count("\n", start.index, text.index("|", start.index))
    number = event.value.rstrip("\n").count("\n") + 1
    numbered = enumerate(lines[first : first + number], start=first + 1)
    return tuple(Place(line, len(text) - len(text.lstrip()) + 1, len(text.strip())) for line, text in numbered)


def _syntax_problem(error: yaml.MarkedYAMLError) -> Problem:
    known = syntax_message(error.context or "", error.problem or "")
    mark = error.context_mark if known.at_start and error.context_mark else error.problem_mark
    first_line = error.context_mark.line + 1 if error.context_mark else 0
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    return Problem((), known.message.format(first_line=first_line), known.hint, line, column)
