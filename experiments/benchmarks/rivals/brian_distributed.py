"""Delays and weights that differ from synapse to synapse, in plain Brian 2: distributed.yaml."""

import numpy as np
from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, ms, mV
from brian_script import begin, finish
from fixed_indegree import fixed_indegree

task = begin()
random = np.random.default_rng(task.seed)
neurons = NeuronGroup(
    10_000,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"


def connect(first: int, last: int, k: int, weight: float) -> Synapses:
    """Synapses from the neurons first … last - 1 onto all, with weights around a mean in millivolts."""
    synapses = Synapses(neurons[first:last], neurons, "w : volt", on_pre="v_post += w")
    pairs = fixed_indegree(random, first, last, 10_000, k)
    synapses.connect(**pairs)
    n_synapses = len(pairs["i"])
    synapses.w = weight * np.maximum(random.normal(1, 0.2, n_synapses), 0) * mV
    synapses.delay = random.uniform(0.5, 3, n_synapses) * ms
    return synapses


excitation = connect(0, 8000, 800, 0.1)
inhibition = connect(8000, 10_000, 200, -0.5)
external = PoissonInput(neurons, "v", 800, 25 * Hz, 0.1 * mV)
spikes = SpikeMonitor(neurons)
finish(task, spikes, exc=(0, 8000), inh=(8000, 10_000))
