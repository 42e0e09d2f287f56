"""One point of a sweep in plain Brian 2, with a program of its own: sweep.yaml.

Usage: python brian_sweep.py SECONDS WARMUP SEED FOLDER G ETA
"""

import sys

from brian2 import NeuronGroup, PoissonInput, SpikeMonitor, Synapses, ms, mV
from brian_script import begin, finish

g, eta = float(sys.argv[5]), float(sys.argv[6])
task = begin()
neurons = NeuronGroup(
    1000,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
excitation = Synapses(neurons[:800], neurons, on_pre="v += 0.8*mV", delay=1.5 * ms)
excitation.connect(j="k for k in sample(N_post, p=0.1) if k != i")
inhibition = Synapses(neurons[800:], neurons, on_pre="v -= g*0.8*mV", delay=1.5 * ms, namespace={"g": g})
inhibition.connect(j="k for k in sample(N_post, p=0.1) if k != i + 800")
external = PoissonInput(neurons, "v", 80, eta * 20 * mV / (0.8 * mV * 80 * 20 * ms), 0.8 * mV)
spikes = SpikeMonitor(neurons)
finish(task, spikes, exc=(0, 800), inh=(800, 1000))
