"""Round values along a scale."""

from __future__ import annotations

import pytest

from snnrun.sweep_figures.rounding import round_values


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (0.3, 417, [1, 10, 100]),
        (1.67, 346, [3, 10, 30, 100, 300]),
        (50, 800, [50, 100, 200, 500]),
        (120, 190, [120, 140, 160, 180]),
    ],
)
def test_the_fewer_decades_a_logarithmic_scale_has_the_closer_they_are(low, high, values):
    assert round_values(low, high, log=True) == pytest.approx(values)


def test_lines_need_fewer_than_ticks():
    assert round_values(1.67, 346, log=True, enough=2) == [10, 100]


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [(-4.5, 4.5, [-4, -2, 0, 2, 4]), (0, 80, [0, 20, 40, 60, 80]), (0.1, 0.3, [0.1, 0.15, 0.2, 0.25, 0.3])],
)
def test_on_a_linear_scale_steps_are_even(low, high, values):
    assert round_values(low, high, log=False) == pytest.approx(values)
