"""Predictions for experiments as they are written, and what the theory refuses."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import snnrun
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.observation import Observation
from snnrun.metrics.theory.reading import NotCoveredError, lif_network

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
SMALL = """
snnrun: 1
populations:
  exc: {size: 80, neuron: {model: lif, r_m: 50 Mohm, tau_m: 10 ms, v_rest: -60 mV}}
  inh: {size: 20, neuron: {model: lif}}
  sources: {size: 40, neuron: {model: poisson, rate: 5 Hz}}
projections:
  within: {from: exc, to: exc, synapse: {model: delta, weight: 0.2 mV}, connectivity: {rule: all_to_all}}
  back: {from: inh, to: exc, connectivity: {rule: fixed_probability, p: 0.5},
         synapse: {model: exponential_current, weight: "normal(-100 pA, 20 pA)", tau_syn: 2 ms}}
  forth: {from: exc, to: inh, synapse: {model: delta, weight: 0.1 mV}, connectivity: {rule: fixed_total_number, n: 400}}
  driving: {from: sources, to: [exc, inh], synapse: {model: delta, weight: 1 mV},
            connectivity: {rule: fixed_indegree, k: 10}}
inputs:
  noise: {to: exc, model: poisson, rate: 20 Hz, n: 100, weight: 0.3 mV}
  current: {to: [exc, inh], model: constant_current, amplitude: 100 pA}
  white: {to: inh, model: noise_current, kind: white, mean: 10 pA, density: "20 pA * sqrt(ms)"}
