"""Expressions of distance: for arrays they give what the same expression gives for one distance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.language.distance import ARRAY_FUNCTIONS, OfDistance
from snnrun.language.distributions import DISTRIBUTIONS
from snnrun.language.syntax import ExpressionError
from snnrun.language.values import FUNCTION_NAMES, evaluate
from snnrun.units import Quantity, unit

METRE = unit("m").dimension
PARAMETERS = {
    "J": Quantity(-0.1e-3, unit("V").dimension),
    "reach": Quantity(1 / 3e3, METRE),
    "n": Quantity(3.0),
    "rate": Quantity(2.5, unit("V/m").dimension),
}
EXPRESSIONS = [
    "distance",
    "0.5 ms + distance / (0.3 m/s)",
    "J * exp(-distance / reach)",
    "J * exp(-(distance / reach)**2 / 2)",
    "-J + rate * distance",
    "min(distance, 100 um, reach) / max(reach, distance)",
    "round(n * distance / reach) * 1 mV",
    "sqrt(distance * reach) - abs(distance - reach)",
    "J * (1 + cos(2 * pi * distance / reach)) // (1 mV) + distance % reach / reach",
    "tanh(distance / reach) + log(1 + distance / reach) - sin(distance / reach) * 2.0**-n",
]


def _read(text: str) -> OfDistance:
    found = evaluate(text, PARAMETERS)
    assert isinstance(found, OfDistance)
    return found


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_each_distance_gives_what_the_expression_gives_for_it(text: str) -> None:
    distances = np.linspace(1e-6, 2e-3, 23)
    found = _read(text)
    for distance, value in zip(distances, found.at(distances), strict=True):
        # The same text with the distance as a parameter of another name goes through the evaluator of single values.
        single = evaluate(text.replace("distance", "d"), {**PARAMETERS, "d": Quantity(float(distance), METRE)})
        assert isinstance(single, Quantity) and single.dimension == found.dimension
        assert value == pytest.approx(single.value, rel=1e-12, abs=1e-18)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_reads_back_the_same_without_its_parameters(text: str) -> None:
    found = _read(text)
    assert evaluate(str(found), {}) == found


def test_arrays_have_the_functions_that_single_values_have() -> None:
    assert ARRAY_FUNCTIONS.keys() == FUNCTION_NAMES - DISTRIBUTIONS.keys()


def test_bounds_are_those_up_to_the_farthest_neuron() -> None:
    delay = _read("0.5 ms + distance / (0.5 m/s)")
    assert delay.bounds() == (0.5e-3, 0.5e-3)
    assert delay.within(1e-3).bounds() == pytest.approx((0.5e-3, 2.5e-3))
    assert not math.isfinite(_read("1 mV * reach / distance").bounds()[1])


def test_a_value_that_does_not_vary_is_given_for_each_distance() -> None:
    assert _read("1 mV + 0 * distance / reach * 1 mV").at(np.zeros(4)).tolist() == [1e-3] * 4


def test_people_see_six_digits() -> None:
    assert _read("J * exp(-distance / reach)").pretty() == "-(0.0001 * V) * exp(-distance / (0.000333333 * m))"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("distance + 1 ms", "mixes"),
        ("exp(distance)", "takes a plain number"),
        ("normal(distance, 1 um)", "unknown name 'distance'"),
        ("distance * unknown", "unknown name 'unknown'"),
        ("distance(1)", "no function 'distance'"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        evaluate(text, PARAMETERS)
