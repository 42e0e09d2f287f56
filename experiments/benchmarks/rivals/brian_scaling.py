"""A balanced network of any size in plain Brian 2: scaling.yaml.

Usage: python brian_scaling.py SECONDS WARMUP SEED FOLDER NEURONS K ETA
"""

import sys

from brian2 import NeuronGroup, PoissonInput, SpikeMonitor, Synapses, ms, mV
from brian_script import begin, finish

n, k, eta = int(sys.argv[5]), int(sys.argv[6]), float(sys.argv[7])
n_exc = round(0.8 * n)
J = 80 * mV / k
task = begin()
neurons = NeuronGroup(
    n,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
excitation = Synapses(neurons[:n_exc], neurons, on_pre="v += J", delay=1.5 * ms, namespace={"J": J})
excitation.connect(p=k / n)
inhibition = Synapses(neurons[n_exc:], neurons, on_pre="v -= 5*J", delay=1.5 * ms, namespace={"J": J})
inhibition.connect(p=k / n)
external = PoissonInput(neurons, "v", k, eta * 20 * mV / (J * k * 20 * ms), J)
spikes = SpikeMonitor(neurons)
finish(task, spikes, exc=(0, n_exc), inh=(n_exc, n))
