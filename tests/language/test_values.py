from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snnrun.language.distributions import Distribution
from snnrun.language.syntax import ExpressionError
from snnrun.language.values import evaluate, names_in
from snnrun.units import DIMENSIONLESS, Quantity, unit

VOLT, SECOND = unit("V").dimension, unit("s").dimension
PARAMETERS = {
    "eta": Quantity(2.0),
    "theta": Quantity(0.020, VOLT),
    "J": Quantity(0.0001, VOLT),
    "C_ext": Quantity(1000.0),
    "tau_m": Quantity(0.020, SECOND),
}


def value(text: str) -> Quantity:
    result = evaluate(text, PARAMETERS)
    assert isinstance(result, Quantity)
    return result


@pytest.mark.parametrize(
    ("text", "number", "in_unit"),
    [
        ("20 ms", 20, "ms"),
        ("20ms", 20, "ms"),
        ("20*ms", 20, "ms"),
        ("-70 mV", -70, "mV"),
        ("−70 mV", -70, "mV"),
        ("5 µm", 5, "um"),
        ("5 μm", 5, "um"),
        ("100 MΩ", 100, "Mohm"),
        ("5 mV**2", 5, "mV**2"),
        ("(5 mV)**2", 25, "mV**2"),
        ("1/5 ms", 200, "Hz"),
        ("20 mV/5 ms", 4, "mV/ms"),
        ("2.5 nS/cm**2", 2.5, "nS/cm**2"),
        ("1.5e-1 nA", 150, "pA"),
        ("3 mV + 2000 uV", 5, "mV"),
        ("7 mV % 4 mV", 3, "mV"),
        ("sqrt(9 mV**2)", 3, "mV"),
        ("max(1 ms, 2 ms, 0.5 ms)", 2, "ms"),
        ("abs(-3 mV)", 3, "mV"),
        ("round(2.6)", 3, "1"),
        ("2*pi", 2 * math.pi, "1"),
        ("7 // 2", 3, "1"),
        # Brunel (2000) J. Comput. Neurosci. 8:183-208: nu_thr = theta/(J C_E tau) is 10 Hz, and eta = 2 doubles it.
        ("eta * theta / (J * C_ext * tau_m)", 20, "Hz"),
    ],
)
def test_computes_with_units(text: str, number: float, in_unit: str) -> None:
    assert value(text).to(in_unit) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20 mz", "not an expression"),
        ("20*mz", "unknown name 'mz'"),
        ("tau_n", "unknown name 'tau_n'. Did you mean 'tau_m'"),
        ("unifrm", "Did you mean 'uniform'"),
        ("velocity", "Declare it under 'parameters'"),
        ("20 mV + 5 ms", "mixes 20 mV and 5 ms"),
        ("20 mV + 5", "mixes 20 mV and 5"),
        ("min(1 mV, 1 ms)", "mixes 1 mV and 1 ms"),
        ("exp(20 mV)", "plain number, not 20 mV"),
        ("2.0**theta", "has a unit"),
        ("1/0", "cannot be computed"),
        ("log(0)", "cannot be computed"),
        ("(-8)**0.5", "not a real number"),
        ("exp(1000)", "cannot be computed"),
        ("1e308*10", "not a finite number"),
        ("theta > J", "is not a value"),
        ("True", "is not a value"),
        ("sqrt(1, 2)", "takes one argument"),
        ("5 mV**eta", "not clear"),
    ],
)
def test_says_why_a_value_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        evaluate(text, PARAMETERS)


def test_a_parameter_comes_before_a_unit() -> None:
    assert evaluate("m", {"m": Quantity(3.0)}) == Quantity(3.0)


def test_reads_distributions() -> None:
    drawn = evaluate("uniform(0 mV, theta/2)", PARAMETERS)
    assert isinstance(drawn, Distribution)
    assert drawn.pretty() == "uniform(0 mV, 10 mV)"
    assert evaluate(str(drawn), {}) == drawn


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("uniform(1 mV)", r"uniform\(\) is written uniform\(low, high\)"),
        ("uniform(0, 20 mV)", "different units: 0 and 20 mV"),
        ("uniform(20 mV, 0 mV)", "larger than the second"),
        ("normal(1, -1)", "standard deviation is negative"),
        ("normal(0, 1, 2, 1)", "lower limit is not below"),
        ("lognormal(0, 1)", "mean is not positive"),
        ("exponential(-1 ms)", "mean is not positive"),
        ("2*uniform(0, 1)", "stands alone"),
        ("-normal(0, 1)", "stands alone"),
    ],
)
def test_says_why_a_distribution_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        evaluate(text, PARAMETERS)


def test_finds_the_names_that_a_value_depends_on() -> None:
    assert names_in("eta * theta / (J * 5 mV) + exp(pi) * uniform(0, 1)") == {"eta", "theta", "J"}
    assert names_in("not an ! expression") == frozenset()


numbers = st.floats(min_value=1e-3, max_value=1e3).map(repr)
formulas = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "//"]), inner).map(lambda p: f"({' '.join(p)})"),
        st.tuples(numbers, st.sampled_from(["2", "0.5", "-3", "1/2"])).map(lambda p: f"({p[0]}**({p[1]}))"),
        inner.map(lambda text: f"(-{text})"),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(formulas)
def test_agrees_with_python_on_plain_numbers(formula: str) -> None:
    try:
        expected = float(eval(formula, {}))
    except (ZeroDivisionError, OverflowError):
        with pytest.raises(ExpressionError):
            evaluate(formula, {})
    else:
        assert evaluate(formula, {}) == Quantity(expected)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["1", "V", "A/m**2", "s**(-1/2)", "mS/cm**2"]))
def test_a_quantity_written_reads_back_the_same(number: float, in_unit: str) -> None:
    quantity = Quantity(number, unit(in_unit).dimension)
    assert evaluate(str(quantity), {}) == quantity


def test_a_plain_number_has_no_unit() -> None:
    assert value("1e-3") == Quantity(0.001, DIMENSIONLESS)


@pytest.mark.parametrize(("one", "other"), [("0.3 nA", "300 pA"), ("0.1 ms", "100 us"), ("-2.3 mV", "-0.0023 V")])
def test_a_quantity_is_the_same_number_in_every_unit(one, other):
    assert evaluate(one, {}) == evaluate(other, {})
