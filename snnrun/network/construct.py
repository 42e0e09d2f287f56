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
from snnrun.inputs.base import InputModel
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.compose import Composition, compose, snapshot_interval
from snnrun.network.ends import ends_of
from snnrun.network.population import StimulusOf
from snnrun.network.projection import projection_of
from snnrun.network.seeds import stream
from snnrun.quantities import Values
from snnrun.results.recording import SynapseTable
from snnrun.spec.experiment import Experiment
from snnrun.stimuli.stimulus import Events
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

    Synapses that the experiment wants to keep are found in ``synapses`` after all fillings have been taken, the source
    and target neurons of those whose weights are recorded in ``observed``, stimuli in ``waveforms``.
    """

    def __init__(self, experiment: Experiment, composition: Composition) -> None:
        self.experiment = experiment
        self.composition = composition
        self.seed = experiment.simulation.seed
        self.synapses: dict[str, SynapseTable] = {}
        self.observed: dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}
        self.waveforms: dict[str, NDArray[np.float64]] = {}

    def fillings(self) -> Iterator[Filling]:
        """The content of every slot of the run, drawn as it is asked for: one projection is in memory at a time."""
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        slots = self.composition.blueprint.slots
        for slot in slots:
            if slot.kind == "synapses":
                yield from self._projection(projections[slot.owner], [s for s in slots if s.owner == slot.owner])
            elif slot.owner not in projections and slot.kind in ("value", "waveform"):
                yield Filling(slot, self._population_arrays(slot))

    def trial_fillings(self, trial: int) -> Iterator[Filling]:
        """The start values and the outside spikes of one trial, counted from 0."""
        # The first trial is the run that there would be without others.
        own = ("trial", str(trial)) if trial else ()
        for slot in self.composition.blueprint.slots:
            if slot.kind == "initial":
                assert slot.size is not None
                random = stream(self.seed, *own, "values", slot.name)
                yield Filling(slot, (_numbers(self.composition.values[slot.name], slot.size, random),))
            elif slot.kind == "events":
                yield Filling(slot, tuple(self._events(slot, own)))

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
        source = self.composition.stimuli[slot.name]
        if source.section == "populations":
            return (self._waveform(source),)
        if source.name not in self.waveforms:
            self.waveforms[source.name] = self._waveform(source)
        return (self.waveforms[source.name],)

    def _waveform(self, source: StimulusOf) -> NDArray[np.float64]:
        """A stimulus over the whole run, in each phase as the phase says."""
        pieces = []
        for (start, stop), stage in self._stages():
            random = stream(self.seed, *_stream_of(source))
            waveform = source.within(stage).waveform(stage.n_ticks, stage.simulation.dt.value, random)
            assert waveform is not None
            pieces.append(waveform[start:stop])
        return np.concatenate(pieces)

    def _events(self, slot: Slot, trial: tuple[str, ...]) -> Events:
        """The outside spikes of a trial, in each phase as the phase says; at the neurons of the slot's population."""
        source = self.composition.stimuli[slot.name]
        pieces = []
        for (start, stop), stage in self._stages():
            stimulus, section = source.within(stage), stage.populations[slot.owner]
            random = stream(self.seed, *(trial if stimulus.drawn_anew() else ()), *_stream_of(source), slot.owner)
            part = np.arange(section.size, dtype=np.int32)
            if isinstance(stimulus, InputModel):
                part = stimulus.part(section.size, section.names)
            events = stimulus.events(len(part), stage.n_ticks, stage.simulation.dt.value, random)
            assert events is not None
            within = slice(*np.searchsorted(events.ticks, (start, stop)))
            pieces.append((events.ticks[within], part[events.node_ids[within]]))
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
            if slot.kind == "snapshots":
                yield Filling(slot, self._snapshots(blueprint, connections))
                continue
            drawn[slot.variable] = values = self._synapse_values(slot, connections)
            if slot.variable == "delay":
                # Programs keep a place for each step of the longest delay; after the run, nothing arrives anyhow.
                values = np.minimum(values, self.experiment.n_ticks * self.experiment.simulation.dt.value)
            yield Filling(slot, (values,))
        if name in self.experiment.record.synapses:
            self.synapses[f"{name}/{blueprint.source}/{blueprint.target}"] = SynapseTable(
                source=blueprint.source,
                target=blueprint.target,
                source_ids=connections.source_ids,
                target_ids=connections.target_ids,
                weight=drawn["weight"],
                delay=drawn.get("delay", np.zeros(1)),  # electrical synapses have none
                weight_unit=str(self.composition.values[f"{blueprint.name}.weight"].dimension),
            )

    def _snapshots(self, blueprint: ProjectionBlueprint, connections: Connections) -> tuple[Array, Array]:
        """After how many steps a snapshot follows another, and the synapses whose weights are in it, in order."""
        name = projection_of(blueprint.name)
        wanted = self.experiment.record.weights[name].synapses
        chosen = np.arange(connections.n, dtype=np.int32)
        if not isinstance(wanted, str) and wanted < connections.n:
            random = stream(self.seed, "observed", name, blueprint.target)
            chosen = np.sort(random.choice(connections.n, wanted, replace=False)).astype(np.int32)
        self.observed[blueprint.name] = connections.source_ids[chosen], connections.target_ids[chosen]
        return np.array([snapshot_interval(self.experiment, name)], dtype=np.int64), chosen

    def _synapse_values(self, slot: Slot, connections: Connections) -> Array:
        from_rule = {"weight": connections.weight, "delay": connections.delay}.get(slot.variable)
        if from_rule is not None and slot.size is None:  # a file without any synapse brings no values
            return from_rule
        values = self.composition.values[slot.name]
        if isinstance(values, OfDistance):
            return values.at(self._distances(slot.owner, connections))
        size = connections.n if slot.size is None else slot.size
        return _numbers(values, size, stream(self.seed, "values", slot.name))

    def _distances(self, synapses: str, connections: Connections) -> NDArray[np.float64]:
        """Distance of the neurons of each synapse in metres; shape (n,)."""
        (blueprint,) = (p for p in self.composition.blueprint.projections if p.name == synapses)
        ends = ends_of(self.experiment.populations, blueprint.source, blueprint.target, self.seed)
        return ends.distances(connections)


def _stream_of(source: StimulusOf) -> tuple[str, str]:
    return ("stimulus" if source.section == "inputs" else "source"), source.name


def _numbers(values: Values, size: int, random: np.random.Generator) -> NDArray[np.float64]:
    if isinstance(values, Quantity):
        return np.full(size, values.value)
    assert not isinstance(values, OfDistance), "only synapses have a distance"
    drawn = values.draw(random, size) if isinstance(values, Distribution) else values.values
    return np.ascontiguousarray(drawn, dtype=np.float64)
