"""What one spike does: through each synapse, after its delay, tick by tick."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

pytestmark = pytest.mark.physics

DT, DELAY, SPIKE = 0.1, 1.5, 10.1
"""Milliseconds: time step, delay, and when the source fires: a step after the push at 10 ms."""

NETWORK = """
snnrun: 1
parameters: {w: 100 pA, g: 10 nS, w_delta: 0.3 mV, delay: 1.5 ms}
populations:
  source:
    size: 400
    neuron: &relay {model: lif, tau_m: 20 ms, v_rest: 0 mV, v_thresh: 10 mV, v_reset: 0 mV, tau_refrac: 1 ms}
  current: {size: 1, neuron: &passive {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: -70 mV, v_thresh: 1 V}}
  equal_times: {size: 1, neuron: *passive}
  conductance: {size: 1, neuron: *passive}
  delta: {size: 1, neuron: *passive}
  relay: {size: 300, neuron: *relay}
  listener: {size: 50, neuron: *passive}

inputs:
  trigger: {to: source, model: spike_times, times: [10 ms], synapse: {model: delta, weight: 20 mV}}

projections:
  to_current: {from: source, to: current, connectivity: {rule: from_file, file: one.csv},
               synapse: {model: exponential_current, weight: w, tau_syn: 5 ms, delay: delay}}
  to_equal: {from: source, to: equal_times, connectivity: {rule: from_file, file: one.csv},
             synapse: {model: exponential_current, weight: w, tau_syn: 20 ms, delay: delay}}
  to_conductance: {from: source, to: conductance, connectivity: {rule: from_file, file: one.csv},
                   synapse: {model: exponential_conductance, weight: g, tau_syn: 5 ms, delay: delay}}
  to_delta: {from: source, to: delta, connectivity: {rule: from_file, file: one.csv},
             synapse: {model: delta, weight: w_delta, delay: delay}}
  late: {from: source, to: relay, connectivity: {rule: fixed_indegree, k: 1},
         synapse: {model: delta, weight: 20 mV, delay: "uniform(0.5 ms, 8 ms)"}}
  many: {from: source, to: listener, connectivity: {rule: fixed_probability, p: 0.2},
         synapse: {model: delta, weight: 0.125 mV, delay: 2 ms}}

simulation: {duration: 60 ms, dt: 0.1 ms, seed: 3}

record:
  traces:
    current: {variables: v}
    equal_times: {variables: v}
    conductance: {variables: v}
    delta: {variables: v}
    listener: {variables: v, neurons: 50}
  synapses: [late, many]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("single_spikes")
    (folder / "one.csv").write_text("source,target\n0,0\n")
    return folder


@pytest.fixture(scope="module")
def recording(record, folder):
    return record(NETWORK, folder=folder)


@pytest.fixture(scope="module")
def response(recording):
    """Milliseconds since a spike takes effect, and millivolts above rest, for one of the targets.

    The spike acts in the step that begins a delay later, after the membranes were integrated; traces show each step as
    it begins: the effect is seen one step after the delay.
    """

    def response(population):
        trace = recording.traces[population]["v"]
        return trace.time * 1e3 - (SPIKE + DELAY + DT), trace.data[:, 0] * 1e3 + 70

    return response


def after_onset(time, closed_form):
    return np.where(time > -DT / 2, closed_form(np.maximum(time, 0)), 0.0)


def test_spike_times_of_an_input_are_exact(recording):
    assert set(recording.spikes["source"].ticks) == {101}, "pushed at tick 100, the source crosses in the next step"
    assert np.array_equal(np.sort(recording.spikes["source"].node_ids), np.arange(400))


def test_a_delta_synapse_moves_the_potential_by_exactly_its_weight_after_its_delay(response):
    time, v = response("delta")
    np.testing.assert_allclose(v, after_onset(time, lambda t: 0.3 * np.exp(-t / 20)), atol=1e-11)
    assert v[time < -DT / 2].max() == 0
    assert v[np.isclose(time, 0)] == pytest.approx(0.3, abs=1e-11)


