"""What reaches the neurons: sources, courses, currents and volleys, against closed forms and sampling theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.fano import Fano
from snnrun.metrics.observation import Observation
from snnrun.units import quantity

pytestmark = pytest.mark.physics

DT, TAU = 0.1, 20.0
"""Milliseconds: time step and membrane time constant."""

# A counter hardly leaks: its potential in millivolts is the number of spikes that it has received.
NETWORK = """
snnrun: 1
parameters: {onset: 10 ms, end: 30 ms}
populations:
  metronome: {size: 3, neuron: {model: spike_generator, times: [0 ms, 10 ms, 25.04 ms]}}
  listed: {size: 3, neuron: {model: spike_generator, file: spikes.csv}}
  steady: {size: 500, neuron: {model: poisson, rate: 100 Hz}}
  beating:
    size: 1000
    neuron: {model: poisson, rate: 40 Hz, course: &beat {course: sine, frequency: 5 Hz, depth: 0.8}}
  relayed: {size: 3, neuron: &counter {model: lif, tau_m: 1e9 s, v_rest: 0 mV, v_thresh: 1 MV}}
  driven: {size: 1000, neuron: *counter}
  together: {size: 30, neuron: *counter}
  volley: {size: 20, neuron: *counter}
  pushed: {size: 4, neuron: &passive {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: 0 mV, v_thresh: 1 V}}
  stepped: {size: 2, neuron: *passive}
  swung: {size: 2, neuron: *passive}
  followed: {size: 2, neuron: *passive}
  bursts: {size: 4, neuron: *counter}

projections:
  relay: {from: metronome, to: relayed, synapse: {model: delta, weight: 1 mV, delay: 1 ms},
          connectivity: {rule: one_to_one}}

inputs:
  rain: {to: driven, model: poisson, rate: 4 Hz, n: 10, course: *beat, weight: 1 mV}
  common: {to: together, model: correlated_poisson, rate: 100 Hz, correlation: 0.4,
           synapse: {model: delta, weight: 1 mV}}
  packet: {to: volley, model: pulse_packet, times: [100 ms], spikes: 50, sigma: 5 ms, same: false,
           synapse: {model: delta, weight: 1 mV}}
  push: {to: pushed, model: constant_current, amplitude: 100 pA, start: onset, stop: end, neurons: [1, 3]}
  step: {to: stepped, model: step_current, times: [5 ms, 20 ms], amplitudes: [50 pA, -20 pA]}
  swing: {to: swung, model: sine_current, mean: 30 pA, amplitude: 20 pA, frequency: 40 Hz, phase: 0.5, neurons: 1}
  follow: {to: followed, model: current_from_file, file: current.csv}
  burst: {to: bursts, model: poisson, rate: 500 Hz, weight: 1 mV, start: onset, stop: end, neurons: [0, 2]}

simulation: {duration: 2 s, dt: 0.1 ms, seed: 5}

record:
  traces:
    relayed: {variables: v, neurons: 3}
    driven: {variables: v, neurons: 1000, every: 10 ms}
    together: {variables: v, neurons: 30, every: 5 ms}
    volley: {variables: v, neurons: 20}
    pushed: {variables: [v, I_push], neurons: 4}
    stepped: {variables: [v, I_step], neurons: 2}
    swung: {variables: [v, I_swing], neurons: 2}
    followed: {variables: [v, I_follow], neurons: 2}
    bursts: {variables: v, neurons: 4}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "spikes.csv").write_text("node_id,time\n2,3\n0,1.5\n0,7\n")
    (folder / "current.csv").write_text("time,current\n0,0\n10,40\n30,-40\n")
    return folder


@pytest.fixture(scope="module")
def recording(record, folder):
    return record(NETWORK, folder=folder)


def millivolts(recording, population):
    return recording.traces[population]["v"].data * 1e3


def picoamperes(recording, population, name):
    return recording.traces[population][f"I_{name}"].data * 1e12


def filtered(current):
    """The potential in millivolts at the beginning of each step, when a current in picoamperes is held during steps."""
    decay = np.exp(-DT / TAU)
    return np.concatenate([[0], lfilter([(1 - decay) * 0.1], [1, -decay], current)[:-1]])


def test_a_spike_generator_fires_in_the_steps_of_its_times(recording, ticks_of):
    for neuron in range(3):
        assert ticks_of(recording, "metronome", neuron).tolist() == [0, 100, 250]
    assert [ticks_of(recording, "listed", neuron).tolist() for neuron in range(3)] == [[15, 70], [], [30]]


def test_spikes_of_a_source_arrive_after_their_delay(recording):
    # Effects are seen one step after the delay, see test_single_spikes.
    v = millivolts(recording, "relayed")
    assert np.flatnonzero(np.diff(v[:, 0]) > 0.5).tolist() == [10, 110, 260]
    np.testing.assert_allclose(v[-1], 3, rtol=1e-6)


def test_a_poisson_source_fires_with_its_rate_and_irregularity(recording):
    # Bernoulli trials with p = 0.01 in each step: the rate is exact, intervals have CV √(1 - p), counts a Fano factor
    # of 1 - p. Standard errors over n spikes and K windows of all neurons; a CV of m intervals is smaller by 1/m.
    n, windows = 500 * 200, 500 * 100
    assert len(recording.spikes["steady"]) == pytest.approx(n, abs=4 * np.sqrt(n))
    observation = Observation(recording)
    cv = observation.measure("steady", CvIsi()).value
    fano = observation.measure("steady", Fano(window=quantity("20 ms"))).value
    assert cv == pytest.approx(np.sqrt(0.99) - 1 / 200, abs=4 / np.sqrt(n))
    assert fano == pytest.approx(0.99 * 99 / 100, abs=4 * np.sqrt(2 / windows))


