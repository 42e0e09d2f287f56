from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.language.arrays import evaluate, rates_of_change
from snnrun.language.equations import parse_condition, parse_equations
from snnrun.language.functions import FUNCTIONS
from snnrun.language.syntax import ExpressionError
from snnrun.neurons.hodgkin_huxley import HodgkinHuxley

X = np.array([-2.5, -0.5, 0.5, 2.5])


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("3*x**2 - x/2", 3 * X**2 - X / 2),
        ("-x + 2*mV", 2e-3 - X),
        ("x // 2", [-2, -1, 0, 1]),
        ("x % 2", [1.5, 1.5, 0.5, 0.5]),  # as in Python, and as Brian makes C++ do it
        ("int(x)", [-2, 0, 0, 2]),
        ("int(x > 0 and x < 1)", [0, 0, 1, 0]),
        ("int(not x > 0 or x >= 2)", [1, 1, 0, 1]),
        ("clip(x, -1, y)", [-1, -0.5, 0.5, 2]),
        ("exp(x)*sin(pi*x)", np.exp(X) * np.sin(np.pi * X)),
        ("sign(x) + abs(x)", [1.5, -0.5, 1.5, 3.5]),
    ],
)
def test_expressions_are_computed_for_all_values_at_once(expression, expected):
    assert evaluate(parse_condition(expression), {"x": X, "y": np.array(2.0)}) == pytest.approx(np.asarray(expected))


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if not function.random])
def test_every_function_that_is_not_random_can_be_computed(name):
    arguments = ", ".join(["x"] * FUNCTIONS[name].arity)
    assert evaluate(f"{name}({arguments})", {"x": np.array([0.5])}).shape == (1,)


def test_exprel_is_one_at_zero_and_smooth_around_it():
    x = np.array([-1e-3, -1e-12, 0, 1e-12, 1e-3, 2])
    assert evaluate("exprel(x)", {"x": x}) == pytest.approx([0.99950017, 1, 1, 1, 1.00050017, math.expm1(2) / 2])


@pytest.mark.parametrize("expression", ["rand()", "randn() + x", "poisson(x)"])
def test_what_is_random_has_no_value(expression):
    with pytest.raises(ExpressionError, match="has no single value"):
        evaluate(expression, {"x": X})


def test_a_name_without_value_is_told():
    with pytest.raises(ExpressionError, match="'y' has no value"):
        evaluate("x + y", {"x": X})


def test_out_of_range_is_no_warning():
    assert evaluate("exp(1000*x)", {"x": X})[-1] == math.inf


def test_rates_of_change_follow_subexpressions_in_any_order():
    equations = parse_equations("a = b + 1 : 1\ndx/dt = (a - x)/tau : 1\nb = 2*x : 1\ndy/dt = -y/(10*ms) : volt")
    rates = rates_of_change(equations, {"x": X, "y": np.array(3e-3), "tau": np.array(0.5)})
    assert rates["x"] == pytest.approx((X + 1) / 0.5)
    assert rates["y"] == pytest.approx(-0.3)
    assert list(rates) == ["x", "y"]


def test_the_squid_axon_rests_at_its_resting_potential():
    neuron = HodgkinHuxley()
    values = {name: np.array(value.value) for name, value in neuron.values().items()}
    # Steady gates at -65 mV: Hodgkin & Huxley (1952), with n = 0.3177, m = 0.0529, h = 0.5961.
    state = {"v": -65e-3, "m": 0.05293, "h": 0.59612, "n": 0.31768, "I_total": 0.0}
    equations = parse_equations(neuron.dynamics().equations)
    rates = rates_of_change(equations, values | {name: np.array(value) for name, value in state.items()})
    assert abs(rates["v"]) < 0.01  # V/s; a spike rises at 400
    assert [abs(rates[gate]) < 0.05 for gate in "mhn"] == [True] * 3  # 1/s; the rates are 100 and more
