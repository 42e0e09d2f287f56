"""Problems as the user sees them: where, the line itself, what is wrong, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from snnrun.errors import Problem, SpecError
from snnrun.spec.document import Document
from snnrun.spec.source_map import Place

LINE_WIDTH: Final = 100
# How much of a long line is kept before the caret.
_LEAD: Final = 30
_WORD: Final = re.compile(r"[^\s,\[\]{}]+?(?=:?([\s,\[\]{}]|$))")

_Finding = tuple[Problem, Place]


def spec_error(problems: Sequence[Problem], document: Document) -> SpecError:
    """The error that carries the problems, in the order of the file, and shows them."""
    findings = _in_order(problems, document)
    return SpecError([_placed(problem, place) for problem, place in findings], render(problems, document))


def _placed(problem: Problem, place: Place) -> Problem:
    """The problem with the line and column at which it is shown, if that is in the file."""
    if place.option is not None or not place.width:
        return problem
    return replace(problem, line=place.line, column=place.column)


def render(problems: Sequence[Problem], document: Document) -> str:
    """All problems with their lines, in the order of the file, those of the command line last.

    What stands in one place and is used in several, through aliases, is shown once.
    """
    return joined(paragraphs(problems, document), document)


def paragraphs(problems: Sequence[Problem], document: Document) -> list[str]:
    """What `render` says about each problem."""
    groups: dict[tuple[object, ...], list[_Finding]] = {}
    for problem, place in _in_order(problems, document):
        groups.setdefault(_identity(problem, place), []).append((problem, place))
    return [_shown(group, document) for group in groups.values()]


def joined(shown: Sequence[str], document: Document) -> str:
    """The report that consists of these paragraphs."""
    count = f"{len(shown)} problem{'' if len(shown) == 1 else 's'} in {document.name}"
    return "\n\n".join([*shown, count])


def _in_order(problems: Sequence[Problem], document: Document) -> list[_Finding]:
    findings = [(problem, _place(problem, document)) for problem in problems]
    return sorted(findings, key=lambda finding: _rank(finding[1]))


def _rank(place: Place) -> tuple[bool, str, int, int, int]:
    return place.option is not None, place.option or "", place.line, place.column, place.via or 0


def _place(problem: Problem, document: Document) -> Place:
    """The problem's own line and column where it has them, else those of its key."""
    key, value = document.places.locate(problem.path), document.places.value_place(problem.path)
    if problem.line is None:
        return key
    for known in (key, value):
        if known.width and (known.line, known.column) == (problem.line, problem.column):
            return known
    # Lines of the file say nothing about a value that a command-line option has replaced.
    if key.option is not None:
        return value
    return _word_at(problem.line, problem.column, document).through(value.via)


def _word_at(line: int, column: int | None, document: Document) -> Place:
    lines = document.text.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    if column is None:
        return Place(line, len(text) - len(text.lstrip()) + 1, max(1, len(text.strip())))
    word = _WORD.match(text, column - 1)
    return Place(line, column, len(word[0]) if word else 1)


def _identity(problem: Problem, place: Place) -> tuple[object, ...]:
    """Equal for findings that are one and the same to the user."""
    # Aliases lead to one place by different paths, which end in the same key.
    path = problem.path[-1:] if place.width else problem.path
    return replace(place, via=None), problem.message, problem.hint, path


def _shown(group: list[_Finding], document: Document) -> str:
    (problem, place), *others = group
    lines = [_headline(problem, place, document)]
    if place.width:
        lines += _excerpt(place, document)
    lines += [f"  {line}" for line in _sentences(problem).splitlines()]
    if place.via is not None:
        lines.append(f"  It is used through the alias on line {place.via}.")
    for other, other_place in others:
        if other_place.via is not None:
            lines.append(f"  The same for {other.key}, through the alias on line {other_place.via}.")
    return "\n".join(_printable(line) for line in lines)


def _headline(problem: Problem, place: Place, document: Document) -> str:
    where = document.name
    if place.option is not None:
        where = place.option.partition("=")[0]
    elif place.width:
        where += f":{place.line}:{place.column}"
    # '--set simulation.duration' has said the key already.
    key = "" if where.endswith(f" {problem.key}") else problem.key
    return f"{where}  {key}".rstrip()


def _sentences(problem: Problem) -> str:
    if not problem.hint:
        return problem.message
    end = "" if problem.message.endswith((".", "?", "!", ":")) else "."
    return f"{problem.message}{end} {problem.hint}"


def _excerpt(place: Place, document: Document) -> list[str]:
    if place.option is not None:
        label, text = "", place.option
    else:
        lines = document.text.split("\n")
        label, text = str(place.line), lines[place.line - 1] if place.line <= len(lines) else ""
    begin = max(0, min(place.column - 1 - _LEAD, len(text) - LINE_WIDTH))
    shown = text[begin : begin + LINE_WIDTH]
    if begin > 0:
        shown = "…" + shown[1:]
    if begin + LINE_WIDTH < len(text):
        shown = shown[:-1] + "…"
    indent = place.column - 1 - begin
    carets = "^" * max(1, min(place.width, len(shown) - indent))
    return [f"{label:>5} │ {shown}", f"{'':>5} │ {' ' * indent}{carets}"]


def _printable(line: str) -> str:
    """Nothing that a terminal would obey, and one column for each character so that the caret is right."""
    return "".join(
        char if char.isprintable() else " " if char.isspace() else "\N{REPLACEMENT CHARACTER}" for char in line
    )