def expected_in_bins():
    """Spikes of 1000 neurons at 40 Hz in each 10 ms of 2 s, when the rate follows the sine."""
    time = np.arange(20_000) * DT * 1e-3
    return (1000 * 40 * DT * 1e-3 * (1 + 0.8 * np.sin(2 * np.pi * 5 * time))).reshape(200, 100).sum(axis=1)


def test_a_source_follows_its_course(recording):
    # The sum of squared deviations, in units of the Poisson variance, over 200 bins: 200 ± √400.
    counts = np.bincount(recording.spikes["beating"].ticks // 100, minlength=200)
    expected = expected_in_bins()
    assert ((counts - expected) ** 2 / expected).sum() == pytest.approx(200, abs=4 * np.sqrt(400))


def test_a_poisson_input_follows_its_course(recording):
    received = np.diff(millivolts(recording, "driven"), axis=0).sum(axis=1)
    expected = expected_in_bins()[: len(received)]
    assert ((received - expected) ** 2 / expected).sum() == pytest.approx(len(received), abs=4 * np.sqrt(400))


def test_correlated_spikes_reach_the_neurons_with_their_correlation(recording):
    received = np.rint(np.diff(millivolts(recording, "together"), axis=0))
    matrix = np.corrcoef(received.T)
    # The standard error of a pair, see tests/inputs/test_spikes.py: mean count 0.5 in each of 399 windows.
    error = np.sqrt((0.4 / 0.5 + 1 + 0.4**2) / len(received))
    assert matrix[np.triu_indices(30, 1)].mean() == pytest.approx(0.4, abs=4 * error)
    n = 100 * len(received) * 5e-3
    assert received.sum(axis=0).mean() == pytest.approx(n, abs=4 * np.sqrt(n))


def test_a_volley_arrives_when_it_should(recording):
    received = np.rint(np.diff(millivolts(recording, "volley"), axis=0)).sum(axis=1)
    assert received.sum() == 20 * 50
    time = np.repeat(np.arange(len(received)) * DT, received.astype(int))
    assert time.mean() == pytest.approx(100, abs=4 * 5 / np.sqrt(1000))
    assert time.std() == pytest.approx(5, abs=4 * 5 / np.sqrt(2000))


def test_a_current_sets_in_and_ends_at_its_ticks_in_the_chosen_neurons(recording):
    flowing = np.zeros(20_000)
    flowing[100:300] = 100
    for neuron, current in enumerate(picoamperes(recording, "pushed", "push").T):
        np.testing.assert_allclose(current, flowing if neuron in (1, 3) else 0 * flowing, atol=1e-9)


def test_the_membrane_follows_a_gated_current_exactly(recording):
    # r I = 10 mV: it charges from 10 ms to 30 ms, then discharges.
    time = np.arange(20_000) * DT
    charged = 10 * (1 - np.exp(-np.clip(time - 10, 0, 20) / TAU))
    expected = charged * np.exp(-np.maximum(time - 30, 0) / TAU)
    v = millivolts(recording, "pushed")
    np.testing.assert_allclose(v[:, 1], expected, atol=1e-11)
    assert not v[:, [0, 2]].any()


def test_the_membrane_follows_currents_that_change_in_each_step_exactly(recording):
    time = np.arange(20_000) * DT
    steps = np.select([time < 5 - DT / 2, time < 20 - DT / 2], [0.0, 50.0], -20.0)
    sine = 30 + 20 * np.sin(2 * np.pi * 40e-3 * time + 0.5)
    samples = np.interp(time, [0, 10, 30], [0, 40, -40])
    for population, name, current in (
        ("stepped", "step", steps),
        ("swung", "swing", sine),
        ("followed", "follow", samples),
    ):
        np.testing.assert_allclose(picoamperes(recording, population, name)[:, 0], current, atol=1e-9)
        np.testing.assert_allclose(millivolts(recording, population)[:, 0], filtered(current), atol=1e-10)
    assert not millivolts(recording, "swung")[:, 1].any(), "this neuron receives nothing"


def test_random_spikes_come_in_their_time_and_to_their_neurons(recording):
    received = np.rint(np.diff(millivolts(recording, "bursts"), axis=0))
    assert not received[:, [1, 3]].any()
    assert not received[:100].any() and not received[300:].any()
    # 500 Hz for 20 ms to two neurons.
    assert received.sum() == pytest.approx(20, abs=4 * np.sqrt(20))


def test_stimuli_are_kept_with_the_recording(recording):
    assert recording.inputs["push"].tolist() == [0] * 100 + [1] * 200 + [0] * 19_700
    np.testing.assert_allclose(recording.inputs["rain"][:3], 1 + 0.8 * np.sin(2 * np.pi * 5e-4 * np.arange(3)))


def test_other_times_and_values_need_no_other_program(record, folder, recording):
    later = record(NETWORK, {"onset": "20 ms", "end": "25 ms"}, {"simulation.duration": "50 ms"}, folder)
    assert later.provenance["fingerprint"] == recording.provenance["fingerprint"]
    flowing = picoamperes(later, "pushed", "push")[:, 1]
    assert np.flatnonzero(flowing).tolist() == list(range(200, 250))


def test_trials_repeat_what_is_frozen_and_draw_the_rest_anew(record, folder):
    def trials(**settings):
        both = record(NETWORK, None, {"simulation.duration": "150 ms", "simulation.trials": 2, **settings}, folder)
        trace = both.traces["volley"]["v"]
        return [trace.data[:, trace.trial == number] for number in range(2)]

    one, other = trials()
    assert not np.array_equal(one, other)
    one, other = trials(**{"inputs.packet.frozen": True})
    assert np.array_equal(one, other)
