"""Another program's distances of the same spike trains: PySpike (https://mariomulansky.github.io/PySpike)."""

from __future__ import annotations

import numpy as np
import pyspike
import pytest

from snnrun.metrics.isi_distance import IsiDistance, isi_distance
from snnrun.metrics.spike_distance import SpikeDistance, spike_distance
from snnrun.metrics.spike_sync import SpikeSync, spike_sync

LENGTH = 1000
OURS = {"isi": isi_distance, "spike": spike_distance, "sync": spike_sync}
THEIRS = {
    "isi": pyspike.isi_distance_matrix,
    "spike": pyspike.spike_distance_matrix,
    "sync": pyspike.spike_sync_matrix,
}


def trains_of(rates, seed):
    """Trains in time steps, of the given expected numbers of spikes."""
    random = np.random.default_rng(seed)
    # PySpike takes a lone spike on the first step for one that lasts until the end of the window.
    return [np.sort(random.choice(np.arange(1, LENGTH), random.poisson(rate), replace=False)) for rate in rates]


def compared(trains, name, activity_of):
    trains = [np.asarray(train) for train in trains]
    ours = OURS[name](activity_of([train * 1e-3 for train in trains], LENGTH * 1e-3, dt=1e-3).trains, LENGTH)
    theirs = THEIRS[name]([pyspike.SpikeTrain(train.astype(float), [0, LENGTH]) for train in trains])
    pairs = np.triu_indices(len(trains), k=1)
    return ours[pairs], theirs[pairs]


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "rates", [[30] * 12, [0.5] * 40, [2] * 25, [0, 1, 3, 10, 30, 100], [1, 300]], ids=lambda rates: f"{max(rates)}"
)
def test_every_pair_of_random_trains(name, rates, activity_of):
    for seed in range(5):
        trains = trains_of(rates, seed)
        ours, theirs = compared(trains, name, activity_of)
        # Two trains without any spike have nothing in common for us, everything for PySpike.
        defined = ~np.isnan(ours)
        np.testing.assert_allclose(ours[defined], theirs[defined], atol=1e-12)


@pytest.mark.parametrize("name", OURS)
def test_shared_spikes(name, activity_of):
    common = trains_of([20], 1)[0]
    trains = [np.union1d(common, private) for private in trains_of([0, 3, 10, 40], 2)]
    np.testing.assert_allclose(*compared(trains, name, activity_of), atol=1e-12)


@pytest.mark.parametrize("name", OURS)
def test_edges_of_the_window(name, activity_of):
    trains = [[999], [1, 999], [1, 2, 3], [997, 998, 999], [500], [1]]
    np.testing.assert_allclose(*compared(trains, name, activity_of), atol=1e-12)


def test_the_mean_over_the_pairs(renewal):
    activity = renewal(12, 20.0, 3.0, shape=2.0)
    times = [activity.spikes.times[activity.spikes.node_ids == neuron] for neuron in range(12)]
    trains = [pyspike.SpikeTrain(train, [0, 3.0]) for train in times]
    assert activity.measure(IsiDistance()).value == pytest.approx(pyspike.isi_distance(trains))
    assert activity.measure(SpikeDistance()).value == pytest.approx(pyspike.spike_distance(trains))
    mean = pyspike.spike_sync_matrix(trains)[np.triu_indices(12, k=1)].mean()
    assert activity.measure(SpikeSync()).value == pytest.approx(mean)
    assert activity.measure(SpikeSync()).n_valid == 66
