"""How the equations of a population are integrated, when the experiment leaves it open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise

from snnrun.language.equations import Equation, is_noise, names_in
from snnrun.language.linearity import is_linear
from snnrun.quantities import Values
from snnrun.units import Quantity, unit


def choose_method(asked: str, nonlinear: str, equations: list[Equation], values: Mapping[str, Values]) -> str:
    """The method of integration: exact where the equations are linear, else the way the model asks for.

    Parameters
    ----------
    asked
        What the experiment says; ``auto`` leaves it open.
    nonlinear
        What the model asks for where its equations are not linear.
    equations, values
        All equations of the population, and the values of its parameters.
    """
    if asked != "auto":
        return asked
    derivatives = [equation for equation in equations if equation.kind == "differential"]
    if any(is_noise(name) for equation in derivatives for name in names_in(equation.expression)):
        return "euler"
    if not is_linear(equations, {equation.name for equation in derivatives}):
        return "rk4" if nonlinear == "exponential_euler" and not _suits_exponential_euler(equations) else nonlinear
    # Brian's exact solution divides by the difference of two time constants.
    return "rk4" if times_coincide(derivatives, values) else "exact"


def _suits_exponential_euler(equations: list[Equation]) -> bool:
    """Whether each derivative is linear in its own variable, and none loses much when the others are held still.

    A variable that follows another linearly, as the conductance of a biexponential synapse follows the transmitter,
    does: held still, a transmitter that is gone within five steps opens a tenth too much.
    """
    others = [equation for equation in equations if equation.kind != "differential"]
    derivatives = [equation for equation in equations if equation.kind == "differential"]
    state = {equation.name for equation in derivatives}

    def follows(one: Equation) -> bool:
        return is_linear([*others, one], state) and is_linear([*others, one], state - {one.name})

    return all(is_linear([*others, one], {one.name}) and not follows(one) for one in derivatives)


def times_coincide(derivatives: Iterable[Equation], values: Mapping[str, Values]) -> bool:
    """Whether two time constants of linear equations are equal within a percent, or can be in some neuron.

    Where one of them belongs to an alpha function, the exact solution divides by the square of their difference, and
    what is left over is as small as (dt/tau)². At a difference of 0.1 % and dt/tau of 0.005 the potential that follows
    is wrong by 2e-6, where fourth-order Runge–Kutta is wrong by 5e-11.
    """
    used = {name for equation in derivatives for name in names_in(equation.expression)}
    times = [value for name, value in values.items() if name in used and value.dimension == unit("s").dimension]
    ranges = sorted((time.value, time.value) if isinstance(time, Quantity) else time.bounds() for time in times)
    return any(low <= high or math.isclose(low, high, rel_tol=0.01) for (_, high), (low, _) in pairwise(ranges))
