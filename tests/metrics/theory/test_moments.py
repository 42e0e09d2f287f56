"""Moments of distributions against draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.language.distributions import DISTRIBUTIONS
from snnrun.language.values import evaluate
from snnrun.metrics.theory.moments import MOMENTS, moments


@pytest.mark.parametrize(
    "written",
    [
        "uniform(-1 mV, 3 mV)",
        "linspace(1 mV, 3 mV)",
        "exponential(2 mV)",
        "normal(1 mV, 2 mV)",
        "normal(1 mV, 2 mV, 0 mV)",
        "normal(1 mV, 2 mV, -1 mV, 3 mV)",
        "normal(1 mV, 0 mV)",
        "normal(87.81 pA, 8.781 pA, 0 pA)",
        "lognormal(1 mV, 0.5 mV)",
        "lognormal(1 mV, 0.5 mV, 0.5 mV)",
        "lognormal(1 mV, 0.5 mV, 0.5 mV, 1.5 mV)",
        "lognormal(1 mV, 0 mV)",
    ],
)
def test_moments_are_those_of_many_draws(written):
    distribution = evaluate(written, {})
    draws = distribution.draw(np.random.default_rng(1), 200_000)
    found = moments(distribution)
    for moment, powers in ((found.mean, draws), (found.square, draws**2)):
        # Even draws of linspace have the moments of their ends only up to 1/n.
        assert moment == pytest.approx(powers.mean(), abs=5 * powers.std() / math.sqrt(len(draws)), rel=1e-4)


def test_one_value_is_its_own_mean():
    assert moments(evaluate("3 mV", {})) == pytest.approx((3e-3, 9e-6))


def test_every_distribution_has_moments():
    assert MOMENTS.keys() == DISTRIBUTIONS.keys()
