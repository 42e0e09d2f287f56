"""A neuron of the user's own."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.custom import changeable, check_names, check_statements, checked_equations, code_error, dimensions
from snnrun.language.dimensions import BUILT_IN, TIME, AnyDimension, check_condition, infer
from snnrun.language.equations import parse_condition
from snnrun.language.syntax import ExpressionError
from snnrun.neurons.base import TOTAL_CURRENT, Dynamics, NeuronModel
from snnrun.quantities import AnyValues, Values
from snnrun.units import unit


class EquationsNeuron(NeuronModel):
    """Neuron given by its equations, one a line, as `dv/dt = (v_rest - v + r_m*I_total)/tau_m : volt`.

    The equations may use their own variables, the `parameters`, units, `t`, `dt` and `I_total`, the sum of all currents
    that synapses and inputs bring; without `I_total` no current can reach the neuron. Lines `x : volt` declare
    variables that only resets and `initial` change.
    """

    example: ClassVar[str] = (
        '{model: equations, equations: "dv/dt = (v_rest - v + r_m*I_total)/tau_m : volt", threshold: v > v_thresh, '
        "reset: v = v_rest, parameters: {v_rest: -70 mV, v_thresh: -50 mV, r_m: 100 Mohm, tau_m: 20 ms}}"
    )

    model: Literal["equations"] = "equations"
    equations: str
    """Differential equations and subexpressions with their units; `(unless refractory)` holds a variable still."""
    threshold: str = ""
    """Condition of a spike, such as `v > v_thresh`."""
    reset: str = ""
    """Statements at a spike, such as `v = v_reset`."""
    refractory: str = ""
    """Refractory time, such as `tau_refrac` or `2*ms`; or a condition, such as `v > v_thresh`."""
    parameters: dict[str, AnyValues] = {}
    """Values of the names that the equations use."""

    @model_validator(mode="after")
    def code_is_sound(self) -> Self:
        check_names(self.parameters)
        known: dict[str, AnyDimension] = {**dimensions(self.parameters), TOTAL_CURRENT: unit("A").dimension}
        equations = checked_equations("equations", self.equations, known)
        known |= {**BUILT_IN, **{equation.name: equation.dimension for equation in equations}}
        check_statements("reset", self.reset, known, changeable(equations))
        try:
            if self.threshold:
                check_condition(parse_condition(self.threshold), known)
        except ExpressionError as error:
            raise code_error("threshold", error) from None
        if self.reset and not self.threshold:
            raise code_error("reset", "a reset needs a 'threshold'")
        self._check_refractory(known)
        return self

    def _check_refractory(self, known: dict[str, AnyDimension]) -> None:
        if not self.refractory:
            return
        try:
            condition = parse_condition(self.refractory)
            if infer(condition, known) != TIME:
                check_condition(condition, known)
        except ExpressionError as error:
            raise code_error("refractory", error) from None

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations=self.equations,
            threshold=self.threshold,
            reset=self.reset,
            refractory=self.refractory,
            method="rk4",
        )

    def values(self) -> dict[str, Values]:
        return dict(self.parameters)
