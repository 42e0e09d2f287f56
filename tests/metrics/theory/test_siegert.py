"""Siegert's formula against its integral, its limits and published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erfcx

from snnrun.metrics.theory.siegert import COLOUR_SHIFT, GRID_SHIFT, siegert_rate

CELL = {"tau_m": 20e-3, "v_thresh": 20e-3, "v_reset": 10e-3, "tau_refrac": 2e-3}


def _integral(mean, sd):
    """The rate as Brunel 2000 writes it, with nothing done against overflow."""
    limits = (CELL["v_reset"] - mean) / sd, (CELL["v_thresh"] - mean) / sd
    value = quad(lambda u: erfcx(-u), *limits, epsabs=0, epsrel=1e-12, limit=200)[0]
    return 1 / (CELL["tau_refrac"] + CELL["tau_m"] * math.sqrt(math.pi) * value)


@pytest.mark.parametrize(
    ("mean", "sd"), [(20e-3, 5e-3), (15e-3, 2e-3), (0, 5e-3), (30e-3, 1e-3), (100e-3, 1e-3), (25e-3, 30e-3)]
)
def test_it_is_the_integral(mean, sd):
    assert siegert_rate(mean, sd, **CELL) == pytest.approx(_integral(mean, sd), rel=1e-10)


# Computed with 40 digits (mpmath's quadrature of the same integral).
@pytest.mark.parametrize(
    ("mean", "sd", "rate"),
    [
        (20e-3, 5e-3, 27.340567353077265),
        (30e-3, 0.1e-3, 63.04149235188111),
        (10e-3, 0.7e-3, 9.390732943996524e-87),
        (-50e-3, 3e-3, 2.3375137080909602e-234),
    ],
)
def test_it_is_safe_where_the_integrand_overflows(mean, sd, rate):
    assert siegert_rate(mean, sd, **CELL) == pytest.approx(rate, rel=1e-11)


def test_far_below_the_threshold_the_rate_vanishes_without_a_warning():
    assert siegert_rate(-1.0, 1e-3, **CELL) == 0


@pytest.mark.parametrize("sd", [0.0, 1e-12, 1e-9, 1e-6])
def test_without_noise_it_is_the_rate_of_the_deterministic_neuron(sd):
    # Brunel & van Rossum 2007: f = 1 / (tau_refrac + tau_m ln((RI - V_r) / (RI - θ))).
    mean = np.array([20.5e-3, 25e-3, 30e-3, 40e-3])
    exact = 1 / (2e-3 + 20e-3 * np.log((mean - 10e-3) / (mean - 20e-3)))
    np.testing.assert_allclose(siegert_rate(mean, sd, **CELL), exact, rtol=1e-5)
    assert siegert_rate(19e-3, sd, **CELL) == 0


def test_much_drive_meets_the_refractory_time():
    assert siegert_rate(1e6, 1.0, **CELL) == pytest.approx(500, rel=1e-6)


def test_the_rate_grows_with_the_mean_and_is_smooth_where_the_formula_changes():
    mean = np.linspace(-10e-3, 40e-3, 5001)
    rate = siegert_rate(mean, 2e-3, **CELL)
    assert (np.diff(rate) > 0).all()
    # Its form changes at the threshold and at the reset.
    relative = np.diff(np.log(rate), 2)
    for border in (10e-3, 20e-3):
        at = int(np.searchsorted(mean, border))
        assert np.ptp(relative[at - 3 : at + 2]) < 1e-6


def test_a_threshold_looked_at_on_a_grid_gives_fewer_spikes():
    # 26.40 ± 0.06 Hz were simulated on a grid of 0.1 ms: 27.34 Hz, that of continuous time, are not what a grid gives.
    rise = GRID_SHIFT * 5e-3 * math.sqrt(0.1 / 20)
    raised = siegert_rate(20e-3, 5e-3, **{**CELL, "v_thresh": 20e-3 + rise})
    assert raised == pytest.approx(26.27, abs=0.005)
    assert raised == pytest.approx(26.40, abs=3 * 0.06)


def test_the_shifts_are_those_of_the_literature():
    # Fourcaud & Brunel 2002: α/2 with α = √2 |ζ(1/2)| ≈ 2.0653; Broadie, Glasserman & Kou 1997: β ≈ 0.5826.
    assert pytest.approx(2.0653 / 2, abs=5e-5) == COLOUR_SHIFT
    assert pytest.approx(0.5826, abs=5e-5) == GRID_SHIFT
