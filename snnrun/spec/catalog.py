"""The catalog as data: what each entry means, and how it is written."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import Discriminator
from pydantic.fields import FieldInfo

from snnrun.entry import Entry, Reference
from snnrun.errors import SpecError, UserError, suggestion
from snnrun.language.distributions import Distribution
from snnrun.neurons.base import NeuronModel
from snnrun.plasticity.base import PlasticityRule
from snnrun.quantities import QuantityType
from snnrun.registry import ROOMS, OneOf, entries
from snnrun.spec.entries import read_entry
from snnrun.spec.reader import parse_value
from snnrun.synapses.base import SynapseModel
from snnrun.units import Quantity, unit


@dataclass(frozen=True)
class ParameterDescription:
    """One key of an entry.

    Parameters
    ----------
    kind
        Its unit, or what else may stand there.
    default
        As one would write it; None where there is none, empty where nothing is the default.
    meaning
        A sentence.
    """

    name: str
    kind: str
    default: str | None
    meaning: str


@dataclass(frozen=True)
class EntryDescription:
    """One entry of the catalog.

    Parameters
    ----------
    equations
        Its equations, one a line, for neurons and synapses.
    example
        How it is written in a file.
    """

    room: str
    name: str
    summary: str
    explanation: str
    parameters: tuple[ParameterDescription, ...]
    equations: tuple[str, ...]
    references: tuple[Reference, ...]
    example: str


def catalog() -> dict[str, dict[str, str]]:
    """One line about every entry, by room and name."""
    return {room: {name: entry.summary() for name, entry in entries(room).items()} for room in ROOMS}


def describe_entries(name: str) -> list[EntryDescription]:
    """All entries of a name; some rooms have one of the same, such as the metric and the figure ``psd``.

    Raises
    ------
    UserError
        If there is none.
    """
    found = [_describe(room, name, entries(room)[name]) for room in ROOMS if name in entries(room)]
    if not found:
        known = sorted({known for room in ROOMS for known in entries(room)})
        raise UserError(f"There is no entry {name!r} in the catalog. {suggestion(name, known)}")
    return found


def _describe(room: str, name: str, entry: type[Entry]) -> EntryDescription:
    return EntryDescription(
        room=room,
        name=name,
        summary=entry.summary(),
        explanation=inspect.getdoc(entry) or "",
        parameters=tuple(_parameters(entry, ROOMS[room])),
        equations=tuple(_equations(room, entry)),
        references=entry.references,
        example=example(room, entry),
    )


def example(room: str, entry: type[Entry]) -> str:
    """How an entry is written: its own example, else its name and the defaults."""
    if entry.example:
        return entry.example
    defaults = {key: _default(field) for key, field in entry.model_fields.items() if key != ROOMS[room]}
    written = "".join(f", {key}: {text}" for key, text in defaults.items() if text)
    return f"{{{ROOMS[room]}: {entry.model_fields[ROOMS[room]].default}{written}}}"


def _parameters(entry: type[Entry], own_key: str) -> Iterator[ParameterDescription]:
    meanings = {name: " ".join(text.split()) for name, text in entry.meanings().items()}
    for name, field in entry.model_fields.items():
        if name != own_key:
            yield ParameterDescription(field.alias or name, _kind(field), _default(field), meanings.get(name, ""))


def _default(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    match field.default:
        case None:
            return ""
        case Quantity() as value:
            return _written(value, _quantity_type(field))
        case Distribution() as value:
            return value.pretty()
        case bool() as value:
            return str(value).lower()
        case () | {}:
            return ""
        case tuple() as values:
            return f"[{', '.join(map(str, values))}]"
    return str(field.default)


def _written(value: Quantity, kind: QuantityType | None) -> str:
    """A value in the unit of its field: a rate of channels in 1/ms rather than Hz."""
    if kind is None or kind.unit in (None, "1"):
        return value.pretty()
    number = f"{value.value / unit(kind.unit).value:g}"
    return f"{number}{kind.unit[1:]}" if kind.unit.startswith("1/") else f"{number} {kind.unit}"


def _kind(field: FieldInfo) -> str:
    marks = [*field.metadata, *_marks(field.annotation)]
    room = next((mark.room for mark in marks if isinstance(mark, OneOf)), None)
    if room is not None:
        return room.removesuffix("s")
    if any(isinstance(mark, Discriminator) for mark in marks):
        return "whole number, or list"
    quantity = _quantity_type(field)
    if quantity is not None:
        number = "whole number" if quantity.integer else "number"
        shown = {None: "any unit", "1": number}.get(quantity.unit, quantity.unit or "")
        return f"{shown}, may vary" if quantity.varied else shown
    options = [option for part in _parts(field.annotation) if get_origin(part) is Literal for option in get_args(part)]
    if options:
        return " | ".join(map(str, options))
    if bool in _parts(field.annotation):
        return "true | false"
    return "population(s)" if field.alias == "to" else ""


def _quantity_type(field: FieldInfo) -> QuantityType | None:
    marks = [*field.metadata, *_marks(field.annotation)]
    return next((mark for mark in marks if isinstance(mark, QuantityType)), None)


def _parts(annotation: Any) -> list[Any]:
    """A type, or the alternatives of a union."""
    return [annotation] if get_origin(annotation) is Literal or not get_args(annotation) else [*get_args(annotation)]


def _marks(annotation: Any) -> list[Any]:
    return [mark for part in get_args(annotation) for mark in (*getattr(part, "__metadata__", ()), *_marks(part))]


def _equations(room: str, entry: type[Entry]) -> Iterator[str]:
    if room not in ("neurons", "synapses", "plasticity"):
        return
    try:
        instance = read_entry(room, parse_value(example(room, entry)), "example")
    except SpecError:
        return
    if isinstance(instance, NeuronModel):
        dynamics = instance.dynamics()
        yield from dynamics.equations.strip().splitlines()
        for name in ("threshold", "reset", "refractory"):
            if text := getattr(dynamics, name):
                yield f"{name}: {'; '.join(text.strip().splitlines())}"
    elif isinstance(instance, SynapseModel):
        kinetics = instance.kinetics()
        yield from kinetics.equations.strip().splitlines()
        if kinetics.current:
            yield f"current: {kinetics.current}"
        yield from kinetics.state.strip().splitlines()
        if kinetics.coupling:
            yield f"at any moment: {kinetics.summed} is the sum of {kinetics.coupling}"
        else:
            yield f"at a spike: {kinetics.on_pre or f'{kinetics.increment} += weight'}"
        if kinetics.on_post:
            yield f"at a spike of the target: {kinetics.on_post}"
    elif isinstance(instance, PlasticityRule):
        changes = instance.changes()
        yield from changes.state.splitlines()
        at_spike = [*changes.before.splitlines(), f"transmit {changes.transmitted}", *changes.after.splitlines()]
        yield f"at a spike: {'; '.join(at_spike)}"
        if changes.on_post:
            yield f"at a spike of the target: {'; '.join(changes.on_post.splitlines())}"
