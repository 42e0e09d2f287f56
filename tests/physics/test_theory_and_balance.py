"""What is rebuilt or predicted from the numbers of an experiment, against the simulated network."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.analyse import analyse
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.crosscorrelation import Crosscorrelation
from snnrun.metrics.ei_balance import EiBalance
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.observation import Observation
from snnrun.metrics.synaptic_drive import synaptic_drives

pytestmark = pytest.mark.physics

NETWORK = """
snnrun: 1
populations:
  exc: {size: 80, neuron: {model: poisson, rate: 20 Hz}}
  inh: {size: 20, neuron: {model: poisson, rate: 40 Hz}}
  passive: {size: 5, neuron: &passive {model: lif, tau_m: 20 ms, v_rest: 0 mV, v_thresh: 1 V}}
  filtered: {size: 5, neuron: *passive}
  jumping:
    size: 1000
    neuron: &cell {model: lif, tau_m: 20 ms, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV, tau_refrac: 2 ms}
    initial: &start {v: "uniform(10 mV, 20 mV)"}
  smooth: {size: 1000, neuron: *cell, initial: *start}

projections:
  up: {from: exc, to: passive, synapse: {model: delta, weight: "uniform(0.1 mV, 0.5 mV)", delay: 1.5 ms},
       connectivity: {rule: fixed_probability, p: 0.5}}
  down: {from: inh, to: passive, synapse: {model: delta, weight: -0.4 mV, delay: "uniform(0 ms, 3 ms)"},
         connectivity: {rule: fixed_probability, p: 0.5}}
  push: {from: exc, to: filtered, connectivity: {rule: fixed_indegree, k: 40},
         synapse: {model: exponential_current, weight: 10 pA, tau_syn: 5 ms}}
  pull: {from: inh, to: filtered, connectivity: {rule: fixed_indegree, k: 10},
         synapse: {model: exponential_current, weight: -20 pA, tau_syn: 8 ms}}

inputs:
  jumps: {to: jumping, model: poisson, rate: 10 Hz, n: 1000, weight: 0.1 mV}
  kicks: {to: smooth, model: poisson, rate: 10 Hz, n: 1000,
          synapse: {model: exponential_current, weight: 100 pA, tau_syn: 0.2 ms}}

simulation: {duration: 2.2 s, warmup: 0.2 s, seed: 5}

record:
  spikes: [exc, inh, passive, filtered, jumping, smooth]
  synapses: [up, down]
  traces:
    passive: {variables: v, neurons: 5}
    filtered: {variables: [I_push, I_pull], neurons: 5}
"""


@pytest.fixture(scope="module")
def recording(record):
    return record(NETWORK)


def test_excitation_and_inhibition_rebuilt_from_spikes_add_up_to_the_potential(recording):
    window = 2000, recording.n_ticks
    potential = recording.traces["passive"]["v"].data
    drives = synaptic_drives(recording, "passive", np.arange(5), 20e-3, 0, window)
    for neuron, (excitation, inhibition) in enumerate(drives):
        # Spikes arrive at the end of a step, the potential is recorded at its start.
        np.testing.assert_allclose((excitation + inhibition)[:-1], potential[2001:, neuron], atol=1e-9)


def test_independent_excitation_and_inhibition_do_not_balance(recording):
    observation = Observation(recording)
    for name, n_neurons in (("passive", 5), ("filtered", 5)):
        measurement = observation.measure(name, EiBalance())
        assert measurement.n_valid == n_neurons
        # 2 s hold some 40 independent values of what is correlated over 20 ms; the five neurons share their sources.
        assert abs(measurement.value) < 4 / np.sqrt(40)
        assert measurement.series["variance_ratio"].data.mean() == pytest.approx(1, abs=4 / np.sqrt(40))
    # 40 · 20 Hz · 10 pA · 5 ms = 40 pA, and 10 · 40 Hz · 20 pA · 8 ms = 64 pA; counts of 1600 and 800 spikes vary.
    beta = observation.measure("filtered", EiBalance()).series["beta"].data
    assert beta == pytest.approx([24 / 40] * 5, abs=4 * 64 / 40 * np.sqrt(1 / 1600 + 1 / 800))


def test_theory_predicts_the_rates_of_neurons_under_poisson_input(recording):
    network = Observation(recording).activity("network")
    continuous, on_grid = (network.measure(MeanField(discrete=discrete)) for discrete in (False, True))
    names = continuous.note.partition(";")[0].removeprefix("populations: ").split(", ")
    assert names == ["passive", "filtered", "jumping", "smooth"]
    measured = dict(zip(names, on_grid.series["measured"].data, strict=True))
    predicted = dict(zip(names, on_grid.series["predicted"].data, strict=True))
    # The mean is at the threshold, σ 1.4 mV. The rate of 1000 neurons in 2 s is known to 0.3 %; that jumps of 0.1 mV
    # are no Gaussian noise, and that tau_syn is not 0, changes it by some percent.
    for name in ("jumping", "smooth"):
        assert measured[name] == pytest.approx(predicted[name], rel=0.04)
    assert predicted["passive"] == measured["passive"] == 0
    at = names.index("jumping")
    assert continuous.series["predicted"].data[at] > on_grid.series["predicted"].data[at]
    assert continuous.series["predicted"].data[names.index("smooth")] == pytest.approx(predicted["smooth"])


def test_each_metric_is_found_where_it_was_measured(recording):
    metrics = [Correlation(), Crosscorrelation(of=("exc", "inh")), EiBalance(), MeanField()]
    found = analyse(Observation(recording), metrics).measurements
    assert set(found["network"]) == {"correlation", "crosscorrelation", "mean_field"}
    assert set(found["exc"]) == {"correlation", "ei_balance"}
    assert found["network"]["correlation"].series["matrix"].data.shape == (6, 6)
