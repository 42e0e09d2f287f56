"""Brunel's asynchronous irregular state in plain Brian 2: brunel_2000/ai.yaml."""

import numpy as np
from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, StateMonitor, Synapses, ms, mV
from brian_script import begin, finish
from fixed_indegree import fixed_indegree

task = begin()
random = np.random.default_rng(task.seed)
neurons = NeuronGroup(
    12_500,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
from_exc = Synapses(neurons[:10_000], neurons, on_pre="v += 0.1*mV", delay=1.5 * ms)
from_exc.connect(**fixed_indegree(random, 0, 10_000, 12_500, 1000))
from_inh = Synapses(neurons[10_000:], neurons, on_pre="v -= 0.5*mV", delay=1.5 * ms)
from_inh.connect(**fixed_indegree(random, 10_000, 12_500, 12_500, 250))
external = PoissonInput(neurons, "v", 1000, 20 * Hz, 0.1 * mV)
spikes = SpikeMonitor(neurons)
potential = StateMonitor(neurons, "v", record=[0, 10_000])
finish(task, spikes, exc=(0, 10_000), inh=(10_000, 12_500))
