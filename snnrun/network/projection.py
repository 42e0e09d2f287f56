"""The synapses of a projection onto one of its targets, in the equation language."""

from __future__ import annotations

from collections.abc import Iterable

from snnrun.language.equations import Equation, Statement, names_in, parse_condition, parse_equations
from snnrun.language.linearity import is_linear
from snnrun.language.model_units import brian_unit
from snnrun.language.syntax import rename
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.declarations import declaration, is_varied
from snnrun.network.population import receptor_of
from snnrun.network.synapse_code import synapse_code
from snnrun.quantities import Values
from snnrun.spec.sections import ProjectionSection
from snnrun.synapses.base import Kinetics


def projection_name(name: str, target: str) -> str:
    """Name of the synapses of a projection onto one of its targets; no name of the user holds two underscores."""
    return f"{name}__{target}"


def projection_of(name: str) -> str:
    """Name of the projection that `projection_name` was given."""
    return name.partition("__")[0]


def compose_projection(
    name: str, section: ProjectionSection, target: str
) -> tuple[ProjectionBlueprint, list[Slot], dict[str, Values]]:
    """The structure of the synapses onto one target, the slots of their values, and the values by slot."""
    synapse, rule = section.synapse, section.connectivity
    kinetics, receptor, code = synapse.kinetics(), receptor_of(synapse, name), synapse_code(synapse)
    weight: Values = rule.weights() or synapse.weight_value()
    delay: Values = rule.delays() or synapse.delay
    own = projection_name(name, target)
    values = {"weight": weight, **code.parameters}
    # A weight that spikes change belongs to each synapse, though all may start with the same.
    of_each = {variable for variable, value in values.items() if is_varied(value) or variable in code.changed}
    lines = [equation.text() for equation in code.state]
    if kinetics.coupling:
        lines.append(_coupling(kinetics, receptor))
    lines += [declaration(variable, value, variable in of_each) for variable, value in values.items()]
    integrated = tuple(equation.name for equation in code.state if equation.kind == "differential")
    blueprint = ProjectionBlueprint(
        name=own,
        source=section.source,
        target=target,
        equations="\n".join(lines),
        method=_method(code.state, set(integrated)),
        on_pre=_at_spike(kinetics, code.on_pre, receptor),
        on_post=_at_spike(kinetics, code.on_post, receptor),
        varied_delay=is_varied(delay),
        state=integrated,
        initial=tuple(code.initial.items()),
    )
    slots = [Slot(own, "", "synapses")]
    slots += [Slot(own, variable, "value", None if variable in of_each else 1) for variable in values]
    if blueprint.on_pre:
        values["delay"] = delay
        slots += [Slot(own, "delay", "delay", None if is_varied(delay) else 1)]
    return blueprint, slots, {f"{own}.{variable}": value for variable, value in values.items()}


def _coupling(kinetics: Kinetics, receptor: str) -> str:
    """The line of a synapse that says what its target sums up."""
    (summed,) = (equation for equation in parse_equations(kinetics.equations) if equation.name == kinetics.summed)
    name, coupling = f"{summed.name}_{receptor}_post", parse_condition(kinetics.coupling)
    return f"{name} = {coupling} : {brian_unit(summed.dimension)} (summed)"


def _method(state: tuple[Equation, ...], integrated: set[str]) -> str:
    if not is_linear(state, integrated):
        return "euler"
    # Brian's exact integration wants coefficients known to be constant; exponential Euler holds them for a step.
    used = {name for equation in state if equation.expression for name in names_in(equation.expression)}
    return "exponential_euler" if any(name.endswith(("_pre", "_post")) for name in used) else "exact"


def _at_spike(kinetics: Kinetics, statements: Iterable[Statement], receptor: str) -> str:
    own = [equation.name for equation in parse_equations(kinetics.equations)]
    names = {f"{name}_post": f"{name}_{receptor}_post" for name in own}
    return "\n".join(
        f"{names.get(statement.target, statement.target)} {statement.operator} {rename(statement.expression, names)}"
        for statement in statements
    )
