"""Random input: Poisson spikes and noise currents, against the theory of their statistics on a time grid."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.fano import Fano
from snnrun.metrics.observation import Observation
from snnrun.units import quantity

pytestmark = pytest.mark.physics

DT = 0.1e-3
NETWORK = """
snnrun: 1
populations:
  relay:                                   # every input spike is an output spike
    size: 500
    neuron: {model: lif, tau_m: 10 ms, v_rest: 0 mV, v_thresh: 10 mV, v_reset: 0 mV, tau_refrac: 0 ms}
  passive: {size: 500, neuron: &passive {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: 0 mV, v_thresh: 1 V}}
  filtered: {size: 500, neuron: *passive}
  noisy:                                   # Brunel's neuron, 4 times as many for a sharper rate
    size: 2000
    neuron: {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV, tau_refrac: 2 ms}
    initial: {v: "uniform(10 mV, 20 mV)"}
  slow: {size: 500, neuron: *passive}
  fast: {size: 500, neuron: *passive}
  same: {size: 20, neuron: *passive}

inputs:
  relayed: {to: relay, model: poisson, rate: 50 Hz, weight: 20 mV}
  shot: {to: passive, model: poisson, rate: 10 Hz, n: 200, weight: 0.1 mV}
  shot_current: {to: filtered, model: poisson, rate: 1 kHz,
                 synapse: {model: exponential_current, weight: 10 pA, tau_syn: 5 ms}}
  white: {to: noisy, model: noise_current, kind: white, mean: 200 pA, density: 50 pA * sqrt(20 ms)}
  ou_slow: {to: slow, model: noise_current, mean: 30 pA, sd: 20 pA, tau: 5 ms}
  ou_fast: {to: fast, model: noise_current, sd: 20 pA, tau: 0.1 ms}
  frozen: {to: same, model: noise_current, sd: 20 pA, tau: 5 ms, frozen: true}

simulation: {duration: 2.5 s, warmup: 0.5 s, dt: 0.1 ms, seed: 11}

record:
  spikes: [relay, noisy]
  traces:
    passive: {variables: v, neurons: 500, every: 20 ms}
    filtered: {variables: v, neurons: 500, every: 20 ms}
    slow: {variables: I_total, neurons: 500, every: 1 ms}
    fast: {variables: I_total, neurons: 100}
    same: {variables: [I_total, v], neurons: 20}
    noisy: {variables: I_total, neurons: 20}