simulation: {duration: 100 ms}
"""


@pytest.fixture
def small():
    def load(settings=None):
        return snnrun.loads(SMALL, settings=settings or {})

    return load


@pytest.fixture
def network_of(recording_of):
    """The network of an experiment in which nothing was recorded but some made-up spikes of its populations."""

    def observe(experiment, spikes):
        recording = recording_of(spikes, 1.0, dt=1e-4, spec_resolved=experiment.resolved())
        return Observation(recording).activity("network")

    return observe


# Brunel 2000, Fig. 8, theory: 55.8, 38.0 and 6.5 Hz.
@pytest.mark.parametrize(("name", "rate"), [("si_fast", 55.84), ("ai", 37.95), ("si_slow", 6.52)])
def test_the_panels_of_brunel_2000_as_written(name, rate, network_of):
    experiment = snnrun.load(EXPERIMENTS / "brunel_2000" / f"{name}.yaml")
    measurement = network_of(experiment, {"exc": [[0.1, 0.2, 0.3]], "inh": [[]]}).measure(MeanField())
    assert measurement.value == pytest.approx(rate, abs=0.005)
    assert measurement.n_valid == 2
    assert measurement.note == "populations: exc, inh"
    series = measurement.series
    assert series["predicted"].data == pytest.approx([rate, rate], abs=0.005)
    assert series["measured"].data == pytest.approx([3, 0])
    assert set(series) == {"predicted", "measured", "mean", "sd"}


def test_the_grid_is_the_time_step_of_the_recording(network_of):
    experiment = snnrun.load(EXPERIMENTS / "brunel_2000" / "ai.yaml")
    activity = network_of(experiment, {"exc": [[]], "inh": [[]]})
    assert activity.measure(MeanField(discrete=True)).value == pytest.approx(37.25, abs=0.01)


def test_what_an_experiment_says_is_what_the_theory_counts_with(small):
    network = lif_network(small().resolved())
    assert list(network.populations) == ["exc", "inh"]
    exc, inh = network.populations.values()
    assert (exc.tau_m, exc.v_rest, exc.v_thresh, exc.v_reset, exc.tau_refrac) == pytest.approx(
        (10e-3, -60e-3, -50e-3, -60e-3, 2e-3)
    )
    assert exc.drive == pytest.approx(100e-12 * 50e6)
    assert inh.drive == pytest.approx(110e-12 * 100e6)
    # tau_m dv = r_m density dW is σ √tau_m dW with σ = r_m density / √tau_m.
    assert inh.noise == pytest.approx(100e6 * 20e-12 * math.sqrt(1e-3 / 20e-3))
    found = {(one.source, one.target): one for one in network.pathways}
    assert found["exc", "exc"].indegree == pytest.approx(79)  # no autapses
    assert found["inh", "exc"].indegree == pytest.approx(10)
    assert found["exc", "inh"].indegree == pytest.approx(20)
    step = 50e6 * 2e-3 / 10e-3
    assert found["inh", "exc"].weight == pytest.approx(-100e-12 * step)
    assert found["inh", "exc"].weight_square == pytest.approx((100e-12**2 + 20e-12**2) * step**2)
    assert found["inh", "exc"].tau_syn == pytest.approx(2e-3)
    assert dict(network.sources) == pytest.approx({"sources": 5, "inputs.noise": 20})
    assert found["inputs.noise", "exc"].indegree == 100
    assert {target for source, target in found if source == "sources"} == {"exc", "inh"}


def test_a_long_synaptic_time_constant_is_remarked(small, network_of):
    measurement = network_of(small(), {"exc": [[]], "inh": [[]]}).measure(MeanField())
    assert measurement.note == "populations: exc, inh; tau_syn is 0.2 tau_m: the prediction is rough"


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"populations.inh.neuron": {"model": "hodgkin_huxley"}}, "populations.inh: hodgkin_huxley neurons"),
        (
            {"populations.exc.neuron.v_thresh": "normal(-50 mV, 1 mV)"},
            "populations.exc.neuron.v_thresh: values that differ between neurons",
        ),
        (
            {"inputs.current.amplitude": "uniform(0 pA, 1 pA)"},
            "inputs.current.amplitude: values that differ between neurons",
        ),
        ({"projections.within.connectivity": {"rule": "one_to_one"}}, "projections.within: connectivity by one_to_one"),
        (
            {
                "projections.within.synapse": {
                    "model": "exponential_conductance", "weight": "1 nS", "e_rev": "0 mV", "tau_syn": "5 ms",
                }
            },
            "projections.within: synapses of the model exponential_conductance",
        ),
        ({"inputs.current.stop": "50 ms"}, "'stop' of inputs.current"),
        ({"inputs.noise.course": {"course": "sine", "frequency": "10 Hz"}}, "'course' of inputs.noise"),
        ({"phases": {"later": {"start": "50 ms", "parameters": {}}}}, "'phases' of the experiment"),
        (
            {"inputs.white": {"to": "inh", "model": "noise_current", "sd": "1 pA", "tau": "1 ms"}},
            "inputs.white: noise that is not white",
        ),
    ],
)  # fmt: skip
def test_what_the_theory_does_not_know_is_named(settings, part, small, network_of):
    experiment = small(settings)
    with pytest.raises(NotCoveredError) as refused:
        lif_network(experiment.resolved())
    assert str(refused.value) == part
    measurement = network_of(experiment, {"exc": [[]]}).measure(MeanField())
    assert math.isnan(measurement.value)
    assert measurement.note == f"not covered by the theory: {part}"


def test_sections_that_the_theory_has_never_heard_of_are_refused(small):
    spec = small().resolved()
    with pytest.raises(NotCoveredError, match="'weather' of the experiment"):
        lif_network({**spec, "weather": {"rain": True}})
    spec["projections"]["within"]["weather"] = "rain"
    with pytest.raises(NotCoveredError, match=r"'weather' of projections\.within"):
        lif_network(spec)


def test_without_an_experiment_there_is_no_prediction(recording_of):
    activity = Observation(recording_of({"exc": [[0.1]]}, 1.0)).activity("network")
    measurement = activity.measure(MeanField())
    assert math.isnan(measurement.value)
    assert measurement.note == "the experiment is not known"


def test_populations_that_were_not_recorded_are_predicted_all_the_same(network_of):
    experiment = snnrun.load(EXPERIMENTS / "brunel_2000" / "ai.yaml")
    series = network_of(experiment, {"inh": [[0.5]]}).measure(MeanField()).series
    assert not np.isnan(series["predicted"].data).any()
    np.testing.assert_array_equal(series["measured"].data, [np.nan, 1.0])
