"""A recording in its window, and all metrics on all populations."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
import pytest

from snnrun.errors import ResultsError
from snnrun.metrics.activity import Activity
from snnrun.metrics.analyse import analyse, standard_metrics
from snnrun.metrics.base import Metric, Scope
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation
from snnrun.results.analysis import Measurement
from snnrun.results.recording import Population, Recording, SpikeTrains, Trace


@pytest.fixture
def recording():
    """1 s at 0.1 ms, warm-up 0.2 s; 3 excitatory and 2 inhibitory neurons."""
    exc = SpikeTrains(np.array([1000, 2500, 5000, 5000]), np.array([0, 1, 0, 2], np.int32), 3, 1e-4, 0, 10_000)
    inh = SpikeTrains(np.array([2000, 5000, 9999]), np.array([1, 0, 1], np.int32), 2, 1e-4, 0, 10_000)
    traces = {"exc": {"v": Trace(np.zeros((10, 1)), np.array([0]), np.arange(10) * 0.1, "V")}}
    return Recording(
        "0123456789ab", "By hand", 7, 1e-4, 10_000, 2_000,
        {"exc": Population(3), "inh": Population(2), "unrecorded": Population(8)}, {"exc": exc, "inh": inh}, traces,
    )  # fmt: skip


def test_the_window_begins_after_the_warm_up(recording):
    observation = Observation(recording)
    assert observation.window == pytest.approx((0.2, 1.0))
    assert (observation.start_tick, observation.stop_tick) == (2000, 10_000)
    assert observation.activity("exc").spikes.ticks.tolist() == [2500, 5000, 5000]


def test_the_window_can_be_chosen_and_is_half_open(recording):
    observation = Observation(recording, start=0.0, stop=0.5)
    assert observation.activity("exc").spikes.ticks.tolist() == [1000, 2500]


@pytest.mark.parametrize(
    ("window", "message"),
    [
        ({"start": 0.5, "stop": 0.5}, "from 0.5 s to 0.5 s is empty or leaves the recording, which lasts 1 s"),
        ({"start": 0.6, "stop": 0.5}, "is empty"),
        ({"stop": 1.1}, "leaves the recording"),
        ({"start": -0.1}, "leaves the recording"),
        ({"start": 0.50003}, r"0.50003 s is no whole number of time steps \(0.1 ms\)"),
        ({"stop": float("nan")}, "no whole number"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(window, message, recording):
    with pytest.raises(ResultsError, match=message):
        Observation(recording, **window)
    with pytest.raises(ValueError, match=message):
        Observation(recording, **window)


def test_the_network_is_all_recorded_neurons_in_the_order_of_time(recording):
    activity = Observation(recording).activity("network")
    assert activity.n_neurons == 5
    assert activity.spikes.ticks.tolist() == [2000, 2500, 5000, 5000, 5000, 9999]
    assert activity.spikes.node_ids.tolist() == [4, 1, 0, 2, 3, 4]
    assert not activity.traces


def test_populations_without_recorded_spikes_are_not_observed(recording):
    observation = Observation(recording)
    assert observation.populations == ("exc", "inh")
    with pytest.raises(ResultsError, match="no spikes of 'unrecorded' were recorded"):
        observation.activity("unrecorded")
    with pytest.raises(ResultsError, match="Did you mean 'exc'"):
        observation.activity("exz")


def test_a_population_keeps_its_traces_and_the_seed(recording):
    activity = Observation(recording).activity("exc")
    assert activity.traces["v"].unit == "V"
    assert activity.seed == 7


class Counted(Metric):
    """Counts how often it is computed."""

    metric: Literal["counted"] = "counted"
    calls: int = 0

    def measure(self, activity: Activity) -> Measurement:
        computed.append((activity.name, self.calls))
        return Measurement(0.0, "1", 0)


computed: list[tuple[str, int]] = []


def test_a_metric_is_computed_once_for_each_population_and_parameter(recording):
    computed.clear()
    observation = Observation(recording)
    for _ in range(3):
        observation.measure("exc", Counted())
        observation.measure("network", Counted())
        observation.measure("exc", Counted(calls=1))
    assert computed == [("exc", 0), ("network", 0), ("exc", 1)]


def test_an_analysis_holds_every_metric_of_every_population_and_of_the_network(recording):
    analysis = analyse(Observation(recording), standard_metrics())
    assert set(analysis.measurements) == {"exc", "inh", "network"}
    names = {metric.metric for metric in standard_metrics()}
    assert all(set(measured) == names for measured in analysis.measurements.values())
    assert analysis.definitions["cv_isi"] == CvIsi.summary()
    assert analysis.run_id == "0123456789ab"
    assert analysis.window == pytest.approx((0.2, 1.0))
    assert analysis.measurements["inh"]["mean_rate"].value == pytest.approx(3 / 2 / 0.8)


class OfEachPopulation(Metric):
    """Sums what it is given."""

    scope: ClassVar[Scope] = "population"
    metric: Literal["of_each_population"] = "of_each_population"

    def measure(self, activity: Activity) -> Measurement:
        return Measurement(float(len(activity.spikes)), "1", 0)


class OfTheNetwork(Metric):
    """Compares what it is given."""

    scope: ClassVar[Scope] = "network"
    metric: Literal["of_the_network"] = "of_the_network"

    def measure(self, activity: Activity) -> Measurement:
        assert activity.recording is not None
        return Measurement(float(len(activity.parts)), "1", activity.recording.populations["unrecorded"].size)


def test_a_metric_is_measured_only_where_it_makes_sense(recording):
    analysis = analyse(Observation(recording), [MeanRate(), OfEachPopulation(), OfTheNetwork()])
    assert {name: set(measured) for name, measured in analysis.measurements.items()} == {
        "exc": {"mean_rate", "of_each_population"},
        "inh": {"mean_rate", "of_each_population"},
        "network": {"mean_rate", "of_the_network"},
    }
    assert analysis.measurements["network"]["of_the_network"].value == 2
    assert analysis.measurements["network"]["of_the_network"].n_valid == 8


def test_the_parts_of_the_network_are_its_populations(recording):
    observation = Observation(recording)
    network = observation.activity("network")
    assert dict(network.parts) == {"exc": observation.activity("exc"), "inh": observation.activity("inh")}
    assert not observation.activity("exc").parts
    assert network.recording is observation.activity("exc").recording is recording


def test_a_network_of_one_population_is_measured_once_but_has_its_own_part(recording):
    alone = replace(recording, spikes={"inh": recording.spikes["inh"]})
    computed.clear()
    observation = Observation(alone)
    for name in ("inh", "network"):
        observation.measure(name, Counted())
    assert computed == [("inh", 0)]
    assert observation.measure("network", OfTheNetwork()).value == 1


def test_a_metric_asked_for_twice_is_refused(recording):
    with pytest.raises(ResultsError, match="'mean_rate' is asked for twice"):
        analyse(Observation(recording), [MeanRate(), CvIsi(), MeanRate()])


def test_a_recording_without_spikes_has_an_empty_analysis(recording):
    silent = Recording("0", "", 1, 1e-4, 100, 0, {}, {})
    assert analyse(Observation(silent), standard_metrics()).measurements == {}
    with pytest.raises(ResultsError, match="Record some"):
        Observation(silent).activity("network")