"""


@pytest.fixture(scope="module")
def recording(record):
    return record(NETWORK)


def settled(recording, population, variable):
    """Values after the warm-up; shape (n_times, n_neurons)."""
    trace = recording.traces[population][variable]
    return trace.data[trace.time > 0.5 - DT / 2]


def test_spikes_of_a_poisson_input_have_cv_and_fano_factor_one(recording):
    # Poisson: 1 and 1. On the grid, a step has a spike with the chance p = 1 - exp(-ν dt) = 0.005, and the step in
    # which the relay fires hears nothing: CV = √(1 - p)/(1 + p) and Fano = (1 - p)/(1 + p)², which is 0.985; a sample
    # of n intervals has a CV smaller by 1/n, and K windows a Fano factor of (K - 1)/K, with n and K about 100 here.
    # Standard errors over 500 neurons: 1/√(500 n) of the CV, √(2/(500 K)) of the Fano factor.
    observation = Observation(recording)
    cv = observation.measure("relay", CvIsi()).value
    fano = observation.measure("relay", Fano(window=quantity("20 ms"))).value
    p = 1 - np.exp(-50 * DT)
    assert cv == pytest.approx(np.sqrt(1 - p) / (1 + p) - 0.01, abs=4 / np.sqrt(500 * 100))
    assert fano == pytest.approx((1 - p) / (1 + p) ** 2 * 0.99, abs=4 * np.sqrt(2 / (500 * 100)))


def test_a_poisson_input_has_its_rate(recording):
    # 50 000 spikes in 500 neurons and 2 s, less the steps in which the relay fires: a standard error of 0.45 %.
    spikes = recording.spikes["relay"].between(5000, 25000)
    p = 1 - np.exp(-50 * DT)
    expected = 500 * 20000 * p / (1 + p)
    assert len(spikes) == pytest.approx(expected, abs=4 * np.sqrt(expected))


def test_a_membrane_under_poisson_spikes_has_mean_and_variance_of_campbell(recording):
    # Campbell: mean J ν τ, variance J² ν τ/2; as sums over the steps of the grid, geometric series. A trace shows the
    # step as it begins, after the spikes of the step before were added.
    v = settled(recording, "passive", "v") * 1e3
    decay = np.exp(-0.1 / 20)
    mean, variance = 0.1 * 2000 * DT / (1 - decay), 0.1**2 * 2000 * DT / (1 - decay**2)
    assert (mean, variance) == pytest.approx((0.1 * 2000 * 0.02, 0.1**2 * 2000 * 0.02 / 2), rel=0.006)
    n = independent_samples(v, 20)
    assert v.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / n))
    assert v.var() == pytest.approx(variance, rel=4 * np.sqrt(2 / n))


def test_filtered_poisson_spikes_have_mean_and_variance_of_campbell(recording):
    # PSP h(t) = r w τs/(τs - τm) (exp(-t/τs) - exp(-t/τm)) with 1 mV = r w: mean ν∫h = ν r w τs, variance
    # ν∫h² = ν (r w)² τs²/(2(τs + τm)). The grid changes both by less than dt/τs.
    v = settled(recording, "filtered", "v") * 1e3
    mean, variance = 1000 * 0.005, 1000 * 0.005**2 / (2 * 0.025)
    n = independent_samples(v, 25)
    assert v.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / n), rel=0.001)
    assert v.var() == pytest.approx(variance, rel=4 * np.sqrt(2 / n) + 0.02)


def independent_samples(v, correlation_time):
    """How many independent values samples 20 ms apart are worth, with exponential correlation; time in ms."""
    rho = np.exp(-20 / correlation_time)
    return v.size * (1 - rho) / (1 + rho)


def test_ornstein_uhlenbeck_noise_has_its_mean_deviation_and_correlation(recording):
    # Exact at any step: neighbours correlate by exp(-dt/τ). Samples 1 ms apart with τ = 5 ms; a correlation
    # coefficient of n samples has a standard error below 1/√n.
    current = settled(recording, "slow", "I_total") * 1e12
    n = current.size / 10
    assert current.mean() == pytest.approx(30, abs=4 * 20 / np.sqrt(n))
    assert current.std() == pytest.approx(20, rel=4 / np.sqrt(2 * n))
    for lag in (1, 5, 10):
        assert correlation(current, lag) == pytest.approx(np.exp(-lag / 5), abs=4 / np.sqrt(n))


def test_it_is_as_exact_when_the_step_is_as_long_as_the_correlation_time(recording):
    # Forward Euler would have a correlation of 0 at this step, and √2 times the deviation.
    current = settled(recording, "fast", "I_total") * 1e12
    n = current.size / 2
    assert current.std() == pytest.approx(20, rel=4 / np.sqrt(2 * n))
    assert correlation(current, 1) == pytest.approx(np.exp(-1), abs=4 / np.sqrt(n))
    assert correlation(current, 2) == pytest.approx(np.exp(-2), abs=4 / np.sqrt(n))


def test_it_is_stationary_from_the_first_step(recording):
    first = recording.traces["slow"]["I_total"].data[:1] * 1e12
    assert first.std() == pytest.approx(20, rel=4 / np.sqrt(2 * 500))


def correlation(x, lag):
    deviations = x - x.mean()
    return (deviations[lag:] * deviations[:-lag]).mean() / deviations.var()


def test_neurons_have_private_noise(recording):
    # 100 neurons: 4950 pairs, each with a standard error of 1/√n, averaging to nothing.
    current = settled(recording, "fast", "I_total")
    pairs = np.corrcoef(current.T)[np.triu_indices(100, 1)]
    n = len(current) * (1 - np.exp(-2)) / (1 + np.exp(-2))
    assert pairs.mean() == pytest.approx(0, abs=4 / np.sqrt(n * len(pairs)))
    assert np.abs(pairs).max() < 5.5 / np.sqrt(n)


def test_frozen_noise_is_the_stored_waveform_in_every_neuron(recording):
    current = recording.traces["same"]["I_total"].data
    waveform = recording.inputs["frozen"]
    assert waveform.shape == (25000,)
    for neuron in range(20):
        assert np.array_equal(current[:, neuron], waveform)
    v = recording.traces["same"]["v"].data
    assert np.array_equal(v, np.repeat(v[:, :1], 20, axis=1))


def test_white_noise_has_the_deviation_of_its_density_and_no_correlation(recording):
    # Held during a step of length dt, density D has the standard deviation D/√dt: 50 pA √(20 ms/0.1 ms).
    current = settled(recording, "noisy", "I_total") * 1e12
    assert current.mean() == pytest.approx(200, abs=4 * 50 * np.sqrt(200 / current.size))
    assert current.std() == pytest.approx(50 * np.sqrt(200), rel=4 / np.sqrt(2 * current.size))
    assert correlation(current, 1) == pytest.approx(0, abs=4 / np.sqrt(current.size))


def test_a_neuron_under_white_noise_fires_at_the_rate_of_siegert_for_a_grid(recording, siegert):
    # The membrane sees the threshold at the steps only, and may cross and return between them: as if the threshold
    # were 0.5826 σ √(dt/τ) higher, where 0.5826 = -ζ(1/2)/√(2π) (Broadie, Glasserman & Kou 1997, Math. Finance 7:325).
    # Our noise is held during a step; at the steps, that makes the same process as white noise, its variance smaller
    # by (dt/τ)²/12, next to nothing. The step of a spike counts as refractory, so τ_ref is a step shorter.
    # Without the correction theory says 27.3 Hz.
    spikes = recording.spikes["noisy"].between(5000, 25000)
    rate = len(spikes) / 2000 / 2.0
    corrected = siegert(20, 5, 20 + 0.5826 * 5 * np.sqrt(0.1 / 20), 10, 20, 1.9)
    assert siegert(20, 5, 20, 10, 20, 2) == pytest.approx(27.34, abs=0.01)
    assert corrected == pytest.approx(26.34, abs=0.01)
    # 105 000 spikes of CV 0.6: a standard error of 0.2 %, 0.05 Hz.
    assert rate == pytest.approx(corrected, abs=4 * 0.05)
