"""Draws the numbers of a network: synapses, per-neuron values, stimuli, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections
from snnrun.language.distributions import Distribution
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.compose import Composition
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
        """The content of every slot, drawn as it is asked for: one projection is in memory at a time."""
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        slots = self.composition.blueprint.slots
        for slot in slots:
            if slot.kind == "synapses":
                yield from self._projection(projections[slot.owner], [s for s in slots if s.owner == slot.owner])
            elif slot.owner not in projections:
                yield Filling(slot, self._population_arrays(slot))

    def _population_arrays(self, slot: Slot) -> tuple[Array, ...]:
        if slot.kind == "value":
            assert slot.size is not None
            values = self.composition.values[slot.name]
            return (_numbers(values, slot.size, stream(self.seed, "values", slot.name)),)
        name = self.composition.stimuli[slot.name]
        source, simulation = self.experiment.inputs[name], self.experiment.simulation
        if slot.kind == "waveform":
            if name not in self.waveforms:
                random = stream(self.seed, "stimulus", name)
                waveform = source.waveform(self.experiment.n_ticks, simulation.dt.value, random)
                assert waveform is not None
                self.waveforms[name] = waveform
            return (self.waveforms[name],)
        events = source.events(self.experiment.populations[slot.owner].size, simulation.dt.value)
        assert events is not None
        return events.ticks, events.node_ids

    def _projection(self, blueprint: ProjectionBlueprint, slots: list[Slot]) -> Iterator[Filling]:
        name = projection_of(blueprint.name)
        rule = self.experiment.projections[name].connectivity
        populations = self.experiment.populations
        connections = rule.connect(
            ends_of(populations, blueprint.source, blueprint.target),
            stream(self.seed, "connectivity", name, blueprint.target),
        )
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
