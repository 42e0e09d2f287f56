"""Blueprint → Brian objects.

Every text that Brian sees here was parsed, checked and written out anew by `snnrun.language`; every name in it is
resolved from an explicit namespace, never from this frame (Brian looks into the caller's frame otherwise).
"""

from __future__ import annotations

import re
from typing import Any

import brian2
import numpy as np
from brian2 import Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses
from brian2.units.fundamentalunits import get_or_create_dimension

from snnrun.network.blueprint import Blueprint, PopulationBlueprint, ProjectionBlueprint, TraceBlueprint
from snnrun.units import Dimension, is_unit, unit

_WORD = re.compile(r"[A-Za-z]\w*")


class BrianObjects:
    """The network in Brian's terms, with its objects by the names of the blueprint.

    What Brian derives from the name of an object begins with one '_'. No name of the user ends in it or holds two, so
    with '_' at its end ``population_a_`` and all that comes from it differs from ``population_a_stateupdater_``.
    """

    def __init__(self, blueprint: Blueprint, spikes_by_brian: bool) -> None:
        self.blueprint = blueprint
        self.clock = brian2.defaultclock
        self.clock.dt = blueprint.dt * brian2.second
        self.populations = {p.name: _neuron_group(p) for p in blueprint.populations}
        self.projections = {p.name: _synapses(p, self.populations, _types(p, blueprint)) for p in blueprint.projections}
        recorded = blueprint.populations if spikes_by_brian else ()
        self.spikes = {p.name: _spikes(p, self.populations[p.name]) for p in recorded if p.spikes}
        self.counts = {p.name: _counts(p, self.populations[p.name]) for p in recorded if p.threshold}
        self.traces = {
            p.name: _traces(p, self.populations[p.name], blueprint.dt) for p in blueprint.populations if p.trace
        }

    @property
    def network(self) -> Network:
        groups = (self.populations, self.projections, self.spikes, self.counts, self.traces)
        return Network(*(item for group in groups for item in group.values()))

    def set_initial_values(self) -> None:
        """Start values that follow from other values; the program computes them after it has read its input."""
        for population in self.blueprint.populations:
            group = self.populations[population.name]
            for variable, expression in population.initial:
                getattr(group, variable).set_item(slice(None), expression, namespace=unit_namespace(expression))

    def blueprint_trace(self, population: str) -> TraceBlueprint:
        trace = next(p.trace for p in self.blueprint.populations if p.name == population)
        assert trace is not None
        return trace

    def owner(self, name: str) -> NeuronGroup | Synapses:
        return self.populations[name] if name in self.populations else self.projections[name]


def _neuron_group(population: PopulationBlueprint) -> NeuronGroup:
    texts = (population.equations, population.threshold, population.reset, population.refractory)
    group = NeuronGroup(
        population.size,
        population.equations,
        threshold=population.threshold or None,
        reset=population.reset or None,
        refractory=population.refractory or False,
        method=population.method,
        namespace=unit_namespace(*texts, *(update.code for update in population.updates)),
        name=f"population_{population.name}_",
    )
    for order, update in enumerate(population.updates):
        group.run_regularly(
            update.code, when=update.when, order=order, name=f"update_{population.name}__{update.name}_"
        )
    return group


def _types(projection: ProjectionBlueprint, blueprint: Blueprint) -> dict[str, type]:
    """Variables of the synapses that are stored in another precision than all others."""
    slots = [slot for slot in blueprint.slots if slot.owner == projection.name and slot.size is None]
    single = blueprint.weight_precision == "single" and any(slot.variable == "weight" for slot in slots)
    return {"weight": np.float32} if single else {}


def _synapses(projection: ProjectionBlueprint, populations: dict[str, NeuronGroup], types: dict[str, type]) -> Synapses:
    synapses = Synapses(
        populations[projection.source],
        populations[projection.target],
        projection.equations,
        on_pre=projection.on_pre or None,
        on_post=projection.on_post or None,
        method=projection.method,
        delay=dict.fromkeys(_pathways_of_one_delay(projection), 0 * brian2.second),
        dtype=types,
        namespace=unit_namespace(projection.equations, projection.on_pre, projection.on_post),
        name=f"projection_{projection.name}_",
    )
    for updater in synapses.summed_updaters.values():
        # Before the traces are recorded; Brian would sum after them, and traces show the sum of the step before.
        updater.when, updater.order = "start", -1
    # The pairs of neurons come from the input file of the program; Brian only asks whether there will be any.
    synapses._connect_called = True
    return synapses


def _pathways_of_one_delay(projection: ProjectionBlueprint) -> list[str]:
    """Spikes of the target have no delay; without being told, Brian keeps a number for each synapse."""
    pathways = ["pre"] if projection.on_pre and not projection.varied_delay else []
    return [*pathways, "post"] if projection.on_post else pathways


def _spikes(population: PopulationBlueprint, group: NeuronGroup) -> SpikeMonitor:
    recorded = group if population.spikes == population.size else group[: population.spikes]
    return SpikeMonitor(recorded, name=f"spikes_{population.name}_")


def _counts(population: PopulationBlueprint, group: NeuronGroup) -> SpikeMonitor:
    return SpikeMonitor(group, record=False, name=f"count_{population.name}_")


def _traces(population: PopulationBlueprint, group: NeuronGroup, dt: float) -> StateMonitor:
    trace = population.trace
    assert trace is not None
    return StateMonitor(
        group,
        list(trace.variables),
        record=list(trace.node_ids),
        dt=trace.every * dt * brian2.second if trace.every > 1 else None,
        order=len(population.updates),  # after the updates: a current is recorded as it acts in this step
        name=f"traces_{population.name}_",
    )


def unit_namespace(*texts: str) -> dict[str, Any]:
    """The units that texts mention, and nothing else."""
    words = {word for text in texts for word in _WORD.findall(text)}
    return {word: _brian_quantity(word) for word in words if is_unit(word)}


def _brian_quantity(unit_name: str) -> brian2.Quantity:
    quantity = unit(unit_name)
    return brian2.Quantity(quantity.value, dim=_brian_dimension(quantity.dimension))


def _brian_dimension(dimension: Dimension) -> Any:
    # Brian's base dimensions are ours and the candela.
    return get_or_create_dimension([float(exponent) for exponent in dimension.exponents] + [0.0])
