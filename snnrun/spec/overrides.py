"""``-p g=4.5`` and ``--set simulation.duration='5 s'``: single values replaced after the file has been read.

Phases of an experiment replace values in the same way; what they say stands in the file.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from snnrun.errors import KeyPath, Problem, SpecError, suggestion
from snnrun.spec.document import Document
from snnrun.spec.reader import parse_value
from snnrun.spec.report import spec_error
from snnrun.spec.source_map import Place, Span

PARAMETERS: Final = "parameters"
# Under which key of a phase stands what an option would say.
_PHASE_KEYS: Final = {"-p": PARAMETERS, "--set": "set"}
_STEP: Final = re.compile(r"(?P<key>[^.\[\]]+)|\[(?P<index>[0-9]{1,9})\]")
_PATH: Final = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[[0-9]{1,9}\])*")


def parse_assignment(text: str, option: str = "-p") -> tuple[str, Any]:
    """Split ``g=4.5`` into the name and the value, which is read as YAML.

    Parameters
    ----------
    text
        What follows the option on the command line.
    option
        The option, for messages.

    Raises
    ------
    SpecError
        If there is no name, no ``=``, or no YAML after it.
    """
    name, equals, value = text.partition("=")
    name = name.strip()
    if not name or not equals:
        hint = f"Write '{option} name=value'."
        raise SpecError([Problem((), f"'{option} {text}' gives no value.", hint)])
    return name, parse_value(value, f"{option} {name}")


def written_assignment(name: str, value: Any) -> str:
    """The text that `parse_assignment` reads so: ``g=4.5``."""
    text = f"{name}={_shown(value)}"
    if isinstance(value, str) and not _reads(text, value):
        return f"{name}={json.dumps(value, ensure_ascii=False)}"
    return text


def _reads(text: str, value: str) -> bool:
    try:
        return bool(parse_assignment(text)[1] == value)
    except SpecError:
        return False


def parse_path(text: str) -> KeyPath:
    """``inputs.x.to[0]`` as a key path, the way messages write it.

    Raises
    ------
    SpecError
        If it is not such a path.
    """
    if not _PATH.fullmatch(text):
        hint = "Write keys with dots and items of lists by number: 'inputs.noise.to[0]'."
        raise SpecError([Problem((), f"'{text}' is not a key path.", hint)])
    return tuple(step["key"] or int(step["index"]) for step in _STEP.finditer(text))


def apply_overrides(document: Document, parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> Document:
    """The document with other values; the one given stays as it is.

    Parameters
    ----------
    parameters
        New values of existing entries of ``parameters``, by name.
    settings
        New values of any other entries, by dotted path. The last key may be new to its mapping: whether it means
        anything is for validation to say.

    Raises
    ------
    SpecError
        With all names and paths that lead nowhere. Their places, and those of the new values in what is found wrong
        later, are in the options as typed on the command line.
    """
    changed, problems = _applied(document, parameters, settings, _Override.span)
    if problems:
        raise spec_error(problems, changed)
    return changed


def apply_phase(
    document: Document, name: str, parameters: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[Document, list[Problem]]:
    """The document as it is in a phase, and what of the phase leads nowhere.

    Parameters
    ----------
    parameters, settings
        The new values of the phase, as in `apply_overrides`. Their places are in the file.
    """

    def span(override: _Override) -> Span:
        path = ("phases", name, _PHASE_KEYS[override.option], override.name)
        return Span(document.places.locate(path), document.places.value_place(path))

    changed, problems = _applied(document, parameters, settings, span)
    # What is no path at all has no place but that of the whole.
    return changed, [
        problem if problem.path else replace(problem, path=("phases", name, "set")) for problem in problems
    ]


def apply_point(
    document: Document, parameters: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[Document, list[Problem]]:
    """The document as it is at a point of a sweep, and what of the point leads nowhere.

    Places of the new values read ``at g=4.5``.
    """
    return _applied(document, parameters, settings, lambda override: override.span("at"))


def override_data(
    data: dict[str, Any], parameters: Mapping[str, Any], settings: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """As `apply_overrides`, for the data alone, and with what leads nowhere.

    What no value leads into is the very object that was given.
    """
    overrides, problems = _overrides(parameters, settings)
    data, dead_ends = _put(data, overrides)
    return data, [*problems, *dead_ends]


def _applied(
    document: Document,
    parameters: Mapping[str, Any],
    settings: Mapping[str, Any],
    span_of: Callable[[_Override], Span],
) -> tuple[Document, list[Problem]]:
    overrides, problems = _overrides(parameters, settings)
    data, dead_ends = _put(document.data, overrides)
    places = document.places
    for override in overrides:
        places = places.overridden(override.path, span_of(override))
    return replace(document, data=data, places=places), [*problems, *dead_ends]


def _overrides(parameters: Mapping[str, Any], settings: Mapping[str, Any]) -> tuple[list[_Override], list[Problem]]:
    problems: list[Problem] = []
    # Parameters last: '--set parameters={…}' replaces them all, '-p' one of these.
    return [*_settings(settings, problems), *_parameters(parameters)], problems


def _put(data: dict[str, Any], overrides: Sequence[_Override]) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    for override in overrides:
        problem = override.dead_end(data)
        if problem:
            problems.append(problem)
        else:
            data = _replaced(data, override.path, override.value)
    return data, problems


@dataclass(frozen=True)
class _Override:
    """One option: as typed, and what it means."""

    option: str
    name: str
    path: KeyPath
    value: Any

    def dead_end(self, data: dict[str, Any]) -> Problem | None:
        """Why the path leads nowhere, if it does."""
        if self.option == "-p":
            return _unknown_parameter(self.path, data)
        return broken_path(self.path, data)

    def span(self, word: str = "") -> Span:
        """Where key and value stand in the option, or after another word."""
        word = word or self.option
        shown = shlex.quote(_shown(self.value))
        written = f"{word} {self.name}={shown}"
        name_column = len(word) + 2
        value_column = name_column + len(self.name) + 1
        return Span(
            key=Place(1, name_column, len(self.name), option=written),
            value=Place(1, value_column, len(shown), option=written),
        )


def _parameters(values: Mapping[str, Any]) -> list[_Override]:
    return [_Override("-p", name, (PARAMETERS, name), value) for name, value in values.items()]


def _settings(values: Mapping[str, Any], problems: list[Problem]) -> list[_Override]:
    overrides = []
    for name, value in values.items():
        try:
            overrides.append(_Override("--set", name, parse_path(name), value))
        except SpecError as error:
            problems += error.problems
    return overrides


def _unknown_parameter(path: KeyPath, data: dict[str, Any]) -> Problem | None:
    known = data.get(PARAMETERS)
    if not isinstance(known, dict) or not known:
        return Problem(path, "This experiment has no parameters.", "Change other values with '--set key.path=value'.")
    if path[-1] in known:
        return None
    return Problem(path, f"There is no parameter '{path[-1]}'.", suggestion(path[-1], list(known)))


def broken_path(path: KeyPath, data: Mapping[str, Any]) -> Problem | None:
    """Why a key path leads nowhere, if it does; its last key may be new to its mapping."""
    node: Any = data
    for depth, step in enumerate(path):
        parent = f"'{Problem(path[:depth], '').key}'" if depth else "The experiment"
        is_last = depth == len(path) - 1
        if isinstance(node, dict) and isinstance(step, str):
            if step not in node and not is_last:
                return Problem(path, f"{parent} has no '{step}'.", suggestion(step, list(node)) if node else "")
        elif isinstance(node, list) and isinstance(step, int):
            if step >= len(node):
                return Problem(path, f"{parent} has {len(node)} items, counted from 0.")
        elif isinstance(node, list):
            return Problem(path, f"{parent} is a list.", f"Name one of its {len(node)} items by a number: [0].")
        elif isinstance(node, dict):
            return Problem(path, f"{parent} is not a list.", suggestion(step, list(node)) if node else "")
        else:
            return Problem(path, f"{parent} holds a single value; nothing stands below it.", "Set it as a whole.")
        if not is_last:
            node = node[step]
    return None


def _replaced(node: Any, path: KeyPath, value: Any) -> Any:
    """The tree with one value changed; what is not on the way is not copied."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(node, dict):
        return {**node, step: _replaced(node.get(step), rest, value)}
    assert isinstance(step, int)
    return [*node[:step], _replaced(node[step], rest, value), *node[step + 1 :]]


def _shown(value: Any) -> str:
    """The value as one would type it; JSON is YAML."""
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
