"""Composes a network: the blueprint of an experiment, and the values that fill its slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snnrun.inputs.part import chosen
from snnrun.language.equations import parse_condition, parse_statements
from snnrun.network.blueprint import Blueprint, PopulationBlueprint, Slot, TraceBlueprint
from snnrun.network.declarations import declaration, is_varied
from snnrun.network.engine import with_engine
from snnrun.network.integration import choose_method
from snnrun.network.population import PopulationParts, StimulusOf, compose_population
from snnrun.network.projection import compose_projection
from snnrun.quantities import Values
from snnrun.spec.experiment import Experiment


@dataclass(frozen=True)
class Composition:
    """The blueprint of a network, and what fills its slots of kind ``value`` and ``delay``.

    Parameters
    ----------
    values
        By the name of the slot; a slot that is not here belongs to the synapses or to a stimulus.
    stimuli
        The input or population behind each slot that follows a stimulus, by the name of the slot.
    units
        SI unit of each variable that can be recorded, by population and variable.
    engine_remark
        Why another engine runs than the one asked for; empty if none does.
    """

    blueprint: Blueprint
    values: Mapping[str, Values]
    stimuli: Mapping[str, StimulusOf]
    units: Mapping[str, Mapping[str, str]]
    engine_remark: str


def compose(experiment: Experiment) -> Composition:
    """The blueprint of a checked experiment and the values of its parameters."""
    parts = {
        name: compose_population(name, section, experiment.projections, experiment.inputs)
        for name, section in experiment.populations.items()
    }
    values: dict[str, Values] = {}
    slots: list[Slot] = []
    for part in parts.values():
        own_slots, own_values = _population_slots(part)
        slots += own_slots
        values |= own_values
    projections = []
    for name, section in experiment.projections.items():
        for target in section.targets:
            projection, own_slots, own_values = compose_projection(name, section, target)
            projections.append(projection)
            slots += own_slots
            if name in experiment.record.weights:
                slots.append(Slot(projection.name, "weight", "snapshots"))
            values |= own_values
    populations = tuple(_population(part, experiment) for part in parts.values())
    simulation = experiment.simulation
    blueprint, remark = with_engine(
        Blueprint(
            dt=simulation.dt.value,
            populations=populations,
            projections=tuple(projections),
            slots=tuple(slots),
            engine=simulation.engine,
            math=simulation.math,
            arch=simulation.arch,
            weight_precision=simulation.weight_precision,
        )
    )
    return Composition(
        blueprint,
        values,
        stimuli={slot.name: source for part in parts.values() for slot, source in part.stimuli.items()},
        units={
            name: {variable: str(equation.dimension) for variable, equation in part.variables.items()}
            for name, part in parts.items()
        },
        engine_remark=remark,
    )


def _population(parts: PopulationParts, experiment: Experiment) -> PopulationBlueprint:
    section, dynamics = parts.section, parts.section.neuron.dynamics()
    equations = parts.finish()
    state = tuple(equation.name for equation in equations if equation.kind == "differential")
    declared = [declaration(name, value, is_varied(value)) for name, value in parts.values.items()]
    return PopulationBlueprint(
        name=parts.name,
        size=section.size,
        equations="\n".join([*(equation.text() for equation in equations), *declared]),
        method=choose_method(section.neuron.method, dynamics.method, equations, parts.values),
        threshold=parse_condition(dynamics.threshold) if dynamics.threshold else "",
        reset="\n".join(statement.text() for statement in parse_statements(dynamics.reset)),
        refractory=parse_condition(dynamics.refractory) if dynamics.refractory else "",
        state=state,
        initial=tuple(
            (variable, parse_condition(expression))
            for variable, expression in dynamics.initial.items()
            if variable not in parts.initial_values
        ),
        updates=tuple(parts.updates),
        spikes=recorded_neurons(experiment, parts.name) if dynamics.threshold else 0,
        trace=_trace(experiment, parts.name),
    )


def recorded_neurons(experiment: Experiment, population: str) -> int:
    """How many neurons of a population have their spikes recorded."""
    size, spikes = experiment.populations[population].size, experiment.record.spikes
    if spikes is None:
        return size
    wanted = spikes.get(population)
    if wanted is None:
        return 0
    return size if isinstance(wanted, str) else wanted.neurons


def snapshot_interval(experiment: Experiment, projection: str) -> int:
    """Time steps between two snapshots of the recorded weights of a projection."""
    every = experiment.record.weights[projection].every
    return experiment.n_ticks if every is None else round(every.value / experiment.simulation.dt.value)


def _trace(experiment: Experiment, population: str) -> TraceBlueprint | None:
    wanted = experiment.record.traces.get(population)
    if wanted is None:
        return None
    every = 1 if wanted.every is None else round(wanted.every.value / experiment.simulation.dt.value)
    neurons, section = wanted.neurons, experiment.populations[population]
    if not isinstance(neurons, int):
        neurons = tuple(map(int, chosen(neurons, section.size, section.names)))
    return TraceBlueprint(tuple(wanted.variables), neurons, every)


def _population_slots(parts: PopulationParts) -> tuple[list[Slot], dict[str, Values]]:
    size = parts.section.size
    slots = {Slot(parts.name, name, "value", size if is_varied(v) else 1): v for name, v in parts.values.items()}
    shared = {equation.name for equation in parts.equations if "shared" in equation.flags}
    slots |= {
        Slot(parts.name, name, "initial", 1 if name in shared else size): value
        for name, value in parts.initial_values.items()
    }
    return [*slots, *parts.stimuli], {slot.name: value for slot, value in slots.items()}
