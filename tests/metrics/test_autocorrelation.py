from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import correlate

from snnrun.metrics.autocorrelation import Autocorrelation, autocorrelation, side_peak
from snnrun.units import quantity


def _at(series, name, lag):
    lags = series["neuron_lag" if name == "neuron_rate" else "lag"].data
    return series[name].data[np.abs(lags - lag).argmin()]


def test_the_population_curve_is_the_direct_sum():
    values = np.random.default_rng(1).poisson(3, 300) * 1.0
    centred = values - values.mean()
    direct = correlate(centred, centred, method="direct")[299:350] / (300 - np.arange(51))
    np.testing.assert_allclose(autocorrelation(values, 50), direct / direct[0], atol=1e-12)


def test_a_rhythm_rings(activity_of):
    # Every neuron spikes once in each cycle of 25 ms, at a random phase around its middle.
    phases = np.random.default_rng(2).normal(0.0125, 0.003, (200, 80))
    activity = activity_of(list(np.sort(phases + 0.025 * np.arange(80))), 2.0)
    measurement = activity.measure(Autocorrelation())
    assert measurement.value > 0.9
    assert _at(measurement.series, "autocorrelation", 0) == pytest.approx(1)
    assert _at(measurement.series, "autocorrelation", 0.025) > 0.9
    assert _at(measurement.series, "autocorrelation", 0.0125) < -0.3


def test_poisson_neurons_remember_nothing(renewal):
    n_neurons, rate, duration = 100, 20.0, 10.0
    measurement = renewal(n_neurons, rate, duration).measure(Autocorrelation())
    curve, lag = measurement.series["autocorrelation"].data, measurement.series["lag"].data
    assert np.abs(curve[lag != 0]).max() < 4.5 / math.sqrt(duration / 1e-3)
    conditional = measurement.series["neuron_rate"].data
    # Pairs at one lag: N ν² bin T of them, of which each counts for 1/(N n bin).
    pairs = n_neurons * rate**2 * 1e-3 * duration
    assert np.abs(conditional - rate).max() < 4.5 * rate / math.sqrt(pairs / 2)
    # All lags together; a rate ν_i estimated from n_i spikes is (n_i - 1)/T at any lag.
    assert conditional.mean() == pytest.approx(rate - 1 / duration, abs=4 * math.sqrt(rate / (n_neurons * duration)))


def test_a_clock_spikes_again_after_its_period_and_never_between(activity_of):
    clock = np.arange(0.0005, 1, 0.01)
    series = activity_of([clock], 1.0).measure(Autocorrelation()).series
    # 99 of 100 spikes have a next one, in a bin of 1 ms; the overlap takes 10 of 1000 bins away.
    assert _at(series, "neuron_rate", 0.01) == pytest.approx(99 / 100 / 1e-3 / 0.99)
    assert _at(series, "neuron_rate", -0.05) == pytest.approx(1000)
    assert _at(series, "neuron_rate", 0.0) == 0
    assert _at(series, "neuron_rate", 0.005) == 0


def test_a_spike_is_not_counted_as_its_own_companion_but_two_in_a_bin_are(activity_of):
    series = activity_of([[0.1001, 0.1004]], 1.0).measure(Autocorrelation()).series
    # Each of the two sees one other in its bin.
    assert _at(series, "neuron_rate", 0.0) == pytest.approx(1 / 1e-3)


def test_curves_are_symmetric_and_as_long_as_asked_for(renewal):
    metric = Autocorrelation(longest=quantity("50 ms"), neuron_longest=quantity("20 ms"))
    series = renewal(10, 20, 2).measure(metric).series
    assert series["lag"].data[[0, -1]] == pytest.approx([-0.05, 0.05])
    assert series["neuron_lag"].data[[0, -1]] == pytest.approx([-0.02, 0.02])
    for name in ("autocorrelation", "neuron_rate"):
        np.testing.assert_array_equal(series[name].data, series[name].data[::-1])


def test_a_constant_rate_has_no_autocorrelation(activity_of):
    assert math.isnan(activity_of([np.arange(0.0005, 1, 0.001)], 1.0).measure(Autocorrelation()).value)


def test_the_side_peak_lies_behind_the_first_zero():
    assert side_peak(np.array([1, 0.5, -0.2, 0.3, 0.1])) == 0.3
    assert math.isnan(side_peak(np.array([1, 0.8, 0.6])))


def test_single_neurons_are_sampled_from_the_seed(renewal):
    activity = renewal(50, 20, 2)
    few, all_neurons = activity.measure(Autocorrelation(neurons=10)), activity.measure(Autocorrelation(neurons=50))
    again = renewal(50, 20, 2).measure(Autocorrelation(neurons=10))
    np.testing.assert_array_equal(few.series["neuron_rate"].data, again.series["neuron_rate"].data)
    assert (few.series["neuron_rate"].data != all_neurons.series["neuron_rate"].data).any()