def test_the_psp_of_an_exponential_current_is_its_closed_form_at_every_tick(response):
    # v = r w τs / (τs - τm) (exp(-t/τs) - exp(-t/τm)): the convolution of two exponentials. Integration is exact, so
    # only rounding remains, of numbers as large as the 70 mV of rest.
    time, v = response("current")
    expected = after_onset(time, lambda t: 10 * 5 / (5 - 20) * (np.exp(-t / 5) - np.exp(-t / 20)))
    np.testing.assert_allclose(v, expected, atol=1e-11)


def test_the_peak_of_that_psp_is_where_theory_has_it(response):
    # Peak: r w (τs/τm)^(τm/(τm - τs)) at t = ln(τm/τs) τm τs/(τm - τs) = 9.24 ms; on the grid at 9.2 ms.
    time, v = response("current")
    assert time[v.argmax()] == pytest.approx(9.2)
    assert v.max() == pytest.approx(10 * (5 / 20) ** (20 / 15), rel=1e-5)


def test_equal_time_constants_give_the_alpha_function(response):
    # The exact solution divides by τm - τs; fourth-order Runge–Kutta takes over. Its error over a membrane time
    # constant is of the order (dt/τ)^4 = 6e-10.
    time, v = response("equal_times")
    np.testing.assert_allclose(v, after_onset(time, lambda t: 10 * t / 20 * np.exp(-t / 20)), atol=1e-8)
    assert v.max() == pytest.approx(10 / np.e, rel=1e-6)


def test_the_psp_of_a_conductance_synapse_is_that_of_a_fine_integration(response):
    # C dv/dt = (v_rest - v) / r + g exp(-t/τs) (e_rev - v) from the onset, solved to 1e-10 by another program.
    time, v = response("conductance")
    after = time[time > -DT / 2]

    def derivative(t, u):
        return (-u + 100e6 * 10e-9 * np.exp(-t / 5) * (70 - u)) / 20

    solution = solve_ivp(derivative, (0, after[-1]), [0], t_eval=np.maximum(after, 0), rtol=1e-10, atol=1e-10)
    # Exponential Euler holds the conductance during a step, where it falls by dt/τs = 2 %: the potential runs ahead by
    # half of that, 1 %, at first, and by less later.
    assert v.max() == pytest.approx(solution.y[0].max(), rel=0.01)
    np.testing.assert_allclose(v[time > -DT / 2], solution.y[0], atol=0.01 * solution.y[0].max())


def test_spikes_arrive_after_the_delay_that_was_drawn_for_their_synapse(recording):
    table = recording.synapses["late/source/relay"]
    spikes = recording.spikes["relay"]
    arrival = 101 + np.rint(table.delay / recording.dt).astype(int)
    expected = np.empty(300, dtype=int)
    expected[table.target_ids] = arrival + 1  # the threshold is seen crossed in the next step
    fired = np.empty(300, dtype=int)
    fired[spikes.node_ids] = spikes.ticks
    assert len(spikes) == 300
    assert np.array_equal(fired, expected)


def test_uniform_delays_fill_their_interval(recording):
    # Kolmogorov–Smirnov: 300 draws stray from the uniform distribution by more than 1.63 / √300 once in 100.
    delay = np.sort(recording.synapses["late/source/relay"].delay * 1e3)
    expected = (delay - 0.5) / 7.5
    assert delay.min() >= 0.5
    assert delay.max() <= 8
    assert np.abs(np.arange(1, 301) / 300 - expected).max() < 1.63 / np.sqrt(300)


def test_each_neuron_is_moved_by_as_many_synapses_as_the_recording_lists(recording):
    table, trace = recording.synapses["many/source/listener"], recording.traces["listener"]["v"]
    in_degree = np.bincount(table.target_ids, minlength=50)
    step = trace.data[101 + 20 + 1] - trace.data[101 + 20]
    np.testing.assert_allclose(step * 1e3, 0.125 * in_degree, atol=1e-10)
    assert np.ptp(in_degree) > 10, "the in-degrees of random connectivity differ"
