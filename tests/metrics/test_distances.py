"""Distances between spike trains: known values, axioms of a metric, and what the pairs are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from snnrun.metrics.activity import Activity
from snnrun.metrics.isi_distance import IsiDistance, isi_distance
from snnrun.metrics.spike_distance import SpikeDistance, spike_distance
from snnrun.metrics.spike_sync import SpikeSync, spike_sync
from snnrun.metrics.trains import Trains
from snnrun.metrics.van_rossum import VanRossum, van_rossum
from snnrun.metrics.victor_purpura import VictorPurpura, victor_purpura
from snnrun.results.recording import SpikeTrains
from snnrun.units import quantity

LENGTH = 60
DISTANCES = {
    "van_rossum": lambda trains: van_rossum(trains, 7.0),
    "victor_purpura": lambda trains: victor_purpura(trains, 0.1),
    "isi_distance": lambda trains: isi_distance(trains, LENGTH),
    "spike_distance": lambda trains: spike_distance(trains, LENGTH),
}
METRICS = [VanRossum, VictorPurpura, IsiDistance, SpikeDistance, SpikeSync]


def trains_of(*trains):
    """Trains of spikes at the given time steps."""
    ticks = np.concatenate([np.sort(np.array(list(train), dtype=np.int64)) for train in trains])
    return Trains(ticks, np.repeat(np.arange(len(trains)), [len(train) for train in trains]), len(trains))


def test_victor_purpura_by_hand(activity_of):
    # Two spikes moved by 2 and by 4 ms at 0.1 per ms.
    activity = activity_of([[0.010, 0.020, 0.030], [0.012, 0.024, 0.030]], 0.1)
    assert activity.measure(VictorPurpura(cost=quantity("0.1 1/ms"))).value == pytest.approx(0.6)


def test_a_single_spike_is_1_away_from_none(activity_of):
    activity = activity_of([[0.05], []], 0.1)
    assert activity.measure(VanRossum()).value == pytest.approx(1)
    assert activity.measure(VictorPurpura()).value == pytest.approx(1)


def test_van_rossum_is_the_distance_of_traces():
    # The definition on a grid far finer than τ: D² = (2/τ) ∫ (f - g)².
    random = np.random.default_rng(1)
    tau, length = 1000.0, 30_000
    trains = [np.sort(random.choice(10_000, n, replace=False)) for n in (4, 9, 0)]
    time = np.arange(length) + 0.5
    traces = [
        sum((np.where(time > t, np.exp(-(time - t) / tau), 0) for t in train), np.zeros(length)) for train in trains
    ]
    distance = van_rossum(trains_of(*trains), tau)
    for i, j in itertools.combinations(range(3), 2):
        assert distance[i, j] == pytest.approx(np.sqrt(2 / tau * ((traces[i] - traces[j]) ** 2).sum()), rel=1e-6)


def test_van_rossum_between_coincidences_and_counts():
    trains = trains_of([10, 20, 30], [10, 25], [])
    np.testing.assert_allclose(van_rossum(trains, 1e-3)[0], [0, np.sqrt(3), np.sqrt(3)])
    np.testing.assert_allclose(van_rossum(trains, 1e9)[0], [0, 1, 3], rtol=1e-6)


def test_victor_purpura_between_coincidences_and_counts():
    trains = trains_of([10, 20, 30], [10, 25], [])
    assert victor_purpura(trains, 1e3)[0].tolist() == [0, 3, 3]
    assert victor_purpura(trains, 0.0)[0].tolist() == [0, 1, 3]


def test_victor_purpura_is_the_cheapest_way():
    # All ways: which spikes of one train are moved to which of the other, in order.
    random = np.random.default_rng(2)
    trains = [sorted(random.choice(40, n, replace=False)) for n in (3, 4, 2)]
    cost = 0.15

    def cheapest(one, other):
        ways = (
            len(one) + len(other) - 2 * n + cost * sum(abs(a - b) for a, b in zip(kept, taken, strict=True))
            for n in range(min(len(one), len(other)) + 1)
            for kept in itertools.combinations(one, n)
            for taken in itertools.combinations(other, n)
        )
        return min(ways)

    distance = victor_purpura(trains_of(*trains), cost)
    for i, j in itertools.combinations(range(3), 2):
        assert distance[i, j] == pytest.approx(cheapest(trains[i], trains[j]))


spikes = st.sets(st.integers(0, LENGTH - 1), max_size=8)


@pytest.mark.parametrize("name", DISTANCES)
@given(trains=st.lists(spikes, min_size=2, max_size=5))
def test_distances_are_symmetric_and_not_negative(name, trains):
    distance = DISTANCES[name](trains_of(*trains))
    backwards = DISTANCES[name](trains_of(*reversed(trains)))
    np.testing.assert_allclose(distance, distance.T)
    np.testing.assert_allclose(distance, backwards[::-1, ::-1], atol=1e-7)
    assert (distance >= 0).all()
    if name in {"isi_distance", "spike_distance"}:
        assert (distance <= 1).all()


@pytest.mark.parametrize("name", DISTANCES)
@given(train=spikes)
def test_identical_trains_are_0_apart(name, train):
    assert DISTANCES[name](trains_of(train, train)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("name", ["van_rossum", "victor_purpura"])
@given(first=spikes, second=spikes)
def test_different_trains_are_apart(name, first, second):
    distance = DISTANCES[name](trains_of(first, second))[0, 1]
    assert (distance > 1e-3) == (first != second)


@pytest.mark.parametrize("name", ["van_rossum", "victor_purpura"])
@given(first=spikes, second=spikes, third=spikes)
def test_no_way_round_is_shorter(name, first, second, third):
    distance = DISTANCES[name](trains_of(first, second, third))
    assert distance[0, 2] <= distance[0, 1] + distance[1, 2] + 1e-7


@given(first=spikes, second=spikes)
def test_synchrony_is_a_fraction_of_the_spikes(first, second):
    synchrony = spike_sync(trains_of(first, second), LENGTH)
    if not first | second:
        assert np.isnan(synchrony[0, 1])
    else:
        assert 0 <= synchrony[0, 1] <= 1
        assert synchrony[0, 1] == synchrony[1, 0]
        assert (synchrony[0, 1] * (len(first) + len(second)) / 2) == pytest.approx(
            round(synchrony[0, 1] * (len(first) + len(second)) / 2)
        )


@given(train=spikes.filter(bool))
def test_identical_trains_are_in_synchrony(train):
    assert spike_sync(trains_of(train, train), LENGTH)[0, 1] == 1


def test_coincidence_is_judged_by_the_intervals_around():
    # Intervals of 20: spikes coincide up to less than 10 apart.
    clock = np.arange(100, 500, 20)
    assert [spike_sync(trains_of(clock, clock + shift), 600)[0, 1] for shift in (0, 9, 10)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("metric", "expected", "tolerance"),
    # PySpike's documentation: 1/2 and 1/4 for Poisson trains; SPIKE-distance: Kreuz et al. 2013.
    # The tolerance is three times the spread of the mean over seeds.
    [(IsiDistance(), 0.50, 0.01), (SpikeDistance(), 0.295, 0.006), (SpikeSync(), 0.25, 0.01)],
)
def test_poisson_trains(metric, expected, tolerance, renewal):
    assert renewal(20, 20.0, 30.0, seed=5).measure(metric).value == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("metric", METRICS)
def test_of_one_trial_the_pairs_are_those_of_the_neurons(metric, activity_of):
    measured = activity_of([[0.01, 0.03], [0.01, 0.03], [0.02, 0.05, 0.06]], 0.1).measure(metric())
    assert measured.n_valid == 3
    assert measured.note == "pairs of 3 neurons"
    of_neuron = measured.series["of_neuron"].data
    assert of_neuron[0] == pytest.approx(of_neuron[1])
    assert measured.value == pytest.approx(of_neuron.mean())


@pytest.mark.parametrize("metric", METRICS)
def test_of_several_trials_the_pairs_are_those_of_the_trials_of_a_neuron(metric):
    # Neuron 0 does the same in both trials, neuron 1 does not.
    ticks = np.array([100, 300, 350, 100, 200, 300])
    spikes = SpikeTrains(ticks, np.array([0, 0, 1, 0, 1, 0]), 2, 1e-4, 0, 1000, np.array([0, 0, 0, 1, 1, 1]))
    measured = Activity("exc", spikes, n_trials=2).measure(metric())
    of_neuron = measured.series["of_neuron"].data
    assert of_neuron[0] == (1 if metric is SpikeSync else 0)
    assert metric in {IsiDistance, SpikeSync} or of_neuron[1] > 0  # one spike 15 ms late: its rate is the same
    assert measured.value == pytest.approx(of_neuron.mean())
    assert measured.n_valid == 2
    assert measured.note == "pairs of 2 trials of the same neuron"


@pytest.mark.parametrize("metric", METRICS)
def test_a_neuron_has_no_pair(metric, activity_of):
    measured = activity_of([[0.01, 0.03]], 0.1).measure(metric())
    assert not measured.is_defined
    assert measured.n_valid == 0


@pytest.mark.parametrize("metric", METRICS)
def test_no_more_neurons_are_taken_than_asked_for(metric, renewal):
    activity = renewal(30, 10.0, 1.0)
    measured = activity.measure(metric(neurons=5))
    assert measured.n_valid == 10
    assert measured.series["neuron"].data.tolist() == activity.sample(5).tolist()
