from __future__ import annotations

import brian2
import pytest
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.stateupdaters.base import UnsupportedEquationsException
from brian2.stateupdaters.exact import exact

from snnrun.language.equations import parse_equations
from snnrun.language.linearity import is_linear

LINEAR = {
    "leaky integrator": "dv/dt = -v/tau : 1",
    "with input": "dv/dt = (a - v + 3*exp(b))/tau : 1",
    "exponential current": "dv/dt = (g - v)/tau : 1\ndg/dt = -g/(5*ms) : 1",
    "through a subexpression": "dv/dt = (I - v)/tau : 1\nI = 2*g + a : 1\ndg/dt = -g/(5*ms) : 1",
    "coefficients": "dv/dt = -v*(1 + a)**2/(b*tau) : 1",
    "constant over a step": "dv/dt = (n - v)/tau : 1\nn = rand() + sin(t/tau) : 1 (constant over dt)",
    "adaptation": "dv/dt = (-v - w)/tau : 1\ndw/dt = (a*v - w)/(100*ms) : 1",
}
NONLINEAR = {
    "perfect integrator": "dv/dt = a/tau : 1",
    "square": "dv/dt = v**2/tau : 1",
    "conductance": "dv/dt = (g*(a - v) - v)/tau : 1\ndg/dt = -g/(5*ms) : 1",
    "exponential": "dv/dt = (exp(v) - v)/tau : 1",
    "divided by the state": "dv/dt = a/(v*tau) : 1",
    "product hidden in a subexpression": "dv/dt = (v*I - v)/tau : 1\nI = 1 + v : 1",
    "condition on the state": "dv/dt = (int(v > 1) - v)/tau : 1",
    "time": "dv/dt = (sin(t/tau) - v)/tau : 1",
    "random numbers": "dv/dt = (rand() - v)/tau : 1",
    "noise": "dv/dt = -v/tau + xi*tau**-0.5 : 1",
}
PARAMETERS = "\na : 1\nb : 1\ntau : second"


def ours(text: str) -> bool:
    equations = parse_equations(text + PARAMETERS)
    return is_linear(equations, {equation.name for equation in equations if equation.kind == "differential"})


def brians(text: str) -> bool:
    """Whether Brian's exact integration accepts the equations."""
    group = brian2.NeuronGroup(1, text + PARAMETERS, method="euler", namespace={})
    try:
        exact(group.equations, {**DEFAULT_FUNCTIONS, **group.variables})
    except UnsupportedEquationsException:
        return False
    return True


@pytest.mark.parametrize("case", LINEAR)
def test_linear_equations_are_found(case: str) -> None:
    assert ours(LINEAR[case])
    assert brians(LINEAR[case])


@pytest.mark.parametrize("case", NONLINEAR)
def test_equations_without_exact_solution_are_found(case: str) -> None:
    assert not ours(NONLINEAR[case])
    assert not brians(NONLINEAR[case])


def test_long_chains_of_subexpressions_are_followed_once() -> None:
    # Followed anew at each mention, this would be 2**60 steps.
    chain = "\n".join(f"a{n + 1} = a{n} + a{n} : 1" for n in range(60))
    assert ours(f"dv/dt = (a60 - v)/tau : 1\na0 = 2*v : 1\n{chain}")
    assert not ours("dv/dt = " + "1/(" * 35 + "v" + ")" * 35 + "/tau : 1")
