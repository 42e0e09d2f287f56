"""Another program's measures on the same spikes: Elephant (https://elephant.readthedocs.io)."""

from __future__ import annotations

import neo
import numpy as np
import pytest
import quantities
from elephant import conversion, statistics
from elephant import spike_train_correlation as correlation
from elephant import spike_train_dissimilarity as dissimilarity

from snnrun.metrics.correlation import Correlation
from snnrun.metrics.cv2 import Cv2
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.fano import Fano
from snnrun.metrics.lv import Lv
from snnrun.metrics.lvr import Lvr
from snnrun.metrics.van_rossum import VanRossum
from snnrun.metrics.victor_purpura import VictorPurpura

DURATION = 5.0


@pytest.fixture
def activity(renewal):
    return renewal(8, 15.0, DURATION, shape=1.7, seed=11)


@pytest.fixture
def times(activity):
    return [activity.spikes.times[activity.spikes.node_ids == neuron] for neuron in range(activity.n_neurons)]


@pytest.fixture
def intervals(times):
    return [np.diff(train) for train in times]


def test_cv_cv2_lv_and_lvr(activity, intervals):
    # Elephant's `cv` of a single interval is 0, here it is NaN: the trains have enough intervals not to meet it.
    assert all(len(each) >= 10 for each in intervals)
    assert activity.measure(CvIsi()).value == pytest.approx(np.mean([np.std(i) / np.mean(i) for i in intervals]))
    assert activity.measure(Cv2()).value == pytest.approx(np.mean([statistics.cv2(i) for i in intervals]))
    assert activity.measure(Lv()).value == pytest.approx(np.mean([statistics.lv(i) for i in intervals]))
    theirs = [float(statistics.lvr(i * quantities.s, R=5 * quantities.ms)) for i in intervals]
    assert activity.measure(Lvr()).value == pytest.approx(np.mean(theirs))


def test_fano_factor_of_one_neuron_over_its_windows(activity, times):
    # Elephant takes the windows of one neuron as the trials of which it wants the counts.
    windows = np.linspace(0, DURATION, 51)
    theirs = []
    for train in times:
        counts = np.histogram(train + 1e-9, windows)[0]
        theirs.append(statistics.fanofactor([np.arange(n) for n in counts]))
    np.testing.assert_allclose(activity.measure(Fano()).series["fano"].data, theirs)


# Elephant 1.2 uses what quantities and numpy advise against.
@pytest.mark.filterwarnings("ignore:The 'copy' argument in Quantity is deprecated")
@pytest.mark.filterwarnings("ignore:the matrix subclass is not the recommended way:PendingDeprecationWarning")
def test_mean_correlation(activity, times):
    # Times a quarter step late: not on the edge of a bin, where rounding would decide.
    trains = [neo.SpikeTrain((train + 2.5e-6) * quantities.s, t_stop=DURATION * quantities.s) for train in times]
    binned = conversion.BinnedSpikeTrain(trains, bin_size=2 * quantities.ms)
    matrix = correlation.correlation_coefficient(binned)
    mean = matrix[np.triu_indices(len(times), k=1)].mean()
    assert activity.measure(Correlation()).value == pytest.approx(mean, abs=1e-12)


@pytest.mark.filterwarnings("ignore:The 'copy' argument in Quantity is deprecated")
def test_distances_of_van_rossum_and_of_victor_and_purpura(activity, times):
    trains = [neo.SpikeTrain(train * quantities.s, t_stop=DURATION * quantities.s) for train in times]
    pairs = np.triu_indices(len(times), k=1)
    theirs = dissimilarity.van_rossum_distance(trains, time_constant=10 * quantities.ms)
    assert activity.measure(VanRossum()).value == pytest.approx(theirs[pairs].mean())
    theirs = dissimilarity.victor_purpura_distance(trains, cost_factor=100 * quantities.Hz)
    assert activity.measure(VictorPurpura()).value == pytest.approx(theirs[pairs].mean())
