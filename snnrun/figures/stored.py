"""What the experiment stored in a recording says: neurons and constant currents of a population, rules and synapses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from snnrun.connectivity.base import ConnectivityRule
from snnrun.entry import Entry
from snnrun.inputs.base import InputModel
from snnrun.inputs.constant_current import ConstantCurrent
from snnrun.language.distributions import Distribution
from snnrun.neurons.base import NeuronModel
from snnrun.quantities import Scope, Values
from snnrun.registry import ROOMS, entry_named, validate
from snnrun.results.recording import FloatArray, Recording
from snnrun.synapses.base import SynapseModel
from snnrun.units import Quantity


def neuron_of(recording: Recording, population: str) -> NeuronModel | None:
    """The neuron model of a population; None where the recording does not say, or not all that it needs.

    Values from files are not in a recording.
    """
    stored = _mapping(_mapping(recording.spec_resolved, "populations"), population)
    found = _entry("neurons", _mapping(stored, "neuron"))
    return found if isinstance(found, NeuronModel) else None


def rule_of(recording: Recording, projection: str) -> ConnectivityRule | None:
    """The rule that connected a projection; None where the recording does not say, or not all that it needs."""
    stored = _mapping(_mapping(recording.spec_resolved, "projections"), projection)
    found = _entry("connectivity", _mapping(stored, "connectivity"))
    return found if isinstance(found, ConnectivityRule) else None


def synapse_of(recording: Recording, projection: str) -> SynapseModel | None:
    """The synapse model of a projection; None likewise."""
    stored = _mapping(_mapping(recording.spec_resolved, "projections"), projection)
    found = _entry("synapses", _mapping(stored, "synapse"))
    return found if isinstance(found, SynapseModel) else None


def projections_to(recording: Recording, population: str) -> list[tuple[str, str]]:
    """Name and source of each projection onto a population."""
    return [
        (name, str(stored.get("from")))
        for name, stored in _mapping(recording.spec_resolved, "projections").items()
        if isinstance(stored, Mapping) and population in stored.get("to", ())
    ]


def constant_currents(recording: Recording, population: str, since: float = 0.0) -> dict[str, Values | None]:
    """Amplitude of each constant current into a population, by name of the input.

    None where it stands in a file, or is not for all neurons at all times after ``since``, in seconds.
    """
    found: dict[str, Values | None] = {}
    for name, stored in _inputs_to(recording, population):
        if stored.get(ROOMS["inputs"]) == ConstantCurrent.model_fields["model"].default:
            entry = _entry("inputs", stored)
            found[name] = None
            if not isinstance(entry, ConstantCurrent) or (entry.neurons, entry.stop) != (None, None):
                continue
            if entry.start is None or entry.start.value <= since:
                found[name] = entry.amplitude
    return found


def only_constant_currents(recording: Recording, population: str) -> bool:
    """Whether nothing but constant currents arrives at a population."""
    projections = _mapping(recording.spec_resolved, "projections").values()
    if any(population in projection.get("to", ()) for projection in projections if isinstance(projection, Mapping)):
        return False
    return len(list(_inputs_to(recording, population))) == len(constant_currents(recording, population))


def repeated_current(recording: Recording, population: str, neuron: int) -> FloatArray | None:
    """What flows into a neuron in each time step of every trial alike: its constant and frozen currents together.

    Returns
    -------
    shape (n_ticks,)
        Ampere; None where there is no such current, or the recording does not say all about them.
    """
    seen = recording.populations[population]
    currents = []
    for name, stored in _inputs_to(recording, population):
        entry = _entry("inputs", stored)
        if not isinstance(entry, InputModel):
            return None
        plain, waveform = entry.contribution(), recording.inputs.get(name)
        # The waveform of a constant current is when it flows.
        held = np.ones(recording.n_ticks) if waveform is None else waveform
        if isinstance(entry, ConstantCurrent):
            amplitude = per_neuron(entry.amplitude, seen.size)
            if amplitude is None:
                return None
            held = amplitude[neuron] * held
        elif waveform is None or plain.waveform != plain.current:
            continue
        if entry.neurons is None or neuron in entry.part(seen.size, seen.labels):
            currents.append(held)
    return np.sum(currents, axis=0) if currents else None


def per_neuron(value: Values | None, size: int) -> FloatArray | None:
    """A value for each neuron of a population of that size, in SI units; None where it was drawn or stands in a file.

    Returns
    -------
    shape (size,)
    """
    if isinstance(value, Quantity):
        return np.full(size, value.value)
    if isinstance(value, Distribution) and value.name == "linspace":
        return value.draw(np.random.default_rng(), size)  # equally spaced, nothing is random
    return None


def _inputs_to(recording: Recording, population: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    key = InputModel.model_fields["targets"].alias or "targets"
    for name, stored in _mapping(recording.spec_resolved, "inputs").items():
        if isinstance(stored, Mapping) and population in stored.get(key, ()):
            yield name, stored


def _entry(room: str, stored: Mapping[str, Any]) -> Entry | None:
    entry = entry_named(room, str(stored.get(ROOMS[room])))
    try:
        return validate(entry, stored, Scope()) if entry else None
    except ValidationError:
        return None


def _mapping(stored: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A part of the stored experiment; empty where a recording made elsewhere has none."""
    found = stored.get(key)
    return found if isinstance(found, Mapping) else {}
