"""Puts a population together: its own equations, plus what synapses and inputs add to it.

Synapses that share a receptor share its state: ``dg/dt`` of a conductance synapse becomes ``dg_exc/dt`` of the target,
once, however many projections raise it. The names that a synapse or input brings end in the name of its receptor or of
the input. So does its current: ``I_exc`` is what flows through the receptor ``exc``, and ``I_total`` the sum of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from snnrun.inputs.base import TARGET, InputModel
from snnrun.language.equations import Equation, names_in, parse_condition, parse_equations, parse_statements
from snnrun.language.syntax import rename
from snnrun.network.blueprint import Slot, Update
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import Values
from snnrun.spec.experiment import Experiment
from snnrun.spec.sections import PopulationSection, ProjectionSection
from snnrun.stimuli.stimulus import Stimulus
from snnrun.synapses.base import CURRENT, Kinetics, SynapseModel
from snnrun.units import unit


class StimulusOf(NamedTuple):
    """Who gives a stimulus: an input, or the neuron model of a population."""

    section: Literal["inputs", "populations"]
    name: str

    def within(self, experiment: Experiment) -> Stimulus:
        """The input or neuron model itself."""
        if self.section == "inputs":
            return experiment.inputs[self.name]
        return experiment.populations[self.name].neuron


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
    stimuli: dict[Slot, StimulusOf] = field(default_factory=dict)

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
            self._add_current(f"{CURRENT}_{suffix}", rename(parse_condition(current), names))
        self.values |= {names[name]: value for name, value in values.items()}
        return names

    def follow(self, waveform: str, events: str, source: StimulusOf) -> None:
        """Let variables follow a stimulus; empty names for none."""
        if waveform:
            self.stimuli[Slot(self.name, waveform, "waveform")] = source
        if events:
            self.stimuli[Slot(self.name, events, "events")] = source

    def _add_current(self, name: str, expression: str) -> None:
        self.currents.append(name)
        if expression != name:  # else it is a state variable already
            self.equations.append(Equation("subexpression", name, expression, unit("A").dimension))

    def _total(self) -> str:
        return " + ".join(self.currents) if self.currents else "0*amp"

    def finish(self) -> list[Equation]:
        """All equations, with the sum of currents where the neuron asks for it."""
        total = Equation("subexpression", TOTAL_CURRENT, self._total(), unit("A").dimension)
        return [*self.equations, *([total] if self.takes_current else [])]


def compose_population(
    name: str,
    section: PopulationSection,
    projections: Mapping[str, ProjectionSection],
    inputs: Mapping[str, InputModel],
) -> PopulationParts:
    """A population with everything that arrives at it."""
    parts = PopulationParts(name, section)
    dynamics = section.neuron.dynamics()
    parts.equations += parse_equations(dynamics.equations)
    parts.follow(dynamics.waveform, dynamics.events, StimulusOf("populations", name))
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
    contribution = source.contribution_to(parts.section.size, parts.section.names)
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
    parts.follow(names.get(contribution.waveform, ""), names.get(contribution.events, ""), StimulusOf("inputs", name))
