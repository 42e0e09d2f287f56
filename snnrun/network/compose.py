"""Composes the equations of a network: each population's own, plus what synapses and inputs add to it.

Synapses that share a receptor share its state: ``dg/dt`` of a conductance synapse becomes ``dg_exc/dt`` of the target,
once, however many projections raise it. The names that a synapse or input brings end in the name of its receptor or of
the input.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from snnrun.inputs.base import TARGET, InputModel
from snnrun.language.equations import Equation, names_in, parse_condition, parse_equations, parse_statements
from snnrun.language.linearity import is_linear
from snnrun.language.model_units import brian_unit
from snnrun.language.syntax import rename
from snnrun.network.blueprint import (
    Blueprint,
    PopulationBlueprint,
    ProjectionBlueprint,
    Slot,
    SlotKind,
    TraceBlueprint,
    Update,
)
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import Values
from snnrun.spec.experiment import Experiment
from snnrun.spec.sections import PopulationSection, ProjectionSection
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import Quantity, unit


@dataclass(frozen=True)
class Composition:
    """The blueprint of a network, and what fills its slots of kind ``value``.

    Parameters
    ----------
    values
        By the name of the slot; a slot that is not here belongs to the synapses or to a stimulus.
    stimuli
        Name of the input behind each slot that follows a stimulus, by the name of the slot.
    units
        SI unit of each variable that can be recorded, by population and variable.
    """

    blueprint: Blueprint
    values: Mapping[str, Values]
    stimuli: Mapping[str, str]
    units: Mapping[str, Mapping[str, str]]


@dataclass
class PopulationParts:
    """A population while it is put together."""

    name: str
    section: PopulationSection
    equations: list[Equation] = field(default_factory=list)
    values: dict[str, Values] = field(default_factory=dict)
    currents: list[str] = field(default_factory=list)
    initial_values: dict[str, Values] = field(default_factory=dict)
    updates: list[Update] = field(default_factory=list)
    receptors: set[str] = field(default_factory=set)
    stimuli: dict[Slot, str] = field(default_factory=dict)

    @property
    def variables(self) -> dict[str, Equation]:
        """Everything that can be recorded, by name."""
        return {equation.name: equation for equation in self.finish()}

    @property
    def takes_current(self) -> bool:
        """Whether the neuron has a place for currents."""
        own = parse_equations(self.section.neuron.dynamics().equations)
        return any(TOTAL_CURRENT in names_in(equation.expression) for equation in own if equation.expression)

    def add(self, suffix: str, equations: str, current: str, values: Mapping[str, Values]) -> dict[str, str]:
        """Add equations, a current and values whose names get a suffix; returns the new names."""
        parsed = parse_equations(equations)
        names = {name: f"{name}_{suffix}" for name in [*values, *(equation.name for equation in parsed)]}
        for equation in parsed:
            expression = rename(equation.expression, names) if equation.expression else ""
            self.equations.append(replace(equation, name=names[equation.name], expression=expression))
        if current:
            self.currents.append(rename(parse_condition(current), names))
        self.values |= {names[name]: value for name, value in values.items()}
        return names

    def _total(self) -> str:
        return " + ".join(self.currents) if self.currents else "0*amp"

    def finish(self) -> list[Equation]:
        """All equations, with the sum of currents where the neuron asks for it."""
        total = Equation("subexpression", TOTAL_CURRENT, self._total(), unit("A").dimension)
        return [*self.equations, *([total] if self.takes_current else [])]


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
            projection, own_slots, own_values = _projection(name, section, target)
            projections.append(projection)
            slots += own_slots
            values |= own_values
    populations = tuple(_population(part, experiment) for part in parts.values())
    blueprint = Blueprint(experiment.simulation.dt.value, populations, tuple(projections), tuple(slots))
    return Composition(
        blueprint,
        values,
        stimuli={slot.name: name for part in parts.values() for slot, name in part.stimuli.items()},
        units={
            name: {variable: str(equation.dimension) for variable, equation in part.variables.items()}
            for name, part in parts.items()
        },
    )


def compose_population(
    name: str,
    section: PopulationSection,
    projections: Mapping[str, ProjectionSection],
    inputs: Mapping[str, InputModel],
) -> PopulationParts:
    """A population with everything that arrives at it."""
    parts = PopulationParts(name, section)
    parts.equations += parse_equations(section.neuron.dynamics().equations)
    parts.values |= section.neuron.values()
    parts.initial_values |= section.initial
    for projection_name, projection in projections.items():
        if name in projection.targets:
            _add_receptor(parts, projection.synapse, receptor_of(projection.synapse, projection_name))
    for input_name, source in inputs.items():
        if name in source.targets:
            _add_input(parts, source, input_name)
    return parts


def receptor_of(synapse: SynapseModel, default: str) -> str:
    """Name of the state that a synapse raises in its target."""
    return synapse.receptor or default


def increment_of(kinetics: Kinetics, receptor: str) -> str:
    """The variable of the target that a spike raises."""
    own = {equation.name for equation in parse_equations(kinetics.equations)}
    return f"{kinetics.increment}_{receptor}" if kinetics.increment in own else kinetics.increment


def _add_receptor(parts: PopulationParts, synapse: SynapseModel, receptor: str) -> None:
    kinetics = synapse.kinetics()
    if receptor not in parts.receptors and (kinetics.equations or kinetics.current):
        parts.add(receptor, kinetics.equations, kinetics.current, kinetics.parameters)
        parts.receptors.add(receptor)


def _add_input(parts: PopulationParts, source: InputModel, name: str) -> None:
    contribution = source.contribution()
    names = parts.add(name, contribution.equations, contribution.current, contribution.parameters)
    parts.initial_values |= {names[variable]: value for variable, value in contribution.initial.items()}
    if contribution.synapse is not None:
        receptor = receptor_of(contribution.synapse, name)
        _add_receptor(parts, contribution.synapse, receptor)
        names[TARGET] = increment_of(contribution.synapse.kinetics(), receptor)
    if contribution.update:
        code = "\n".join(
            f"{names[statement.target]} {statement.operator} {rename(statement.expression, names)}"
            for statement in parse_statements(contribution.update)
        )
        parts.updates.append(Update(name, code, contribution.when))
    if contribution.driven:
        kind: SlotKind = "events" if contribution.synapse is not None else "waveform"
        parts.stimuli[Slot(parts.name, names[contribution.driven], kind)] = name


def _population(parts: PopulationParts, experiment: Experiment) -> PopulationBlueprint:
    section, dynamics = parts.section, parts.section.neuron.dynamics()
    equations = parts.finish()
    state = tuple(equation.name for equation in equations if equation.kind == "differential")
    declared = [_declaration(name, value, _is_varied(value)) for name, value in parts.values.items()]
    return PopulationBlueprint(
        name=parts.name,
        size=section.size,
        equations="\n".join([*(equation.text() for equation in equations), *declared]),
        method=_method(section.neuron.method, dynamics.method, equations, parts.values),
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


def _method(asked: str, nonlinear: str, equations: list[Equation], values: Mapping[str, Values]) -> str:
    if asked != "auto":
        return asked
    derivatives = [equation for equation in equations if equation.kind == "differential"]
    if any(name == "xi" or name.startswith("xi_") for e in derivatives for name in names_in(e.expression)):
        return "euler"
    if not is_linear(equations, {equation.name for equation in derivatives}):
        return "rk4" if nonlinear == "exponential_euler" and not _is_conditionally_linear(equations) else nonlinear
    # Brian's exact solution divides by the difference of two time constants.
    return "rk4" if times_coincide(derivatives, values) else "exact"


def _is_conditionally_linear(equations: list[Equation]) -> bool:
    """Whether each derivative is linear in its own variable, the others held still."""
    others = [equation for equation in equations if equation.kind != "differential"]
    return all(is_linear([*others, one], {one.name}) for one in equations if one.kind == "differential")


def times_coincide(derivatives: Iterable[Equation], values: Mapping[str, Values]) -> bool:
    """Whether two time constants of linear equations are equal, or can be in some neuron."""
    used = {name for equation in derivatives for name in names_in(equation.expression)}
    times = [value for name, value in values.items() if name in used and value.dimension == unit("s").dimension]
    ranges = sorted((time.value, time.value) if isinstance(time, Quantity) else time.bounds() for time in times)
    return any(low <= high or math.isclose(low, high, rel_tol=1e-6) for (_, high), (low, _) in pairwise(ranges))


def recorded_neurons(experiment: Experiment, population: str) -> int:
    """How many neurons of a population have their spikes recorded."""
    size, spikes = experiment.populations[population].size, experiment.record.spikes
    if spikes is None:
        return size
    chosen = spikes.get(population)
    if chosen is None:
        return 0
    return size if isinstance(chosen, str) else chosen.neurons


def _trace(experiment: Experiment, population: str) -> TraceBlueprint | None:
    wanted = experiment.record.traces.get(population)
    if wanted is None:
        return None
    every = 1 if wanted.every is None else round(wanted.every.value / experiment.simulation.dt.value)
    return TraceBlueprint(tuple(wanted.variables), wanted.neurons, every)


def _population_slots(parts: PopulationParts) -> tuple[list[Slot], dict[str, Values]]:
    size = parts.section.size
    slots = {Slot(parts.name, name, "value", size if _is_varied(v) else 1): v for name, v in parts.values.items()}
    shared = {equation.name for equation in parts.equations if "shared" in equation.flags}
    slots |= {
        Slot(parts.name, name, "value", 1 if name in shared else size): value
        for name, value in parts.initial_values.items()
    }
    return [*slots, *parts.stimuli], {slot.name: value for slot, value in slots.items()}


def _projection(
    name: str, section: ProjectionSection, target: str
) -> tuple[ProjectionBlueprint, list[Slot], dict[str, Values]]:
    synapse, rule = section.synapse, section.connectivity
    kinetics, receptor = synapse.kinetics(), receptor_of(synapse, name)
    weight: Values = rule.weights() or synapse.weight_value()
    delay: Values = rule.delays() or synapse.delay
    own = projection_name(name, target)
    state = parse_equations(kinetics.state)
    values = {"weight": weight, **kinetics.state_parameters}
    lines = [equation.text() for equation in state]
    lines += [_declaration(variable, value, _is_varied(value)) for variable, value in values.items()]
    integrated = tuple(equation.name for equation in state if equation.kind == "differential")
    blueprint = ProjectionBlueprint(
        name=own,
        source=section.source,
        target=target,
        equations="\n".join(lines),
        method="exact" if is_linear(state, set(integrated)) else "euler",
        on_pre=_at_spike(kinetics, kinetics.on_pre or f"{kinetics.increment}_post += weight", receptor),
        on_post=_at_spike(kinetics, kinetics.on_post, receptor),
        varied_delay=_is_varied(delay),
        state=integrated,
    )
    slots = [Slot(own, "", "synapses")]
    slots += [Slot(own, variable, "value", None if _is_varied(value) else 1) for variable, value in values.items()]
    slots += [Slot(own, "delay", "value", None if _is_varied(delay) else 1)]
    named = {f"{own}.{variable}": value for variable, value in {**values, "delay": delay}.items()}
    return blueprint, slots, named


def projection_name(name: str, target: str) -> str:
    """Name of the synapses of a projection onto one of its targets; no name of the user holds two underscores."""
    return f"{name}__{target}"


def projection_of(name: str) -> str:
    """Name of the projection that `projection_name` was given."""
    return name.partition("__")[0]


def _at_spike(kinetics: Kinetics, statements: str, receptor: str) -> str:
    own = [equation.name for equation in parse_equations(kinetics.equations)]
    names = {f"{name}_post": f"{name}_{receptor}_post" for name in own}
    return "\n".join(
        f"{names.get(statement.target, statement.target)} {statement.operator} {rename(statement.expression, names)}"
        for statement in parse_statements(statements)
    )


def _is_varied(value: Values) -> bool:
    return not isinstance(value, Quantity)


def _declaration(name: str, value: Values, varied: bool) -> str:
    flags = "constant" if varied else "shared, constant"
    return f"{name} : {brian_unit(value.dimension)} ({flags})"
