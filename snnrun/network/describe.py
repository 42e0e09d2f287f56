"""What an experiment will build, as plain data for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from snnrun.network.blueprint import PopulationBlueprint, ProjectionBlueprint
from snnrun.network.compose import compose
from snnrun.network.ends import ends_of
from snnrun.network.estimate import Estimate, estimate
from snnrun.network.population import compose_population
from snnrun.network.projection import projection_of
from snnrun.network.text import parameters_of, with_parameters
from snnrun.registry import entry_name
from snnrun.spec.experiment import Experiment


@dataclass(frozen=True)
class PopulationDescription:
    """A population with everything that arrives at it.

    Parameters
    ----------
    equations
        With the terms of synapses and inputs, one a line, with units.
    updates
        Statements of inputs, executed once each time step.
    parameters
        Values in the units of the field, by the names that the equations use.
    initial
        Start values of state variables, other than zero.
    recorded
        What is recorded of it, as a sentence; empty for nothing.
    positions, labels
        Where its neurons are and what they are called, as phrases; empty for nowhere and nothing.
    """

    name: str
    size: int
    type: str
    model: str
    method: str
    equations: tuple[str, ...]
    updates: tuple[str, ...]
    threshold: str
    reset: str
    refractory: str
    parameters: Mapping[str, str]
    initial: Mapping[str, str]
    recorded: str
    positions: str
    labels: str


@dataclass(frozen=True)
class ProjectionDescription:
    """The synapses of one projection onto one of its targets.

    Parameters
    ----------
    rule
        The connectivity rule with its parameters.
    synapses
        Expected number.
    indegree
        Expected mean number of synapses of a target neuron.
    delay
        Empty where spikes do nothing.
    always
        What flows into the target at any moment; empty for synapses that act by spikes.
    on_pre, on_post
        What a spike of the source and of the target does.
    """

    name: str
    source: str
    target: str
    synapse: str
    rule: str
    synapses: float
    indegree: float
    weight: str
    delay: str
    always: str
    on_pre: str
    on_post: str


@dataclass(frozen=True)
class InputDescription:
    """What drives some populations."""

    name: str
    model: str
    targets: tuple[str, ...]
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class PhaseDescription:
    """A part of the run with some other values, by parameter or key path, as they are written."""

    name: str
    start: str
    changes: Mapping[str, str]


@dataclass(frozen=True)
class Description:
    """An experiment at a glance.

    Parameters
    ----------
    engine, engine_remark
        The engine that will run, and why it is not the one that `simulation` names; empty if it is.
    metrics, figures
        By name; empty for the standard set.
    """

    title: str
    run_id: str
    populations: tuple[PopulationDescription, ...]
    projections: tuple[ProjectionDescription, ...]
    inputs: tuple[InputDescription, ...]
    simulation: Mapping[str, str]
    engine: str
    engine_remark: str
    phases: tuple[PhaseDescription, ...]
    metrics: tuple[str, ...]
    figures: tuple[str, ...]
    neurons: int
    estimate: Estimate


def describe(experiment: Experiment) -> Description:
    """What a checked experiment will build; nothing is drawn or compiled."""
    composition = compose(experiment)
    blueprint = composition.blueprint
    needs = estimate(experiment)
    return Description(
        title=experiment.title,
        run_id=experiment.run_id,
        populations=tuple(_population(p, experiment) for p in blueprint.populations),
        projections=tuple(_projection(p, experiment, needs.synapses[p.name]) for p in blueprint.projections),
        inputs=tuple(
            InputDescription(name, entry_name(type(source), "inputs"), tuple(source.targets), parameters_of(source))
            for name, source in experiment.inputs.items()
        ),
        simulation=parameters_of(experiment.simulation),
        engine=blueprint.engine,
        engine_remark=composition.engine_remark,
        phases=tuple(
            PhaseDescription(
                name,
                phase.start.pretty(),
                {name: str(value) for name, value in {**phase.parameters, **phase.settings}.items()},
            )
            for name, phase in experiment.phases_in_time
        ),
        metrics=tuple(entry_name(type(metric), "metrics") for metric in experiment.analysis or ()),
        figures=tuple(entry_name(type(figure), "figures") for figure in experiment.figures or ()),
        neurons=sum(section.size for section in experiment.populations.values()),
        estimate=needs,
    )


def _population(blueprint: PopulationBlueprint, experiment: Experiment) -> PopulationDescription:
    section = experiment.populations[blueprint.name]
    parts = compose_population(blueprint.name, section, experiment.projections, experiment.inputs)
    return PopulationDescription(
        name=blueprint.name,
        size=blueprint.size,
        type=section.type or "",
        model=entry_name(type(section.neuron), "neurons"),
        method=blueprint.method,
        equations=tuple(equation.text() for equation in parts.finish()),
        updates=tuple(update.code for update in blueprint.updates),
        threshold=blueprint.threshold,
        reset=blueprint.reset,
        refractory=blueprint.refractory,
        parameters={name: value.pretty() for name, value in parts.values.items()},
        initial=dict(blueprint.initial) | {name: value.pretty() for name, value in parts.initial_values.items()},
        recorded=_recorded(blueprint),
        positions=section.positions.pretty(section.size) if section.positions is not None else "",
        labels=section.labels.pretty() if section.labels is not None else "",
    )


def _recorded(blueprint: PopulationBlueprint) -> str:
    kinds = []
    if blueprint.spikes:
        kinds.append(f"spikes of {_of(blueprint.spikes, blueprint.size)}")
    if blueprint.trace:
        variables, every = ", ".join(blueprint.trace.variables), blueprint.trace.every
        steps = "every step" if every == 1 else f"every {every} steps"
        kinds.append(f"{variables} of {_of(len(blueprint.trace.node_ids), blueprint.size)}, {steps}")
    return "; ".join(kinds)


def _of(recorded: int, size: int) -> str:
    return "all neurons" if recorded == size else f"{recorded} of {size} neurons"


def _projection(blueprint: ProjectionBlueprint, experiment: Experiment, synapses: float) -> ProjectionDescription:
    section = experiment.projections[projection_of(blueprint.name)]
    synapse, rule = section.synapse, section.connectivity
    ends = ends_of(experiment.populations, blueprint.source, blueprint.target, experiment.simulation.seed)
    return ProjectionDescription(
        name=projection_of(blueprint.name),
        source=blueprint.source,
        target=blueprint.target,
        synapse=entry_name(type(synapse), "synapses"),
        rule=with_parameters(rule),
        synapses=synapses,
        indegree=synapses / experiment.populations[blueprint.target].size,
        weight=(rule.weights(ends) or synapse.weight_value()).pretty(),
        delay=(rule.delays(ends) or synapse.delay).pretty() if blueprint.on_pre else "",
        always=synapse.kinetics().coupling,
        on_pre=blueprint.on_pre,
        on_post=blueprint.on_post,
    )
