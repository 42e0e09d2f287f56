"""Values between two ends: what a user would write down by hand, each the very number that its text says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snnrun.designs.steps import MAX_POINTS, AxisError, Ends, number_of_steps, shortest

decimals = st.decimals(min_value=-1000, max_value=1000, places=3, allow_nan=False, allow_infinity=False)
counts = st.integers(min_value=2, max_value=50)


def test_both_ends_and_equal_steps():
    assert Ends.read(3, 8).linear(11) == [3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0]


def test_no_digits_that_nobody_wrote():
    # numpy.linspace(0, 1, 11)[3] is 0.30000000000000004.
    assert Ends.read(0, 1).linear(11)[3] == 0.3
    assert Ends.read("0 mV", "1 mV").linear(11)[3] == "0.3 mV"


def test_whole_ends_and_a_whole_step_give_whole_numbers():
    assert [(value, type(value)) for value in Ends.read(10, 30).linear(3)] == [(10, int), (20, int), (30, int)]
    assert {type(value) for value in Ends.read(10, 30).linear(4)} == {float}


def test_values_may_descend():
    assert Ends.read(2, -1).linear(4) == [2, 1, 0, -1]


def test_values_are_in_the_unit_of_the_first_end():
    assert Ends.read("500 ms", "1 s").linear(3) == ["500 ms", "750 ms", "1000 ms"]
    assert Ends.read("0.5 s", "1000 ms").linear(3) == ["0.5 s", "0.75 s", "1 s"]


@pytest.mark.parametrize(
    ("first", "last", "number", "values"),
    [
        (1, 1000, 4, [1, 10, 100, 1000]),
        (0.1, 10, 3, [0.1, 1.0, 10.0]),
        ("0.1 mV", "100 uV", 0, None),
        ("0.1 mV", "10000 uV", 3, ["0.1 mV", "1 mV", "10 mV"]),
        (1000, 10, 3, [1000, 100, 10]),
    ],
)
def test_logarithmic_steps_meet_the_powers_of_ten(first, last, number, values):
    if values is None:
        with pytest.raises(AxisError, match="the same value"):
            Ends.read(first, last)
    else:
        assert Ends.read(first, last).logarithmic(number) == values


def test_many_logarithmic_steps_do_not_drift():
    values = Ends.read(1, 10_000).logarithmic(20_001)
    assert [values[5_000], values[10_000], values[15_000]] == [10, 100, 1000]


@given(first=decimals, last=decimals, number=counts)
def test_linear_steps_agree_with_numpy_and_keep_the_ends(first, last, number):
    if first == last:
        return
    values = Ends.read(str(first), str(last)).linear(number)
    np.testing.assert_allclose(values, np.linspace(float(first), float(last), number), rtol=1e-12, atol=1e-12)
    assert (values[0], values[-1]) == (float(first), float(last))
    assert len(set(values)) == number


@given(
    first=st.floats(1e-6, 1e6, allow_subnormal=False), last=st.floats(1e-6, 1e6, allow_subnormal=False), number=counts
)
def test_logarithmic_steps_agree_with_numpy_and_keep_the_ends(first, last, number):
    if first == last:
        return
    values = Ends.read(first, last).logarithmic(number)
    np.testing.assert_allclose(values, np.geomspace(first, last, number), rtol=1e-12)
    assert (values[0], values[-1]) == (first, last)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_shortest_text_is_the_very_number(value):
    assert float(shortest(value)) == value


@pytest.mark.parametrize(
    ("first", "last", "complaint"),
    [
        ("10 ms", 20, "unit is missing at one end"),
        (10, "20 ms", "unit is missing at one end"),
        ("10 ms", "20 mV", "different dimensions"),
        ("10 ms", "20 mx", "'mx' is not a unit"),
        (3, 3.0, "the same value"),
        ("1 s", "1000 ms", "the same value"),
        (float("nan"), 1, "not a number"),
        ("inf", 1, "not a number"),
        (True, 2, "must be a number"),
        ([1], 2, "must be a number"),
        ("g", 2, "not a number"),
        (0, "1e999", "out of range"),
        ("1e-999 V", "1 V", "out of range"),
    ],
)
def test_ends_that_are_none(first, last, complaint):
    with pytest.raises(AxisError, match=complaint):
        Ends.read(first, last)


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1), (1, 0), (-2, -1)])
def test_a_logarithm_needs_ends_above_zero(ends):
    with pytest.raises(AxisError, match="above 0"):
        Ends.read(*ends).must_be_positive()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [(1, "too few"), ("0", "too few"), ("2.5", "whole"), (-3, "whole"), (True, "whole"), (MAX_POINTS + 1, "more than")],
)
def test_a_number_of_values_that_is_none(raw, complaint):
    with pytest.raises(AxisError, match=complaint):
        number_of_steps(raw)
