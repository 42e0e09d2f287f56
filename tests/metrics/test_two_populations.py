"""Correlation within and between populations, cross-correlation and coherence."""

from __future__ import annotations

import math
from itertools import combinations, product

import neo
import numpy as np
import pytest
import quantities
import scipy.signal
from elephant import conversion
from elephant.spike_train_correlation import cross_correlation_histogram
from pydantic import ValidationError

from snnrun.metrics.coherence import Coherence, coherence
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.crosscorrelation import Crosscorrelation, crosscorrelation
from snnrun.metrics.observation import Observation
from snnrun.units import quantity


def _poisson(random, rate, duration):
    return np.sort(random.uniform(0, duration, random.poisson(rate * duration)))


def _sharing(random, n_neurons, rate, share, mother, duration, jitter=0.0):
    """Poisson trains of which each takes spikes of a mother train with a probability, and adds its own (Kuhn 2003)."""
    trains = []
    for _ in range(n_neurons):
        taken = mother[random.random(len(mother)) < share] + jitter
        own = _poisson(random, rate * (1 - share), duration)
        train = np.sort(np.concatenate([taken, own]))
        trains.append(train[(train >= 0) & (train < duration - 1e-4)])
    return trains


@pytest.fixture
def network(recording_of):
    def observe(populations, duration, dt=1e-4):
        return Observation(recording_of(populations, duration, dt=dt)).activity("network")

    return observe


def test_the_matrix_is_the_mean_of_numpys_over_pairs(network):
    random = np.random.default_rng(1)
    mother = _poisson(random, 20, 10.0)
    populations = {
        "exc": [*_sharing(random, 6, 20, 0.5, mother, 10.0), []],
        "inh": _sharing(random, 4, 20, 0.2, mother, 10.0),
    }
    measurement = network(populations, 10.0).measure(Correlation())
    for series, width in (("matrix", 2e-3), ("long_matrix", 0.1)):
        edges = np.arange(round(10.0 / width) + 1) * width
        # Half a step late: not on the edge of a bin, where rounding would decide.
        counts = [
            [np.histogram(np.round(np.asarray(train) / 1e-4) * 1e-4 + 5e-5, edges)[0] for train in trains if len(train)]
            for trains in populations.values()
        ]
        matrix = np.corrcoef(np.array([*counts[0], *counts[1]]))
        exc, inh = range(6), range(6, 10)
        within = [np.mean([matrix[pair] for pair in combinations(group, 2)]) for group in (exc, inh)]
        between = np.mean([matrix[pair] for pair in product(exc, inh)])
        expected = [[within[0], between], [between, within[1]]]
        np.testing.assert_allclose(measurement.series[series].data, expected, atol=1e-12)
        if series == "matrix":
            assert measurement.value == pytest.approx(matrix[np.triu_indices(10, 1)].mean(), abs=1e-12)
    assert measurement.n_valid == 45
    assert measurement.note == "1 neurons whose count does not vary are left out"


def test_a_shared_component_has_the_correlation_it_was_made_with(network):
    # Each train takes a share c of its spikes from one mother train of the same rate: counts have r = c² exactly, and
    # trains that take the shares c and d have r = c d.
    random, duration = np.random.default_rng(2), 400.0
    mother = _poisson(random, 20, duration)
    populations = {
        "exc": _sharing(random, 10, 20, 0.5, mother, duration),
        "inh": _sharing(random, 10, 20, 0.3, mother, duration),
    }
    series = network(populations, duration).measure(Correlation()).series
    expected = [[0.25, 0.15], [0.15, 0.09]]
    # Of 200 000 short bins r is known to about 1/√200 000, the mean of pairs that share neurons not much better.
    np.testing.assert_allclose(series["matrix"].data, expected, atol=4 * 1 / math.sqrt(200_000))
    np.testing.assert_allclose(series["long_matrix"].data, expected, atol=4 * 1 / math.sqrt(4_000))


