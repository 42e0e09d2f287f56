"""Plastic synapses of the fast engine, most of whose state belongs to sources and targets, against the reference, where
each synapse has all of it.

Nothing is drawn while the network runs. Sources fire at given times; targets are driven by currents, pushed at times
that coincide with some of those, and moved by the synapses.
"""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.loading import loads
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate

pytestmark = pytest.mark.physics

# Beyond 256 neurons a second thread has a share.
SIZE = 400
STATIC = "model: exponential_current, weight: 10 pA"
RULES = {
    f"{bounds}_{pairing}": f"{STATIC}, delay: 1.5 ms, "
    f"plasticity: {{rule: stdp, w_max: 20 pA, bounds: {bounds}, pairing: {pairing}}}"
    for bounds in ("additive", "multiplicative", "mixed")
    for pairing in ("all", "nearest")
} | {
    "varied": f'{STATIC}, delay: "uniform(0.1 ms, 5 ms)", plasticity: {{rule: stdp, w_max: 20 pA}}',
    "late": f"{STATIC}, plasticity: {{rule: stdp, w_max: 20 pA, learning_rate: 0}}",
    "triplet": f"{STATIC}, delay: 0.3 ms, plasticity: {{rule: stdp_triplet, w_max: 20 pA, a2_plus: 0.005, "
    "a3_minus: 0.002}",
    "triplet_nearest": f"{STATIC}, plasticity: {{rule: stdp_triplet, w_max: 20 pA, a3_minus: 0.002, pairing: nearest}}",
    "inhibitory": "model: exponential_conductance, weight: 0.1 nS, e_rev: -80 mV, tau_syn: 10 ms, "
    "plasticity: {rule: inhibitory_stdp, eta: 5 pS, w_max: 1 nS}",
    "depressing": f"{STATIC}, delay: 1 ms, plasticity: {{rule: short_term, U: 0.5, tau_rec: 100 ms}}",
    "facilitating": f"{STATIC}, plasticity: {{rule: short_term, U: 0.1, tau_rec: 50 ms, tau_facil: 200 ms}}",
    # b is the trace of a trace; z, which both sides change, stays with the synapses.
    "own": """model: equations, weight: "uniform(0 mV, 0.2 mV)", delay: 0.5 ms, parameters: {tau: 20 ms},
      state: "da/dt = -a/tau : 1 (event-driven)\\n db/dt = (a - b)/(2*tau) : 1 (event-driven)\\n
              dy/dt = -y/tau : 1 (event-driven)\\n dz/dt = -z/tau : 1 (event-driven)",
      on_pre: "v_post += weight*b\\n a += 1\\n z += y", on_post: "y = 1\\n z = z/2\\n weight += b*z*1e-3*mV" """,
    # One side leaves a trace and does nothing else.
    "weakened": """model: equations, weight: 0.1 mV, parameters: {tau: 20 ms},
      state: "dy/dt = -y/tau : 1 (event-driven)", on_pre: "v_post += weight\\n weight -= 1e-2*y*weight",
      on_post: y += 1 """,
    "strengthened": """model: equations, weight: 0.1 mV, delay: 2 ms, parameters: {tau: 20 ms},
      state: "da/dt = -a/tau : 1 (event-driven)", on_pre: a = 1, on_post: weight += 1e-2*a*weight """,
}
LEARNED = sorted(RULES.keys() - {"depressing", "facilitating"})
PROJECTIONS = "\n".join(
    f"  {name}: {{from: source, to: target, connectivity: {{rule: fixed_probability, p: 0.02}}, synapse: {{{rule}}}}}"
    for name, rule in RULES.items()
)

NETWORK = f"""
snnrun: 1
populations:
  source: {{size: {SIZE}, neuron: {{model: spike_generator, file: source.csv}}}}
  target: {{size: {SIZE}, neuron: {{model: lif, v_rest: -70 mV, v_thresh: -50 mV, v_reset: -60 mV, tau_refrac: 2 ms}}}}
projections:
{PROJECTIONS}
  recurrent: {{from: target, to: target, connectivity: {{rule: fixed_probability, p: 0.02}},
              synapse: {{{STATIC}, delay: 1 ms, plasticity: {{rule: stdp, w_max: 20 pA}}}}}}
inputs:
  drive: {{to: target, model: constant_current, amplitude: "linspace(180 pA, 230 pA)"}}
  push: {{to: target, model: spike_times, file: target.csv, synapse: {{model: delta, weight: 20 mV}}}}
phases:
  learning: {{start: 100 ms, set: {{projections.late.synapse.plasticity.learning_rate: 1}}}}
simulation: {{duration: 400 ms, dt: 0.1 ms}}
record:
  weights: {{{", ".join(f"{name}: {{every: 50 ms}}" for name in [*LEARNED, "recurrent"])}}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plastic")
    random = np.random.default_rng(1)
    for side, shift in (("source", 0), ("target", 1)):  # a push makes its neuron fire a step later
        ticks = random.choice(np.arange(50, 4000, 5), (SIZE, 6))
        rows = [f"{node},{tick - shift}e-1" for node in range(SIZE) for tick in sorted(set(ticks[node]))]
        (folder / f"{side}.csv").write_text("\n".join(["node_id,time", *rows]) + "\n")

    def simulated(engine, threads=1):
        experiment = loads(NETWORK, folder, settings={"simulation.engine": engine})
        return simulate(experiment, folder, Listener(), threads=threads)

    return simulated


@pytest.fixture(scope="module")
def fast(run):
    return run("fast")


@pytest.fixture(scope="module")
def reference(run):
    return run("reference")


def weights(recording):
    return {name.partition("/")[0]: history.data for name, history in recording.weights.items()}


def same_spikes(one, other):
    return np.array_equal(one.ticks, other.ticks) and np.array_equal(one.node_ids, other.node_ids)


def test_all_that_is_compared_is_alive(reference):
    assert len(reference.spikes["target"]) > 10 * SIZE
    for name, data in weights(reference).items():
        assert data.shape == (9, data.shape[1])
        assert np.mean(data[-1] != data[0]) > 0.5, name


@pytest.mark.parametrize("name", [*LEARNED, "recurrent"])
def test_weights_are_those_of_the_reference(fast, reference, name):
    found, expected = weights(fast)[name], weights(reference)[name]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * expected.max())


def test_spikes_are_those_of_the_reference(fast, reference):
    # Short-term plasticity shows in them alone.
    assert same_spikes(fast.spikes["target"], reference.spikes["target"])


def test_two_threads_give_the_bits_of_one(run, fast):
    two = run("fast", threads=2)
    assert same_spikes(two.spikes["target"], fast.spikes["target"])
    for name, data in weights(fast).items():
        assert np.array_equal(weights(two)[name], data)
