"""Intermediate results that metrics share."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.activity import Activity
from snnrun.results.recording import SpikeTrains
from snnrun.units import quantity


@pytest.mark.parametrize("n_neurons", [30, 200_000])
def test_trains_are_sorted_by_neuron_then_by_time(n_neurons):
    # 200 000 neurons do not fit the 16 bits that one pass of the sort looks at.
    random = np.random.default_rng(1)
    ticks = np.sort(random.integers(500, 100_000, 5000))
    node_ids = random.integers(0, n_neurons, 5000, dtype=np.int32)
    trains = Activity("exc", SpikeTrains(ticks, node_ids, n_neurons, 1e-4, 500, 100_000)).trains
    order = np.lexsort((ticks, node_ids))
    np.testing.assert_array_equal(trains.ticks, ticks[order] - 500)
    np.testing.assert_array_equal(trains.neurons, node_ids[order])


def test_intervals_by_hand(activity_of):
    activity = activity_of([[0.1, 0.3], [], [0.2], [0.05, 0.06, 0.08]], 1.0, dt=1e-3)
    assert activity.intervals.ticks.tolist() == [200, 10, 20]
    assert activity.intervals.neurons.tolist() == [0, 3, 3]
    assert activity.counts.tolist() == [2, 0, 1, 3]


def test_later_spikes_of_the_same_neuron(activity_of):
    trains = activity_of([[0.1, 0.2, 0.4], [0.3, 0.9]], 1.0, dt=1e-3).trains
    lags, neurons = trains.lagged(2)
    assert (lags.tolist(), neurons.tolist()) == ([300], [0])
    assert not len(trains.lagged(7)[0])


def test_some_trains(activity_of):
    trains = activity_of([[0.1], [0.2, 0.3], [], [0.4]], 1.0, dt=1e-3).trains.of(np.array([1, 2, 3]))
    assert trains.ticks.tolist() == [200, 300, 400]
    assert trains.neurons.tolist() == [0, 0, 2]
    assert trains.n_neurons == 3


def test_counts_in_bins_begin_at_the_window_and_leave_its_rest_out(activity_of):
    activity = activity_of([[0.2, 0.205, 0.21], [0.2, 0.225]], 0.028, start=0.2, dt=1e-3)
    assert activity.population_counts(quantity("10 ms")).tolist() == [3, 1]
    binned = activity.binned(quantity("10 ms"))
    assert (binned.counts.tolist(), binned.neurons.tolist(), binned.bins.tolist()) == ([2, 1, 1], [0, 0, 1], [0, 1, 0])
    mean, variance = binned.mean_and_variance()
    np.testing.assert_allclose(mean, [1.5, 0.5])
    np.testing.assert_allclose(variance, [0.25, 0.25])


def test_two_neurons_in_one_bin_are_counted_apart(activity_of):
    binned = activity_of([[0.011], [0.012]], 0.02, dt=1e-3).binned(quantity("10 ms"))
    assert (binned.counts.tolist(), binned.neurons.tolist(), binned.bins.tolist()) == ([1, 1], [0, 1], [1, 1])


@pytest.mark.parametrize("ticks_type", [np.int32, np.int64, np.uint32, np.uint64])
def test_the_type_of_the_stored_ticks_does_not_matter(ticks_type):
    spikes = SpikeTrains(np.array([0, 10, 15, 99], ticks_type), np.array([0, 1, 1, 0], np.uint32), 2, 1e-3, 0, 100)
    activity = Activity("exc", spikes.between(10, 100))
    assert activity.intervals.ticks.tolist() == [5]
    assert activity.population_counts(quantity("45 ms")).tolist() == [2, 1]


def test_a_sample_is_the_same_at_each_call_and_another_with_another_seed(activity_of):
    trains = [[]] * 100
    sample = activity_of(trains, 1.0, seed=1).sample(10)
    assert len(set(sample)) == 10
    assert (np.diff(sample) > 0).all()
    np.testing.assert_array_equal(sample, activity_of(trains, 1.0, seed=1).sample(10))
    assert set(sample) != set(activity_of(trains, 1.0, seed=2).sample(10))
    assert len(activity_of(trains, 1.0).sample(1000)) == 100
