"""From words of the command line to the section ``sweep``: ``g=3:8:11 eta=0.9,1,2 seeds=5 design=sobol points=64``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from snnrun.designs.axis import is_steps
from snnrun.errors import KeyPath, Problem, SpecError
from snnrun.quantities import Scope
from snnrun.registry import entries, entry_named
from snnrun.spec.document import Document
from snnrun.spec.experiment import Experiment
from snnrun.spec.messages import problem_of
from snnrun.spec.parameters import evaluate_parameters
from snnrun.spec.reader import parse_value
from snnrun.spec.report import spec_error
from snnrun.spec.source_map import Place, Span
from snnrun.spec.sweep import SweepSection, sweep_problems

_SECTION: Final = "sweep"
_AXES: Final = "axes"
_DESIGN: Final = "design"
_CHOICES: Final = ("seeds", "keep", "collect")
_SEED: Final = "seed"
_BRACKETS: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def section_of(words: Sequence[str], document: Document, folder: Path | None) -> SweepSection:
    """What to sweep: what the file says, with what the words say in its place.

    Parameters
    ----------
    words
        Axes, such as ``g=3:8:11``; keys of the section, such as ``seeds=5``; keys of the design, such as ``points=64``.
        Where they name an axis, neither the axes nor the design of the file count.
    document
        The experiment file, with the values that all points share.
    folder
        Folder of the experiment, below which its data files lie.

    Raises
    ------
    SpecError
        With every problem that was found, those of the words shown in the words.
    """
    document = _reworded([_Word.read(text) for text in words], document)
    raw_parameters = document.data.get("parameters")
    parameters, _ = evaluate_parameters(raw_parameters if isinstance(raw_parameters, dict) else {})
    try:
        section = SweepSection.model_validate(document.data[_SECTION], context=Scope(parameters, folder))
    except ValidationError as error:
        details = error.errors()
        for detail in details:
            detail["loc"] = (_SECTION, *detail["loc"])
        raise spec_error([problem_of(detail, Experiment, document) for detail in details], document) from None
    problems = list(sweep_problems(section, document.data))
    if problems:
        raise spec_error(problems, document)
    return section


@dataclass(frozen=True)
class _Word:
    """One word, as typed."""

    text: str
    name: str
    value: Any

    @classmethod
    def read(cls, text: str) -> _Word:
        name, _, value = text.partition("=")
        if not name.strip() or not value.strip():
            hint = "Write 'name=values' without blanks, such as g=3:8:11 or seeds=5, or in quotes: 'delay=1 ms,2 ms'."
            raise SpecError([Problem((), f"'{text}' gives no values.", hint)])
        values = [_value(item, name.strip()) for item in split_values(value)]
        return cls(text, name.strip(), values[0] if len(values) == 1 else values)

    def span(self) -> Span:
        """Where key and value stand in the word."""
        name, _, value = self.text.partition("=")
        return Span(
            key=Place(1, 1, len(name), option=self.text),
            value=Place(1, len(name) + 2, len(value), option=self.text),
        )


def split_values(text: str) -> list[str]:
    """The values between commas; a comma in brackets or quotes parts nothing."""
    values, depth, quote = [""], 0, ""
    for char in text:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and not values[-1].strip():
            quote = char
        depth += 0 if quote else _BRACKETS.get(char, 0)
        if char == "," and not depth and not quote:
            values.append("")
        else:
            values[-1] += char
    return [value.strip() for value in values]


def _value(text: str, name: str) -> Any:
    return text if is_steps(text) else parse_value(text, name)


def _reworded(words: Sequence[_Word], document: Document) -> Document:
    """The document with the section that the words make."""
    raw = document.data.get(_SECTION)
    section: dict[str, Any] = dict(raw) if isinstance(raw, dict) else {}
    typed = next((word.value for word in words if word.name == _DESIGN), None)
    design = _described(section.get(_DESIGN, "grid") if typed is None else typed)
    paths = _paths(words, design, document)
    keys = {path[-1] for path in paths.values() if path[1:-1] == (_DESIGN,)}
    axes = {word.name: word.value for word in words if paths[word.text][1:-1] == (_AXES,)}
    if axes or design.get(_DESIGN) == "list":
        section[_AXES] = axes
    if axes and not keys and typed is None:
        section.pop(_DESIGN, None)
    else:
        section[_DESIGN] = {**design, **{word.name: word.value for word in words if word.name in keys}}
    section |= {word.name: word.value for word in words if word.name in _CHOICES}
    places = document.places
    # What stands below a path is forgotten when the path is, so short ones first.
    for word in sorted(words, key=lambda word: len(paths[word.text])):
        places = places.overridden(paths[word.text], word.span())
    return replace(document, data={**document.data, _SECTION: section}, places=places)


def _described(design: Any) -> dict[str, Any]:
    return dict(design) if isinstance(design, dict) else {_DESIGN: design}


def _paths(words: Sequence[_Word], design: Mapping[str, Any], document: Document) -> dict[str, KeyPath]:
    """What each word sets, by its text.

    Raises
    ------
    SpecError
        If two set the same, or one belongs to another design.
    """
    name = design.get(_DESIGN)
    entry = entry_named("designs", name) if isinstance(name, str) else None
    keys = set(entry.model_fields) - {_DESIGN} if entry is not None else set()
    paths: dict[str, KeyPath] = {}
    for word in words:
        if word.name in (_DESIGN, *_CHOICES):
            path: KeyPath = (_SECTION, word.name)
        else:
            path = (_SECTION, _DESIGN if word.name in keys else _AXES, word.name)
        if path in paths.values():
            hint = "Write all its values with commas between."
            raise SpecError([Problem((), f"'{word.name}' is given twice.", hint)])
        is_parameter = word.name in (document.data.get("parameters") or ())
        if path[1] == _AXES and entry is not None and word.name.isidentifier() and not is_parameter:
            _refuse_key_of_other_design(word, name)
        paths[word.text] = path
    return paths


def _refuse_key_of_other_design(word: _Word, design: Any) -> None:
    """Tell who gives, say, a number of points without a design that has one."""
    having = [name for name, entry in entries("designs").items() if word.name in entry.model_fields]
    if having:
        hint = f"Choose one that has: {', '.join(f'design={name}' for name in having)}."
        if word.name == _SEED:
            hint = f"Seeds of the simulations are 'seeds', as in seeds=1,2,3. {hint}"
        raise SpecError([Problem((), f"'{word.text}': the design {design} has no {word.name!r}.", hint)])
