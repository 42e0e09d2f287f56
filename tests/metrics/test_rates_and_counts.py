"""Mean rate, Fano factor and population rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.errors import ResultsError
from snnrun.metrics.fano import Fano
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.population_fano import PopulationFano
from snnrun.metrics.population_rate import PopulationRate
from snnrun.units import quantity


def test_the_mean_rate_counts_silent_neurons(activity_of):
    measurement = activity_of([[0.1, 0.2, 0.3], [], [0.5]], 2.0).measure(MeanRate())
    np.testing.assert_allclose(measurement.series["rate"].data, [1.5, 0, 0.5])
    assert measurement.value == pytest.approx(4 / 3 / 2)
    assert measurement.n_valid == 3
    assert measurement.unit == "Hz"


def test_the_mean_rate_of_poisson_neurons(renewal):
    value = renewal(100, 20, 10).measure(MeanRate()).value
    assert value == pytest.approx(20, abs=4 * math.sqrt(20 / (100 * 10)))


def test_only_spikes_in_the_window_count(activity_of):
    activity = activity_of([[0.1, 0.5, 0.9, 1.0, 1.4]], 0.5, start=0.5)
    assert activity.measure(MeanRate()).value == pytest.approx(2 / 0.5)


def test_the_fano_factor_of_poisson_neurons_is_one(renewal):
    n_neurons, n_windows = 200, 100
    value = renewal(n_neurons, 20, n_windows * 0.1).measure(Fano()).value
    # ddof = 0 makes it (K - 1)/K; the variance of a sample variance of K counts of mean m is (2m² + m)/K.
    tolerance = 4 * math.sqrt((2 + 1 / 2) / (n_windows * n_neurons))
    assert value == pytest.approx(1 - 1 / n_windows, abs=tolerance)


def test_the_fano_factor_of_a_renewal_process_is_its_squared_cv(renewal):
    n_neurons, n_windows, rate, window, cv2 = 100, 100, 50, 1.0, 1 / 4
    value = renewal(n_neurons, rate, n_windows * window, shape=4).measure(Fano(window=quantity("1 s"))).value
    # Cox 1962, Renewal Theory, sec. 4.5: Var n = CV² m + (1/6 + CV⁴/2 - μ₃/(3μ³)) of the equilibrium process, with
    # μ₃/μ³ = 2/κ² = 1/8 for gamma intervals of shape 4.
    expected = cv2 + (1 / 6 + cv2**2 / 2 - 1 / 8 / 3) / (rate * window)
    tolerance = 4 * expected * math.sqrt(2 / (n_windows * n_neurons))
    assert value == pytest.approx(expected * (1 - 1 / n_windows), abs=tolerance)


def test_a_constant_count_has_fano_zero_and_no_count_has_none(activity_of):
    measurement = activity_of([np.arange(0.05, 1, 0.1), []], 1.0).measure(Fano())
    np.testing.assert_array_equal(measurement.series["fano"].data, [0, np.nan])
    assert measurement.value == 0
    assert measurement.n_valid == 1


def test_a_single_window_tells_nothing_of_variance(activity_of):
    measurement = activity_of([[0.05, 0.07]], 0.15).measure(Fano())
    assert not measurement.is_defined
    assert measurement.note == "the analysed interval is shorter than two counting windows"


def test_a_rest_that_fills_no_window_is_left_out(activity_of):
    regular = np.arange(0.05, 1.09, 0.1)
    assert activity_of([regular], 1.09).measure(Fano()).value == 0


def test_the_population_rate_by_hand(activity_of):
    # Two neurons: 3 spikes in the first of two bins of 10 ms, 1 in the second, one beyond the last whole bin.
    activity = activity_of([[0.5, 0.504], [0.5099, 0.51, 0.5205]], 0.021, start=0.5)
    measurement = activity.measure(PopulationRate(bin=quantity("10 ms")))
    np.testing.assert_allclose(measurement.series["rate"].data, [150, 50])
    np.testing.assert_allclose(measurement.series["time"].data, [0.505, 0.515])
    assert measurement.value == pytest.approx(100)


def test_the_smoothed_rate_has_the_mean_of_the_rate_and_the_width_asked_for(activity_of):
    series = activity_of([[0.1005]], 0.2).measure(PopulationRate()).series
    time, smoothed = series["time"].data, series["smoothed"].data
    assert smoothed.mean() == pytest.approx(series["rate"].data.mean())
    centre = np.average(time, weights=smoothed)
    assert centre == pytest.approx(0.1005, abs=1e-6)
    assert math.sqrt(np.average((time - centre) ** 2, weights=smoothed)) == pytest.approx(2e-3, rel=0.01)


@pytest.mark.parametrize("bin_width", ["0.25 ms", "0.05 ms", "1.03 ms"])
def test_a_bin_that_is_no_multiple_of_the_time_step_is_refused(bin_width, activity_of):
    activity = activity_of([[0.1]], 1.0, dt=1e-4)
    with pytest.raises(
        ResultsError, match=rf"exc: a bin of {bin_width} is no whole multiple of the time step \(0.1 ms\)"
    ):
        activity.measure(PopulationRate(bin=quantity(bin_width)))


def test_the_fano_factor_of_a_population_of_poisson_neurons_is_one(renewal):
    # Counts of K bins: the variance has a relative standard error of √(2/K).
    n_bins = 5000
    measured = renewal(100, 20.0, n_bins * 3e-3).measure(PopulationFano())
    assert measured.value == pytest.approx(1, abs=4 * math.sqrt(2 / n_bins))
    assert measured.note == "fewer neurons than asked for: 100"


def test_the_fano_factor_of_a_population_grows_with_the_number_of_neurons_in_step(activity_of):
    random = np.random.default_rng(1)
    common = np.sort(random.uniform(0, 3, 60))
    values = [activity_of([common] * n, 3.0).measure(PopulationFano()).value for n in (1, 10)]
    assert values[1] == pytest.approx(10 * values[0])


def test_the_fano_factor_of_a_population_by_hand(activity_of):
    # Counts 2, 1, 0: mean 1, variance 2/3.
    measured = activity_of([[0.001, 0.004], [0.002]], 0.009, dt=1e-3).measure(PopulationFano())
    assert measured.value == pytest.approx(2 / 3)
    assert measured.n_valid == 2


def test_the_fano_factor_of_a_population_is_that_of_a_sample_of_fixed_size(activity_of):
    random = np.random.default_rng(1)
    common = np.sort(random.uniform(0, 3, 60))
    measured = [activity_of([common] * n, 3.0).measure(PopulationFano(neurons=20)) for n in (20, 50)]
    assert measured[0].value == measured[1].value
    assert [each.n_valid for each in measured] == [20, 20]
    assert not measured[1].note
