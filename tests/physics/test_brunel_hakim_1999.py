"""The rhythm of an inhibitory network (Brunel & Hakim 1999, Neural Comput. 11:1621) against the linear theory of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import NETWORK, Observation
from snnrun.metrics.peak_frequency import PeakFrequency

pytestmark = pytest.mark.physics

TAU, THETA, RESET, REFRACTORY = 20.0, 20.0, 10.0, 2.0  # ms and mV, as all below
K, J, MU_EXT = 1000, 0.1, 25.0
DELAY = 2.0 + 0.1
"""The spike is seen at the end of a step, and acts a delay later."""


@pytest.fixture(scope="module")
def observe(record):
    def observe(sigma_ext):
        return Observation(record("brunel_hakim_1999/brunel_hakim_1999.yaml", {"sigma_ext": f"{sigma_ext} mV"}))

    return observe


@pytest.fixture(scope="module")
def strong_rhythm(observe):
    return observe(1)


@pytest.fixture(scope="module")
def near_the_transition(observe):
    return observe(3)


@pytest.fixture(scope="module")
def damped_rhythm(observe):
    return observe(5)


def measured(observation, metric):
    return observation.measure(NETWORK, metric)


def test_neurons_fire_seldom_and_irregularly_while_the_network_has_a_fast_rhythm(strong_rhythm):
    rate = measured(strong_rhythm, MeanRate()).value
    peak = measured(strong_rhythm, PeakFrequency())
    assert 2 < rate < 6
    # Most neurons fire 3 to 10 times in 2 s, too few for an unbiased CV: of a Poisson neuron it would be about 0.8.
    assert measured(strong_rhythm, CvIsi()).value > 0.45
    assert peak.value > 20 * rate
    assert peak.series["ratio"].data > 100, "power that independent neurons would not have"


def test_the_rate_is_that_of_the_mean_field(near_the_transition, damped_rhythm):
    # No more than 1.5 % beside the theory (2 % of 25 000 spikes would be three standard deviations of a Poisson count).
    for observation in (near_the_transition, damped_rhythm):
        assert measured(observation, MeanRate()).value == pytest.approx(
            measured(observation, MeanField()).value, rel=0.03
        )


def test_the_rhythm_has_the_frequency_at_which_inhibition_comes_back_in_phase(near_the_transition, damped_rhythm):
    # The spectrum of 2 s has a resolution of 2.2 Hz and its peak a width of some 10 Hz: over three seeds 162–169 Hz.
    for observation, sigma_ext in ((near_the_transition, 3.0), (damped_rhythm, 5.0)):
        predicted = loop(sigma_ext).resonance
        assert predicted == pytest.approx(164, abs=4)
        assert measured(observation, PeakFrequency()).value == pytest.approx(predicted, abs=12)


def test_the_rhythm_is_as_high_as_linear_theory_says_where_it_is_damped(damped_rhythm):
    # In a stable network the spectrum of independent neurons is multiplied by 1 / |1 - L|²; a peak among some twenty
    # frequencies of a spectrum averaged over 8 segments is by chance up to 1.8 times as high.
    assert 0.7 < measured(damped_rhythm, PeakFrequency()).series["ratio"].data / loop(5.0).gain < 1.8


def test_noise_damps_the_rhythm(strong_rhythm, near_the_transition, damped_rhythm):
    heights = [
        measured(observation, PeakFrequency()).series["ratio"].data
        for observation in (strong_rhythm, near_the_transition, damped_rhythm)
    ]
    assert heights[0] > 4 * heights[1] > 8 * heights[2]


@pytest.mark.parametrize(("sigma_ext", "grows"), [(1.0, True), (2.0, True), (3.0, False), (5.0, False)])
def test_theory_has_the_transition_between_2_and_3_millivolts(sigma_ext, grows):
    assert (loop(sigma_ext).in_phase > 1) == grows


class Loop(NamedTuple):
    """What a small modulation of all rates comes back as, once around the network.

    The factor where it comes back in phase; the frequency in hertz, and height, of the peak of 1 / |1 - L|².
    """

    in_phase: float
    resonance: float
    gain: float


def loop(sigma_ext: float) -> Loop:
    rate = self_consistent_rate(sigma_ext)
    frequencies = np.arange(100.0, 240.0, 4.0)
    to_mean, to_variance = responses(*moments(rate, sigma_ext), frequencies)
    delayed = np.exp(-2j * np.pi * frequencies * DELAY * 1e-3)
    factor = delayed * (-K * J * TAU * to_mean + K * J**2 * TAU * to_variance)
    gain = 1 / np.abs(1 - factor) ** 2
    return Loop(float(factor.real[np.abs(factor.imag).argmin()]), float(frequencies[gain.argmax()]), float(gain.max()))


def moments(rate: float, sigma_ext: float) -> tuple[float, float]:
    """Mean and σ of the input at a rate in kilohertz."""
    return MU_EXT - K * J * TAU * rate, float(np.sqrt(sigma_ext**2 + K * J**2 * TAU * rate))


def self_consistent_rate(sigma_ext: float) -> float:
    from scipy.optimize import brentq

    from snnrun.metrics.theory.siegert import siegert_rate

    def excess(rate: float) -> float:
        constants = {"tau_m": TAU, "v_thresh": THETA, "v_reset": RESET, "tau_refrac": REFRACTORY}
        return float(siegert_rate(*moments(rate, sigma_ext), **constants)) - rate

    return float(brentq(excess, 1e-4, 0.05))


def responses(mean: float, sd: float, frequencies: np.ndarray, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Change of the rate (1/ms) per change of the mean (mV) and of the variance (mV²) that oscillates at frequencies.

    The Fokker-Planck equation, integrated from the threshold down (Richardson 2007, 10.1103/PhysRevE.76.021919).
    """
    v, dv = np.linspace(min(mean - 6 * sd, RESET - 2 * sd), THETA, n, retstep=True)
    at_reset = int(np.abs(v - RESET).argmin())
    diffusion, omega = sd**2 / (2 * TAU), 2j * np.pi * frequencies * 1e-3
    drift = (v - mean) / (TAU * diffusion)
    grows = np.exp(dv * drift)
    flows = np.divide(grows - 1, drift, out=np.full(n, dv), where=np.abs(drift * dv) > 1e-9) / diffusion
    density = np.zeros(n)
    for i in range(n - 1, 0, -1):
        density[i - 1] = density[i] * grows[i] + flows[i] * (i >= at_reset)
    rate = 1 / (density.sum() * dv + REFRACTORY)
    density *= rate
    slope = -drift * density - np.where(np.arange(n) >= at_reset, rate, 0) / diffusion
    # Density and flux that belong to a modulated rate of 1, to a modulated mean, and to a modulated variance.
    forces = (np.zeros(n), density / TAU, -slope / (2 * TAU))
    back = np.exp(-omega * REFRACTORY)
    at_bottom = []
    for force, first in zip(forces, (1.0, 0.0, 0.0), strict=True):
        p, flux = np.zeros_like(omega), np.full_like(omega, first)
        for i in range(n - 1, 0, -1):
            above = flux
            flux = flux + dv * omega * p - (first * back if i == at_reset else 0)
            p = p * grows[i] + flows[i] * (above - force[i])
        at_bottom.append(flux)
    return -at_bottom[1] / at_bottom[0], -at_bottom[2] / at_bottom[0]
