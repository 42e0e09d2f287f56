"""What metrics say of a recording of several trials."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pytest

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.fano import Fano
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation
from snnrun.metrics.population_rate import PopulationRate
from snnrun.metrics.regime import Regime
from snnrun.metrics.synchrony import Synchrony
from snnrun.results.analysis import Measurement, Series
from snnrun.results.recording import Population, Recording, SpikeTrains, Trace


@pytest.fixture
def recording():
    """Three trials of 1 s at 1 ms: exc spikes 2, 4 and 0 times, inh once in each."""
    exc = SpikeTrains(
        np.array([100, 600, 10, 200, 400, 900]), np.array([0, 1, 1, 0, 0, 1]), 2, 1e-3, 0, 1000,
        np.array([0, 0, 1, 1, 1, 1]),
    )  # fmt: skip
    inh = SpikeTrains(np.array([50, 500, 100]), np.zeros(3, int), 1, 1e-3, 0, 1000, np.array([0, 1, 2]))
    populations = {"exc": Population(2), "inh": Population(1)}
    return Recording("0", "By hand", 7, 1e-3, 1000, 0, populations, {"exc": exc, "inh": inh}, trials=3)


def test_each_trial_is_seen_as_a_run_of_its_own(recording):
    trials = Observation(recording, start=0.05).activity("exc").trials
    assert [trial.ticks.tolist() for trial in trials] == [[100, 600], [200, 400, 900], []]
    assert all((trial.start, trial.stop, trial.trial) == (50, 1000, None) for trial in trials)


def test_a_metric_is_the_mean_over_the_trials(recording):
    measured = Observation(recording).measure("exc", MeanRate())
    assert measured.value == pytest.approx((2 + 4 + 0) / 3 / 2)
    assert measured.n_valid == 3 * 2
    assert measured.note == "mean over 3 trials"


def test_series_are_averaged_number_by_number(recording):
    measured = Observation(recording).measure("exc", PopulationRate())
    rate = measured.series["rate"].data
    assert rate[[10, 100, 600, 601]] == pytest.approx([1000 / 6, 1000 / 6, 1000 / 6, 0])
    assert measured.value == pytest.approx(1.0)


def test_trials_in_which_a_metric_is_undefined_do_not_count(recording):
    # Counts in windows of 100 ms: with k windows of one spike, Fano is 1 - k/10; trial 2 is silent.
    measured = Observation(recording).measure("exc", Fano())
    first, second = np.mean([0.9, 0.9]), np.mean([0.8, 0.8])
    assert measured.value == pytest.approx((first + second) / 2)
    assert measured.note == "mean over 2 of 3 trials"
    np.testing.assert_allclose(measured.series["fano"].data, [0.85, 0.85])


def test_no_trial_in_which_a_metric_is_defined(recording):
    measured = Observation(recording).measure("exc", CvIsi())
    assert not measured.is_defined
    assert measured.n_valid == 0


def test_the_network_pools_the_populations_of_each_trial(recording):
    observation = Observation(recording)
    trials = observation.activity("network").trials
    assert [trial.ticks.tolist() for trial in trials] == [[50, 100, 600], [10, 200, 400, 500, 900], [100]]
    assert [trial.node_ids.tolist() for trial in trials] == [[2, 0, 1], [1, 0, 0, 2, 1], [2]]
    assert observation.measure("network", MeanRate()).value == pytest.approx((3 + 5 + 1) / 3 / 3)


def test_the_trials_of_some_neurons_are_trains(recording):
    (second,) = Observation(recording, start=0.005).activity("exc").over_trials(np.array([1]))
    assert (second.ticks.tolist(), second.neurons.tolist(), second.n_neurons) == ([595, 5, 895], [0, 1, 1], 3)
    first, second = Observation(recording).activity("exc").over_trials(np.array([0, 1]))
    assert (first.ticks.tolist(), first.neurons.tolist()) == ([100, 200, 400], [0, 1, 1])
    assert (second.ticks.tolist(), second.neurons.tolist()) == ([600, 10, 900], [0, 1, 1])


class Labelled(Metric):
    """Says the number of spikes, and what an empty trial is."""

    metric: Literal["labelled"] = "labelled"

    def measure(self, activity: Activity) -> Measurement:
        n_spikes = len(activity.spikes)
        series = {"ticks": Series(activity.spikes.ticks, "1"), "edges": Series(np.array([0.1, 0.2]), "s")}
        return Measurement("loud" if n_spikes else "silent", "", 1, series, note=f"{n_spikes} spikes")


def test_a_label_is_that_of_most_trials(recording):
    measured = Observation(recording).measure("exc", Labelled())
    assert measured.value == "loud"
    assert measured.note == "in 2 of 3 trials; first: 2 spikes"


def test_series_of_different_shapes_are_those_of_the_first_trial(recording):
    measured = Observation(recording).measure("exc", Labelled())
    assert measured.series["ticks"].data.tolist() == [100, 600]
    assert measured.series["edges"].data.tolist() == [0.1, 0.2]


class AcrossTrials(Labelled):
    """Sees every trial."""

    across_trials: ClassVar[bool] = True


def test_a_metric_across_trials_sees_all_of_them(recording):
    assert Observation(recording).measure("exc", AcrossTrials()).note == "6 spikes"


def test_identical_trials_measure_as_one_does(renewal):
    one = renewal(20, 20.0, 2.0)
    ticks, node_ids = np.tile(one.spikes.ticks, 3), np.tile(one.spikes.node_ids, 3)
    trial = np.repeat(np.arange(3), len(one.spikes))
    trains = SpikeTrains(ticks, node_ids, 20, one.spikes.dt, 0, one.spikes.stop, trial)
    three = Activity("exc", trains, seed=one.seed, n_trials=3)
    for metric in (MeanRate(), CvIsi(), Synchrony(), Regime()):
        expected = one.measure(metric).value
        assert three.measure(metric).value == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_traces_are_told_apart_by_trial(recording):
    # Two neurons whose potentials are the same in the first trial, opposite in the others.
    wave = np.sin(np.arange(1000) / 10)
    data = np.array([wave, wave, wave, -wave, wave, -wave]).T
    trace = Trace(data, np.tile([0, 1], 3), np.arange(1000) * 1e-3, "V", np.repeat(np.arange(3), 2))
    activity = Activity("exc", recording.spikes["exc"], {"v": trace}, n_trials=3)
    assert activity.measure(Synchrony()).value == pytest.approx(1 / 3)
