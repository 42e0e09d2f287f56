"""A synapse of the user's own."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.custom import changeable, check_names, check_statements, checked_equations, code_error, dimensions
from snnrun.language.dimensions import BUILT_IN, AnyDimension, infer
from snnrun.language.equations import Equation, names_in, parse_condition, parse_equations, parse_statements
from snnrun.language.syntax import ExpressionError
from snnrun.quantities import AnyValues, Values
from snnrun.synapses.base import CURRENT, Kinetics, SynapseModel
from snnrun.units import unit

_MEMBRANE = {"v": unit("V").dimension}


class EquationsSynapse(SynapseModel):
    """Synapse given by its equations.

    `equations` are added to the target population, `current` to the currents of its cells (it may use `v`), and
    `on_pre` says what a spike does: variables of the target end in `_post`, as in `g_post += weight`. Each synapse may
    have a `state` of its own, such as the traces of a plasticity rule, which `on_pre` and `on_post` change. Dale's law
    is judged by the parameter `e_rev` where there is one, else by the sign of the weight.
    """

    example: ClassVar[str] = (
        '{model: equations, weight: 1 nS, equations: "dg/dt = -g/tau_syn : siemens", current: "g*(e_rev - v)", '
        "on_pre: g_post += weight, parameters: {tau_syn: 5 ms, e_rev: 0 mV}}"
    )

    model: Literal["equations"] = "equations"
    weight: AnyValues
    """What `on_pre` calls `weight`, of any dimension."""
    equations: str = ""
    """Equations added to the target, such as `dg/dt = -g/tau_syn : siemens`."""
    current: str = ""
    """Current into the target, such as `g*(e_rev - v)`."""
    state: str = ""
    """Equations of each synapse, such as `da/dt = -a/tau_a : 1 (event-driven)`."""
    on_pre: str
    """Statements at a spike of the source."""
    on_post: str = ""
    """Statements at a spike of the target."""
    parameters: dict[str, AnyValues] = {}
    """Values of the names that the equations and statements use."""

    @model_validator(mode="after")
    def code_is_sound(self) -> Self:
        check_names(self.parameters)
        known = dimensions(self.parameters)
        target = checked_equations("equations", self.equations, known | _MEMBRANE)
        self._check_current({**known, **_MEMBRANE, **_of(target)})
        own: dict[str, AnyDimension] = {**known, "weight": self.weight.dimension}
        state = checked_equations("state", self.state, own)
        inside = {**BUILT_IN, **own, **_of(state)}
        outside = {f"{name}_post": dimension for name, dimension in {**_MEMBRANE, **_of(target)}.items()}
        variables = {"weight", *changeable(state), *(f"{name}_post" for name in {*_MEMBRANE, *changeable(target)})}
        check_statements("on_pre", self.on_pre, inside | outside, variables)
        if not parse_statements(self.on_pre):
            raise code_error("on_pre", "a spike does nothing here; write a statement such as v_post += weight")
        check_statements("on_post", self.on_post, inside | outside, variables)
        return self

    def _check_current(self, known: dict[str, AnyDimension]) -> None:
        if not self.current:
            return
        try:
            current = parse_condition(self.current)
            if infer(current, {**BUILT_IN, **known}) != unit("A").dimension:
                raise ExpressionError("the current is not in ampere")
            if CURRENT in known and current != CURRENT:
                raise ExpressionError(f"{CURRENT!r} is the name of the whole current; call the variable differently")
        except ExpressionError as error:
            raise code_error("current", error) from None

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations=self.equations,
            current=self.current,
            parameters=self._used_in(self.equations, self.current),
            state=self.state,
            state_parameters=self._used_in(self.state, "", self.on_pre, self.on_post),
            on_pre=self.on_pre,
            on_post=self.on_post,
        )

    def _used_in(self, equations: str, expression: str, *statements: str) -> dict[str, Values]:
        parts = [equation.expression for equation in parse_equations(equations) if equation.expression]
        parts += [expression] if expression else []
        parts += [statement.expression for text in statements for statement in parse_statements(text)]
        used = {name for part in parts for name in names_in(part)}
        return {name: value for name, value in self.parameters.items() if name in used}

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.parameters.get("e_rev")


def _of(equations: tuple[Equation, ...]) -> dict[str, AnyDimension]:
    return {equation.name: equation.dimension for equation in equations}
