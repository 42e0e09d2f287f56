"""Resolves thousands of experiments that differ in few values: what they have in common is read once."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from snnrun.quantities import Scope, to_plain
from snnrun.spec.experiment import Experiment, json_mapping, json_text, resolved_phase
from snnrun.spec.overrides import PARAMETERS, override_data
from snnrun.spec.parameters import evaluate_parameters
from snnrun.spec.receptors import name_receptors
from snnrun.spec.sections import VIEW, PhaseSection
from snnrun.units import Quantity

# What is measured is no part of the run, but of the point.
_FIELDS: Final = {
    name: field
    for name, field in Experiment.model_fields.items()
    if name == "analysis" or name not in {PARAMETERS, *VIEW}
}
# Types of the sections, and of the entries of those that hold named ones.
_ENTRIES: Final = {
    name: get_args(field.annotation)[1] for name, field in _FIELDS.items() if get_origin(field.annotation) is dict
}
_WHOLE: Final[dict[str, Any]] = {
    name: Annotated[field.annotation, field] for name, field in _FIELDS.items() if name not in _ENTRIES
}
_PHASES: Final = "phases"
_WORD: Final = re.compile(r"[A-Za-z_]\w*")
# A grid comes back to the same values, a random design never does: what it leaves behind must not fill the memory.
_MAX_REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Resolved:
    """An experiment with every value written out.

    Parameters
    ----------
    plain
        Its sections as plain data, without those that only show it.
    texts
        The same as JSON.
    """

    plain: dict[str, Any]
    texts: dict[str, str]


class Resolver:
    """Resolves variants of one experiment, exactly as reading each as a whole would.

    An entry of a section is read again only when something stands in it, or in a parameter that it mentions, that
    never stood there before. What other sections say about it is not checked.

    Parameters
    ----------
    data
        The experiment as plain data. Variants share with it what they leave as it is, as those of `override_data` do.
    folder
        Holds its data files.
    """

    def __init__(self, data: dict[str, Any], folder: Path | None) -> None:
        self._data = data
        self._named = name_receptors(data)
        self._parameters = _Parameters(_mapping(data.get(PARAMETERS)))
        self._folder = folder
        self._parts: dict[tuple[str, ...], _Part] = {}

    def resolve(self, data: dict[str, Any]) -> Resolved | None:
        """A variant of the experiment; None if one of its parts cannot be read."""
        try:
            values = self._parameters.evaluate(_mapping(data.get(PARAMETERS)))
            return self._resolved(data, values)
        except _UnreadableError:
            return None

    def _resolved(self, data: dict[str, Any], values: _Values) -> Resolved:
        named = self._with_receptors(data)
        plain: dict[str, Any] = {PARAMETERS: values.plain}
        texts = {PARAMETERS: values.text}
        phases: dict[str, PhaseSection] = {}
        for section, kind in _WHOLE.items():
            whole = self._read((section,), kind, named.get(section, _ABSENT), values)
            if whole.plain is not None:
                plain[section], texts[section] = whole.plain, whole.text
        for section, kind in _ENTRIES.items():
            entries = _mapping(named.get(section, _ABSENT))
            parts = {name: self._read((section, name), kind, raw, values) for name, raw in entries.items()}
            plain[section] = {name: part.plain for name, part in parts.items()}
            texts[section] = json_mapping({name: part.text for name, part in parts.items()})
            if section == _PHASES:
                phases = {name: part.value for name, part in parts.items()}
        if phases:
            plain[_PHASES] = self._resolved_phases(data, phases, plain)
            texts[_PHASES] = json_text(plain[_PHASES])
        return Resolved(plain, texts)

    def _resolved_phases(
        self, data: dict[str, Any], phases: Mapping[str, PhaseSection], plain: dict[str, Any]
    ) -> dict[str, Any]:
        """Each phase with what is other in it: it is the experiment without phases, and with other values."""
        alone = {key: value for key, value in data.items() if key != _PHASES}
        resolved = {}
        for name, phase in phases.items():
            changed, dead_ends = override_data(alone, phase.parameters, phase.settings)
            if dead_ends:
                raise _UnreadableError
            stage = self._resolved(changed, self._parameters.evaluate(_mapping(changed.get(PARAMETERS))))
            resolved[name] = resolved_phase(phase, plain, stage.plain)
        return resolved

    def _with_receptors(self, data: dict[str, Any]) -> dict[str, Any]:
        sections = ("projections", "inputs")
        if all(data.get(section) is self._data.get(section) for section in sections):
            return {**data, **{section: self._named[section] for section in sections if section in data}}
        return name_receptors(data)

    def _read(self, path: tuple[str, ...], kind: Any, raw: Any, values: _Values) -> _Reading:
        part = self._parts.get(path)
        if part is None:
            part = self._parts[path] = _Part(kind, raw)
        return part.read(raw, values, self._folder)


class _UnreadableError(Exception):
    """A part of an experiment is not what it must be; what exactly is for `load` to say."""


class _Absent:
    """Stands for a section that a file does not have."""


_ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class _Reading:
    value: Any
    plain: Any
    text: str


@dataclass(frozen=True, slots=True)
class _Values:
    """The parameters of a variant, and the texts of those that are, or may be, other than in the experiment."""

    quantities: Mapping[str, Quantity]
    plain: dict[str, str]
    text: str
    changed: Mapping[str, str]


class _Part:
    """One entry of a section, or a section that has none."""

    def __init__(self, kind: Any, raw: Any) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)
        self._raw = raw
        self._words = frozenset(_words(raw))
        self._readings: dict[Hashable, _Reading | None] = {}

    def read(self, raw: Any, values: _Values, folder: Path | None) -> _Reading:
        written, words = "", self._words
        if raw is not self._raw:
            written, words = json_text(raw), frozenset(_words(raw))
        # Every word counts that is the name of a parameter, also where it means something else.
        mentioned = sorted(words & values.changed.keys())
        key = (written, *mentioned, *(values.changed[name] for name in mentioned))
        if key not in self._readings:
            _remember(self._readings, key, self._new(raw, Scope(values.quantities, folder)))
        reading = self._readings[key]
        if reading is None:
            raise _UnreadableError
        return reading

    def _new(self, raw: Any, scope: Scope) -> _Reading | None:
        try:
            value = self._value(raw, scope)
        except ValidationError:
            return None
        plain = self._adapter.dump_python(value, mode="json", by_alias=True, exclude_none=True)
        return _Reading(value, plain, json_text(plain))

    def _value(self, raw: Any, scope: Scope) -> Any:
        if raw is _ABSENT:
            default = self._adapter.get_default_value()
            if default is None:
                raise _UnreadableError
            return default.value
        return self._adapter.validate_python(raw, context=scope)


class _Parameters:
    """The parameters of the experiment, of which variants change some."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw
        self._quantities, _ = evaluate_parameters(raw)
        self._plain = {name: str(value) for name, value in self._quantities.items()}
        self._users = {name: {user for user in raw if name in _words(raw[user])} for name in raw}
        self._known: dict[Hashable, _Values | None] = {}

    def evaluate(self, raw: dict[str, Any]) -> _Values:
        changed = {name for name in raw.keys() | self._raw.keys() if raw.get(name) is not self._raw.get(name)}
        key = tuple((name, repr(raw.get(name))) for name in sorted(changed))
        if key not in self._known:
            _remember(self._known, key, self._new(raw, changed))
        values = self._known[key]
        if values is None:
            raise _UnreadableError
        return values

    def _new(self, raw: dict[str, Any], changed: set[str]) -> _Values | None:
        affected = self._affected(changed)
        unchanged = {name: value for name, value in self._quantities.items() if name not in affected}
        quantities, problems = evaluate_parameters({name: raw[name] for name in raw if name in affected}, unchanged)
        if problems or quantities.keys() != raw.keys():
            return None
        new = {name: to_plain(quantities[name]) for name in raw if name in affected}
        plain = {**self._plain, **new} if raw.keys() == self._raw.keys() else {n: str(q) for n, q in quantities.items()}
        return _Values(quantities, plain, json_text(plain), new)

    def _affected(self, changed: set[str]) -> set[str]:
        """Names with all that use them, and all that use those."""
        affected: set[str] = set()
        coming = set(changed)
        while coming:
            affected |= coming
            coming = {user for name in coming for user in self._users.get(name, ())} - affected
        return affected


def _mapping(raw: Any) -> dict[str, Any]:
    if raw is _ABSENT or raw is None:
        return {}
    if not isinstance(raw, dict):
        raise _UnreadableError
    return raw


def _words(raw: Any) -> Iterator[str]:
    """All that could be a name in the texts of plain data."""
    if isinstance(raw, str):
        yield from _WORD.findall(raw)
    elif isinstance(raw, dict | list):
        for item in raw.values() if isinstance(raw, dict) else raw:
            yield from _words(item)


def _remember(known: dict[Hashable, Any], key: Hashable, value: Any) -> None:
    if len(known) >= _MAX_REMEMBERED:
        known.clear()
    known[key] = value
