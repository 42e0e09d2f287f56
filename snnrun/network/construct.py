"""Draws the numbers of a network: synapses, per-neuron values, stimuli, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections
from snnrun.inputs.base import Events
from snnrun.language.distributions import Distribution
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.compose import Composition, compose
from snnrun.network.ends import ends_of
from snnrun.network.projection import projection_of
from snnrun.network.seeds import stream
from snnrun.quantities import Values
from snnrun.results.recording import SynapseTable
from snnrun.spec.experiment import Experiment
from snnrun.units import Quantity

Array = NDArray[Any]


@dataclass(frozen=True)
class Filling:
    """What goes into one slot of the program: one array, or two (sources and targets, ticks and neurons)."""

    slot: Slot
    arrays: tuple[Array, ...]


@dataclass(frozen=True)
class Change:
    """A slot that is filled anew while the program runs.

    Parameters
    ----------
    tick
        The step before which it happens.
    position
        Place of the slot among those of kind ``value``, counted from 0.
    draw
        Gives the new content.
    """

    tick: int
    position: int
    draw: Callable[[], Filling]


class Construction:
    """The numbers of one network, drawn from the master seed of its experiment.

    Synapses that the experiment wants to keep are found in ``synapses`` after all fillings have been taken, stimuli in
    ``waveforms``.
    """

    def __init__(self, experiment: Experiment, composition: Composition) -> None:
        self.experiment = experiment
        self.composition = composition
        self.seed = experiment.simulation.seed
        self.synapses: dict[str, SynapseTable] = {}
        self.waveforms: dict[str, NDArray[np.float64]] = {}

    def fillings(self) -> Iterator[Filling]:
        """The content of every slot of the run, drawn as it is asked for: one projection is in memory at a time."""
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        slots = self.composition.blueprint.slots
        for slot in slots:
            if slot.kind == "synapses":
                yield from self._projection(projections[slot.owner], [s for s in slots if s.owner == slot.owner])
            elif slot.owner not in projections and slot.kind != "initial":
                yield Filling(slot, self._population_arrays(slot))

    def trial_fillings(self, trial: int) -> Iterator[Filling]:
        """The start values of one trial, counted from 0."""
        # The first trial is the run that there would be without others.
        own = ("trial", str(trial)) if trial else ()
        for slot in self.composition.blueprint.slots:
            if slot.kind == "initial":
                assert slot.size is not None
                random = stream(self.seed, *own, "values", slot.name)
                yield Filling(slot, (_numbers(self.composition.values[slot.name], slot.size, random),))

    def changes(self) -> Iterator[Change]:
        """What the phases of the experiment change, in the order of time."""
        slots = [slot for slot in self.composition.blueprint.slots if slot.kind == "value"]
        stages = [(tick, Construction(one, compose(one))) for tick, one in self.experiment.timeline]
        for (_, before), (tick, after) in pairwise(stages):
            for position, slot in enumerate(slots):
                if before.composition.values[slot.name] != after.composition.values[slot.name]:
                    yield Change(tick, position, partial(after._value, slot))

    def _value(self, slot: Slot) -> Filling:
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        if slot.owner in projections:
            connections = self._connections(projections[slot.owner])
            return Filling(slot, (self._synapse_values(slot, connections),))
        return Filling(slot, self._population_arrays(slot))

    def _population_arrays(self, slot: Slot) -> tuple[Array, ...]:
        if slot.kind == "value":
            assert slot.size is not None
            values = self.composition.values[slot.name]
            return (_numbers(values, slot.size, stream(self.seed, "values", slot.name)),)
        name = self.composition.stimuli[slot.name]
        if slot.kind == "waveform":
            if name not in self.waveforms:
                self.waveforms[name] = self._waveform(name)
            return (self.waveforms[name],)
        return tuple(self._events(name, slot.owner))

    def _waveform(self, name: str) -> NDArray[np.float64]:
        """A stimulus over the whole run, in each phase as the phase says."""
        pieces = []
        for (start, stop), stage in self._stages():
            random = stream(self.seed, "stimulus", name)
            waveform = stage.inputs[name].waveform(stage.n_ticks, stage.simulation.dt.value, random)
            assert waveform is not None
            pieces.append(waveform[start:stop])
        return np.concatenate(pieces)

    def _events(self, name: str, population: str) -> Events:
        pieces = []
        for (start, stop), stage in self._stages():
            events = stage.inputs[name].events(stage.populations[population].size, stage.simulation.dt.value)
            assert events is not None
            within = slice(*np.searchsorted(events.ticks, (start, stop)))
            pieces.append((events.ticks[within], events.node_ids[within]))
        ticks, node_ids = zip(*pieces, strict=True)
        return Events(np.concatenate(ticks), np.concatenate(node_ids))

    def _stages(self) -> Iterator[tuple[tuple[int, int], Experiment]]:
        """First step, step after the last, and the experiment as it is in between."""
        starts = [tick for tick, _ in self.experiment.timeline]
        for bounds, (_, stage) in zip(
            pairwise([*starts, self.experiment.n_ticks]), self.experiment.timeline, strict=True
        ):
            yield bounds, stage

    def _connections(self, blueprint: ProjectionBlueprint) -> Connections:
        name = projection_of(blueprint.name)
        return self.experiment.projections[name].connectivity.connect(
            ends_of(self.experiment.populations, blueprint.source, blueprint.target, self.seed),
            stream(self.seed, "connectivity", name, blueprint.target),
        )

    def _projection(self, blueprint: ProjectionBlueprint, slots: list[Slot]) -> Iterator[Filling]:
        name = projection_of(blueprint.name)
        connections = self._connections(blueprint)
        drawn: dict[str, Array] = {}
        for slot in slots:
            if slot.kind == "synapses":
                yield Filling(slot, (connections.source_ids, connections.target_ids))
                continue
            drawn[slot.variable] = self._synapse_values(slot, connections)
            yield Filling(slot, (drawn[slot.variable],))
        if name in self.experiment.record.synapses:
            self.synapses[f"{name}/{blueprint.source}/{blueprint.target}"] = SynapseTable(
                source=blueprint.source,
                target=blueprint.target,
                source_ids=connections.source_ids,
                target_ids=connections.target_ids,
                weight=drawn["weight"],
                delay=drawn["delay"],
                weight_unit=str(self.composition.values[f"{blueprint.name}.weight"].dimension),
            )

    def _synapse_values(self, slot: Slot, connections: Connections) -> Array:
        from_rule = {"weight": connections.weight, "delay": connections.delay}.get(slot.variable)
        if from_rule is not None and slot.size is None:  # a file without any synapse brings no values
            return from_rule
        size = connections.n if slot.size is None else slot.size
        return _numbers(self.composition.values[slot.name], size, stream(self.seed, "values", slot.name))


def _numbers(values: Values, size: int, random: np.random.Generator) -> NDArray[np.float64]:
    if isinstance(values, Quantity):
        return np.full(size, values.value)
    drawn = values.draw(random, size) if isinstance(values, Distribution) else values.values
    return np.ascontiguousarray(drawn, dtype=np.float64)
