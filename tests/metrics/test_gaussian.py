"""Smoothing, against another program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from snnrun.metrics.gaussian import smooth


@pytest.mark.parametrize("sigma", [0.1, 1.0, 5.3, 40.0], ids="σ = {}".format)
@pytest.mark.parametrize(
    ("ends", "in_scipy"), [("symmetric", "reflect"), ("wrap", "wrap"), ("edge", "nearest"), ("constant", "constant")]
)
def test_smoothing_is_that_of_scipy(ends, in_scipy, sigma):
    values = np.random.default_rng(1).normal(size=(3, 50))
    assert smooth(values, sigma, ends) == pytest.approx(gaussian_filter1d(values, sigma, mode=in_scipy))


def test_nothing_smoothed_is_nothing():
    assert smooth(np.empty((2, 0)), 1.0).shape == (2, 0)


def test_what_is_repeated_at_the_ends_keeps_its_mean():
    values = np.random.default_rng(2).normal(size=30)
    assert smooth(values, 7.0, "wrap").mean() == pytest.approx(values.mean())
