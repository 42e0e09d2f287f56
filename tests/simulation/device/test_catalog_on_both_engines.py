"""What the catalog offers does the same under both engines: bit for bit where nothing is drawn while the program runs,
to rounding where traces of spikes are integrated in steps instead of from spike to spike.

One experiment holds all entries: a program is compiled for it once for each engine, and a failure names the entry.
"""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.loading import loads
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate

# Largest current of a ramp over the neurons.
NEURONS = {
    "adaptive_threshold_lif": "1 nA",
    "adex": "900 pA",
    "eif": "1 nA",
    "hodgkin_huxley": "2 nA",
    "izhikevich": "3 nA",
    "lif": "400 pA",
    "qif": "1 nA",
    "traub_miles": "900 pA",
    "wang_buzsaki": "1 nA",
}
# A value that is held for a time step, a threshold of several conditions, a refractory time that changes.
HELD = """{model: equations, threshold: "v > v_t + u*mV and (u < 5 or v > 0*mV)", refractory: "1*ms + u*ms",
      reset: "v = v_0\\nu += 1", parameters: {v_0: -70 mV, v_t: -50 mV, tau: "uniform(18 ms, 22 ms)"},
      equations: "dv/dt = (v_0 - v + drive)/tau : volt\\ndu/dt = -u/(30*ms) : 1\\n
        drive = 100*Mohm*I_total*(1 + 0.5*sin(t/ms)) : volt (constant over dt)"}"""
# Model, weight, unit of the weight.
SYNAPSES = {
    "delta": ("delta", 2, "mV", ""),
    "exponential_current": ("exponential_current", 80, "pA", ""),
    "alpha_current": ("alpha_current", 60, "pA", ""),
    "exponential_conductance": ("exponential_conductance", 3, "nS", ", e_rev: 0 mV"),
    "alpha_conductance": ("alpha_conductance", 3, "nS", ", e_rev: 0 mV"),
    "biexponential_conductance": (
        "biexponential_conductance",
        6,
        "nS",
        ", tau_rise: 0.5 ms, tau_decay: 5 ms, e_rev: 0 mV",
    ),
    "nmda": ("nmda", 3, "nS", ""),
    "short_term": ("delta", 1, "mV", ", plasticity: {rule: short_term, U: 0.2}"),
    "stdp": ("delta", 1, "mV", ", plasticity: {rule: stdp, w_max: 4 mV}"),
    "stdp_triplet": ("delta", 1, "mV", ", plasticity: {rule: stdp_triplet, w_max: 4 mV}"),
    "inhibitory_stdp": ("delta", 1, "mV", ", plasticity: {rule: inhibitory_stdp, eta: 0.1 mV, w_max: 4 mV}"),
}
PLASTIC = ("short_term", "stdp", "stdp_triplet", "inhibitory_stdp")
TARGETS = [f"{name}_{values}" for name in SYNAPSES for values in ("shared", "varied")]


def experiment():
    """All neuron models on their own; all synapses and plasticity rules onto populations of their own."""
    populations = [f"{name}: {{size: 37, neuron: {{model: {name}}}}}" for name in NEURONS]
    populations += [f"held: {{size: 37, neuron: {HELD}}}", "source: {size: 60, neuron: {model: lif}}"]
    currents = {name: f"linspace(0 pA, {most})" for name, most in NEURONS.items()}
    currents |= {"held": "linspace(100 pA, 500 pA)", "source": "linspace(210 pA, 500 pA)"}
    projections = []
    for name, (model, weight, unit, more) in SYNAPSES.items():
        for values in ("shared", "varied"):
            target = f"{name}_{values}"
            delay = "0.5 ms" if values == "shared" else "uniform(0 ms, 3 ms)"
            number = f"{weight} {unit}" if values == "shared" else f"uniform(0 {unit}, {weight} {unit})"
            synapse = f'{{model: {model}, weight: "{number}", delay: "{delay}"{more}}}'
            populations.append(f"{target}: {{size: 60, neuron: {{model: lif}}}}")
            currents[target] = "linspace(150 pA, 250 pA)"
            for kind, source, p in (("to", "source", 0.3), ("within", target, 0.1)):
                projections.append(
                    f"{kind}_{target}: {{from: {source}, to: {target}, synapse: {synapse}, "
                    f"connectivity: {{rule: fixed_probability, p: {p}}}}}"
                )
    inputs = [
        f'ramp_{name}: {{to: {name}, model: constant_current, amplitude: "{ramp}"}}' for name, ramp in currents.items()
    ]
    traces = [f"{name}: {{variables: [v, I_total], neurons: 4, every: 0.5 ms}}" for name in currents]

    def lines(entries):
        return "".join(f"\n  {entry}" for entry in entries)

    return f"""
snnrun: 1
populations:{lines(populations)}
projections:{lines(projections)}
inputs:{lines(inputs)}
phases:
  later:
    start: 60.3 ms
    set:
      projections.to_delta_shared.synapse.weight: 3 mV
      projections.to_nmda_varied.synapse.weight: "uniform(0 nS, 5 nS)"
      populations.source.neuron.tau_m: 12 ms
simulation: {{duration: 100.7 ms, dt: 0.05 ms, trials: 2, math: strict}}
record:
  spikes: [{", ".join(currents)}]
  traces: {{{", ".join(traces)}}}
"""


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    def run(engine, threads=1):
        described = loads(experiment(), settings={"simulation.engine": engine})
        return simulate(described, tmp_path_factory.mktemp(engine), Listener(), threads=threads)

    return {"fast": run("fast"), "two threads": run("fast", 2), "reference": run("reference")}


def assert_same(one, other, name, rounding=0.0):
    assert len(one.spikes[name]) > 0
    for part in ("ticks", "node_ids"):
        assert np.array_equal(getattr(one.spikes[name], part), getattr(other.spikes[name], part))
    for variable, trace in one.traces[name].items():
        found, expected = trace.data, other.traces[name][variable].data
        assert np.max(np.abs(found - expected)) <= rounding * np.max(np.abs(expected))


@pytest.mark.parametrize("name", [*NEURONS, "held", "source"])
def test_neurons_do_the_same_under_both_engines(simulated, name):
    assert_same(simulated["fast"], simulated["reference"], name)


@pytest.mark.parametrize("name", TARGETS)
def test_synapses_do_the_same_under_both_engines(simulated, name):
    # Weights of plastic synapses differ by some units of the last place; spikes are the same here.
    rounding = 1e-12 if name.rpartition("_")[0] in PLASTIC else 0.0
    assert_same(simulated["fast"], simulated["reference"], name, rounding)


@pytest.mark.parametrize("name", [*NEURONS, "held", "source", *TARGETS])
def test_threads_change_nothing(simulated, name):
    assert_same(simulated["fast"], simulated["two threads"], name)