def test_independent_populations_are_uncorrelated_and_only_as_coherent_as_the_bias(network):
    random, duration = np.random.default_rng(3), 200.0
    populations = {name: [_poisson(random, 20, duration) for _ in range(30)] for name in ("exc", "inh")}
    activity = network(populations, duration)
    # The mean of 900 independent r, each with the standard deviation 1/√(number of bins).
    between = activity.measure(Correlation()).series["matrix"].data[0, 1]
    assert abs(between) < 4 / math.sqrt(100_000 * 900)
    correlogram = activity.measure(Crosscorrelation()).series["crosscorrelation"].data
    assert correlogram.std() == pytest.approx(1 / math.sqrt(200_000), rel=4 / math.sqrt(2 * len(correlogram)))
    series = activity.measure(Coherence()).series
    bias, values = float(series["bias"].data), series["coherence"].data[1:-1]
    assert bias == pytest.approx(1 / (2 * 200 * 2 - 1))
    # Halves of Hann windows that overlap are correlated by 1/6: K segments count as K / (1 + 2/36) independent ones.
    # C is exponential then, but the estimates at neighbouring frequencies share half of their variance.
    assert values.mean() == pytest.approx(bias * (1 + 2 / 36), rel=4 * math.sqrt(2 / len(values)))


def test_what_follows_ten_milliseconds_later_has_a_peak_at_plus_ten(network):
    random, duration = np.random.default_rng(4), 50.0
    mother = _poisson(random, 20, duration)
    exc = _sharing(random, 20, 20, 0.5, mother, duration)
    inh = _sharing(random, 20, 20, 0.5, mother, duration, jitter=10e-3)
    activity = network({"exc": exc, "inh": inh}, duration)
    forward = activity.measure(Crosscorrelation())
    assert forward.series["peak_lag"].data == pytest.approx(10e-3)
    assert forward.note == "exc, then inh"
    backward = activity.measure(Crosscorrelation(of=("inh", "exc")))
    assert backward.series["peak_lag"].data == pytest.approx(-10e-3)
    assert backward.value == pytest.approx(forward.value)
    assert forward.series["crosscorrelation"].data[::-1] == pytest.approx(backward.series["crosscorrelation"].data)
    # A mother train in 20 of 20 neurons with the share 1/2 is 400/4 of a variance 20 + 20 · 19/4 of the population.
    assert forward.value == pytest.approx(100 / (20 + 95), abs=4 / math.sqrt(50_000))


@pytest.mark.filterwarnings("ignore:The 'copy' argument in Quantity is deprecated")
def test_cross_correlation_as_in_elephant(network):
    random, duration = np.random.default_rng(5), 5.0
    trains = [np.round(_poisson(random, 40, duration) / 1e-4) * 1e-4 for _ in range(2)]
    activity = network({"exc": [trains[0]], "inh": [trains[1]]}, duration)
    ours = activity.measure(Crosscorrelation(longest=quantity("50 ms"))).series["crosscorrelation"].data
    binned = [
        conversion.BinnedSpikeTrain(
            neo.SpikeTrain((train + 5e-5) * quantities.s, t_stop=(duration + 1e-4) * quantities.s),
            bin_size=1 * quantities.ms, n_bins=5000, tolerance=None,
        )
        for train in trains
    ]  # fmt: skip
    histogram, _ = cross_correlation_histogram(
        *binned, window=[-50, 50], border_correction=True, cross_correlation_coefficient=True
    )
    # Elephant scales counts by the overlap before it takes away the mean; in the middle they agree.
    theirs = np.asarray(histogram.magnitude).ravel()
    assert ours[50] == pytest.approx(theirs[50], abs=1e-12)
    counts = [np.bincount(each.spike_indices[0], minlength=5000).astype(float) for each in binned]
    for lag in (-50, -3, 3, 50):
        first, second = (counts[0][: 5000 - lag], counts[1][lag:]) if lag > 0 else (counts[0][-lag:], counts[1][:lag])
        covariance = np.mean((first - counts[0].mean()) * (second - counts[1].mean()))
        assert ours[50 + lag] == pytest.approx(covariance / (counts[0].std() * counts[1].std()), abs=1e-12)
        assert ours[50 + lag] == pytest.approx(theirs[50 + lag], abs=0.01)


