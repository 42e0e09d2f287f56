"""The synapses of a projection onto one of its targets, in the equation language."""

from __future__ import annotations

from collections.abc import Iterable

from snnrun.language.equations import Statement, parse_condition, parse_equations
from snnrun.language.linearity import is_linear
from snnrun.language.syntax import rename
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.declarations import declaration, is_varied
from snnrun.network.population import receptor_of
from snnrun.network.synapse_code import synapse_code
from snnrun.quantities import Values
from snnrun.spec.sections import ProjectionSection
from snnrun.synapses.base import CURRENT, Kinetics


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
        lines.append(f"{CURRENT}_{receptor}_post = {parse_condition(kinetics.coupling)} : amp (summed)")
    lines += [declaration(variable, value, variable in of_each) for variable, value in values.items()]
    integrated = tuple(equation.name for equation in code.state if equation.kind == "differential")
    blueprint = ProjectionBlueprint(
        name=own,
        source=section.source,
        target=target,
        equations="\n".join(lines),
        method="exact" if is_linear(code.state, set(integrated)) else "euler",
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
        slots += [Slot(own, "delay", "value", None if is_varied(delay) else 1)]
    return blueprint, slots, {f"{own}.{variable}": value for variable, value in values.items()}


def _at_spike(kinetics: Kinetics, statements: Iterable[Statement], receptor: str) -> str:
    own = [equation.name for equation in parse_equations(kinetics.equations)]
    names = {f"{name}_post": f"{name}_{receptor}_post" for name in own}
    return "\n".join(
        f"{names.get(statement.target, statement.target)} {statement.operator} {rename(statement.expression, names)}"
        for statement in statements
    )
