"""Entries and sections as text for people."""

from __future__ import annotations

from snnrun.datafiles import ArrayFile, TableFile
from snnrun.entry import Entry, Strict
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.registry import ROOMS
from snnrun.units import Quantity


def with_parameters(entry: Entry) -> str:
    """An entry by its name, as ``fixed_indegree (k = 100, autapses = false)``."""
    name = next(str(getattr(entry, key)) for key in ROOMS.values() if key in type(entry).model_fields)
    parameters = _listed(entry)
    return f"{name} ({parameters})" if parameters else name


def parameters_of(section: Strict) -> dict[str, str]:
    """The fields of an entry or a section as text for people, without its name, its targets and what is not given."""
    unsaid = {*ROOMS.values(), "targets"}
    values = {name: getattr(section, name) for name in type(section).model_fields}
    return {
        name: _text(value)
        for name, value in values.items()
        # The course of an input is an entry; that of the entry itself is its name.
        if value is not None and (name not in unsaid or isinstance(value, Entry))
    }


def _listed(section: Strict) -> str:
    return ", ".join(f"{name} = {text}" for name, text in parameters_of(section).items())


def _text(value: object) -> str:
    match value:
        case Quantity() | Distribution() | ArrayFile() | OfDistance():
            return value.pretty()
        case bool():
            return str(value).lower()
        case Entry():
            return with_parameters(value)
        case Strict():
            return f"({_listed(value)})"
        case TableFile():
            return value.file
        case tuple():
            return f"[{', '.join(map(_text, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {_text(item)}' for key, item in value.items())}}}"
    return str(value)