def test_a_signal_correlates_with_itself_by_one_whatever_its_length():
    for length in (1, 2, 3, 7, 64, 100):
        signal = np.random.default_rng(length).normal(size=length)
        n_lags = length - 1
        assert np.isnan(crosscorrelation(signal, signal, 0)).all() if length == 1 else True
        assert length == 1 or crosscorrelation(signal, signal, n_lags)[n_lags] == pytest.approx(1)


def test_coherence_as_in_scipy_and_one_for_a_delayed_copy(network):
    random = np.random.default_rng(6)
    first, second = random.normal(size=(2, 20_000))
    second += np.roll(first, 3)
    frequency, ours = coherence(first, second, 1e-3, 500)
    theirs = scipy.signal.coherence(first, second, fs=1000, nperseg=500)
    np.testing.assert_allclose(frequency, theirs[0])
    np.testing.assert_allclose(ours, theirs[1])
    # Half of the power of the second is the first.
    assert ours[1:-1].mean() == pytest.approx(0.5, abs=0.03)
    train = _poisson(random, 100, 10.0)
    activity = network({"exc": [train], "inh": [train[train < 9.99] + 2e-3]}, 10.0)
    assert activity.measure(Coherence()).series["coherence"].data[2:100].min() > 0.95


def test_a_shared_rhythm_is_where_two_populations_are_coherent(network):
    random, duration = np.random.default_rng(7), 20.0
    populations = {}
    for name, shift in (("exc", 0.0), ("inh", 0.005)):
        trains = [_poisson(random, 40, duration) for _ in range(50)]
        chance = [0.5 * (1 + np.sin(2 * np.pi * 40 * (train - shift))) for train in trains]
        populations[name] = [t[random.random(len(t)) < p] for t, p in zip(trains, chance, strict=True)]
    measurement = network(populations, duration).measure(Coherence())
    assert measurement.series["peak_frequency"].data == pytest.approx(40)
    assert measurement.value > 0.9


def test_a_window_too_short_for_the_resolution_says_so(network):
    random = np.random.default_rng(8)
    activity = network({name: [_poisson(random, 100, 1.0)] for name in ("exc", "inh")}, 1.0)
    assert activity.measure(Coherence()).note == "exc and inh; the window is short: the resolution is 4.5 Hz"
    short = network({name: [[0.001]] for name in ("exc", "inh")}, 0.02)
    assert math.isnan(short.measure(Coherence()).value)
    assert short.measure(Coherence()).note == "20 bins are too few for 8 segments"


@pytest.mark.parametrize("metric", [Crosscorrelation(), Coherence()])
def test_what_does_not_vary_and_what_is_alone_is_undefined(metric, network):
    silent = network({"exc": [[0.1, 0.5]], "inh": [[]]}, 1.0).measure(metric)
    assert math.isnan(silent.value)
    assert silent.n_valid == 0
    alone = network({"exc": [[0.1, 0.5]]}, 1.0).measure(metric)
    assert math.isnan(alone.value)
    assert alone.note == "two recorded populations are needed"
    nobody = network({"exc": [[0.1]], "inh": [[0.2]]}, 1.0).measure(metric.model_copy(update={"of": ("exc", "who")}))
    assert nobody.note == "two recorded populations are needed"


def test_exactly_two_populations_are_compared():
    for names in (["exc"], ["exc", "inh", "other"]):
        with pytest.raises(ValidationError, match=r"at (least|most) 2"):
            Crosscorrelation.model_validate({"metric": "crosscorrelation", "of": names})
    assert Crosscorrelation(of=("exc", "inh")).parameters()["of"] == "exc, inh"
    assert Crosscorrelation().parameters()["of"] == ""
