"""Our verdict on dimensions is Brian's; where it is not, the difference is listed here."""

from __future__ import annotations

from fractions import Fraction

import pytest
from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
from brian2.core.namespace import DEFAULT_UNITS
from brian2.core.variables import Variable
from brian2.parsing.expressions import parse_expression_dimensions
from brian2.units.fundamentalunits import DIMENSIONLESS as BRIAN_DIMENSIONLESS
from brian2.units.fundamentalunits import DimensionMismatchError
from hypothesis import given, settings
from hypothesis import strategies as st

from snnrun.language.dimensions import BOOLEAN, infer
from snnrun.language.syntax import ExpressionError
from snnrun.units import DIMENSIONLESS, Dimension, unit

UNIT_OF = {"v": "volt", "w": "volt", "I": "amp", "tau": "second", "g": "siemens", "a": "1", "b": "1", "t": "second"}
OURS = {name: unit(text).dimension for name, text in UNIT_OF.items()}
BRIANS = {
    **DEFAULT_UNITS,
    **DEFAULT_FUNCTIONS,
    **DEFAULT_CONSTANTS,
    **{
        name: Variable(name=name, dimensions=DEFAULT_UNITS[text].dim if text in DEFAULT_UNITS else BRIAN_DIMENSIONLESS)
        for name, text in UNIT_OF.items()
    },
}


def our_verdict(expression: str) -> Dimension | None:
    try:
        found = infer(expression, OURS)
    except ExpressionError:
        return None
    # Brian has no dimension for conditions.
    return DIMENSIONLESS if found == BOOLEAN else found


def brians_verdict(expression: str) -> Dimension | None:
    try:
        found = parse_expression_dimensions(expression, BRIANS)
    except (DimensionMismatchError, SyntaxError, KeyError, TypeError, ValueError):
        return None
    return Dimension(tuple(Fraction(exponent).limit_denominator(12) for exponent in found._dims[:6]))


@pytest.mark.parametrize(
    "expression",
    [
        *("v + w", "v - 5*mV", "v + I", "v + 0", "0 + v", "v + 0*mV", "-v + w", "v % w", "v % 2", "a % 2"),
        *("v * I", "v / I", "g*(v - w)", "g*(v - w) + I", "a // b", "v // w", "a // 2", "1 / tau", "v / tau + I"),
        *("v ** 2", "v ** 0.5", "v ** -1", "v ** (1/2)", "v ** a", "a ** b", "2.0 ** a", "2.0 ** v", "a ** 3"),
        *("v > w", "v > 0", "v > 0*mV", "a < 1", "v == I", "v != w", "v >= 1", "not v > w", "v > w and a < b"),
        *("exp(a)", "exp(v)", "exp(v/w)", "log(tau)", "sin(2*pi*t/tau)", "sqrt(v)", "sqrt(a)", "abs(v)", "abs(I)*a"),
        *("ceil(v)", "floor(v)", "floor(t/tau)", "sign(v)", "sign(v)*v", "exprel(a)", "expm1(v)", "tanh(tau)"),
        *("clip(v, w, 5*mV)", "clip(v, 0, 1)", "clip(a, 0, 1)", "int(a)", "int(v)", "int(v > w)", "int(v > w)*v"),
        *("rand()", "rand(1)", "randn()*v", "poisson(a)", "poisson(v)", "poisson()", "exp()", "clip(v)", "exp(a, b)"),
        *("nowhere", "exp", "nowhere(v)", "True", "5*mV/ms", "10*Hz*tau", "nS*mV + pA", "volt/ohm - amp", "a + pi"),
    ],
)
def test_agrees_with_brian(expression: str) -> None:
    assert our_verdict(expression) == brians_verdict(expression)


@pytest.mark.parametrize("expression", ["(v > w)*v", "(v > w) + 1", "a and b", "not a", "abs(v > w)", "-(v > w)"])
def test_unlike_brian_conditions_and_numbers_are_told_apart(expression: str) -> None:
    assert our_verdict(expression) is None
    assert brians_verdict(expression) is not None


leaves = st.sampled_from([*UNIT_OF, "mV", "ms", "0", "2.5"])
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "//"]), inner).map(lambda p: f"({' '.join(p)})"),
        st.tuples(st.sampled_from([*UNIT_OF, "mV"]), st.sampled_from(["2", "0.5", "-1", "a"])).map("**".join),
        st.tuples(st.sampled_from(["exp", "sqrt", "abs", "sign", "int", "floor"]), inner).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        st.tuples(inner, inner, inner).map(lambda p: f"clip({', '.join(p)})"),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(expressions)
def test_agrees_with_brian_on_any_expression(expression: str) -> None:
    assert our_verdict(expression) == brians_verdict(expression)
