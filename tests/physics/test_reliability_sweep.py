"""Reliability over the amplitude of a fluctuating current (Mainen & Sejnowski 1995, Science 268:1503)."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.event_precision import EventPrecision
from snnrun.metrics.event_reliability import EventReliability
from snnrun.metrics.observation import Observation

pytestmark = pytest.mark.physics

NOISE, R_M, TAU_M = 0.3, 0.1, 10.0
"""Millivolts, gigaohms, milliseconds: those of the experiment."""


@pytest.fixture(scope="module")
def at(record):
    """The activity under a current of given amplitude in picoampere and correlation time in milliseconds."""
    known = {}

    def observation(fluctuation, tau):
        if (fluctuation, tau) not in known:
            parameters = {"fluctuation": f"{fluctuation} pA", "tau": f"{tau} ms"}
            recording = record("reliability_sweep/reliability_sweep.yaml", parameters)
            known[fluctuation, tau] = Observation(recording)
        return known[fluctuation, tau]

    return observation


def moved(fluctuation, tau):
    """Standard deviation in millivolts that the current would give the membrane without a threshold."""
    return R_M * fluctuation * np.sqrt(tau / (tau + TAU_M))


def reliability(observation):
    return observation.measure("cell", EventReliability()).value


def test_reliability_grows_with_the_amplitude_from_nothing_to_nearly_all(at):
    # Over six waveforms: 0.12 ± 0.02, 0.75 ± 0.08, 0.975 ± 0.008.
    assert reliability(at(3, 3)) < 0.2
    assert 0.5 < reliability(at(25, 3)) < 0.9
    assert reliability(at(200, 3)) > 0.94


def test_a_current_that_moves_the_membrane_less_than_noise_does_is_not_reliable(at):
    for fluctuation, tau in ((3, 3), (3, 30), (6, 1)):
        assert moved(fluctuation, tau) < NOISE
        assert reliability(at(fluctuation, tau)) < 0.3


def test_a_current_that_moves_it_far_more_is_at_any_speed(at):
    # Over six waveforms 0.964 ± 0.010, 0.975 ± 0.008, 0.970 ± 0.027.
    for tau in (1, 3, 30):
        assert moved(200, tau) > 20 * NOISE
        assert reliability(at(200, tau)) > 0.85


def test_spikes_scatter_by_noise_over_slope(at):
    # The slope of the potential has the standard deviation s = sd / √(tau tau_m), so noise makes it reach threshold
    # earlier or later by noise / s. Where a Gaussian process crosses a level, slopes are Rayleigh-distributed (Rice
    # 1945, Bell Syst. Tech. J. 24:46), and the mean of their inverse is √(π/2) / s. Over ten waveforms, of some thirty
    # events each, 1.07 to 1.41 times noise / s on average, and 0.7 to 1.7 times for single ones.
    ratios = []
    for fluctuation, tau in ((100, 3), (200, 3), (200, 1), (200, 30)):
        slope = moved(fluctuation, tau) / np.sqrt(tau * TAU_M)
        scatter = at(fluctuation, tau).measure("cell", EventPrecision()).value * 1e3
        ratios.append(scatter / (NOISE / slope))
    assert all(0.6 < ratio < 2 for ratio in ratios)
    assert np.mean(ratios) == pytest.approx(np.sqrt(np.pi / 2), rel=0.2)
