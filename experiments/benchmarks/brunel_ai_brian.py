"""Brunel's asynchronous irregular state as a plain Brian 2 script, to compare with: the same numbers as ai.yaml.

The connection probability stands in for the fixed in-degree: it is what Brian builds and runs fastest.

Usage: python brunel_ai_brian.py SECONDS FOLDER
Prints the seconds that compiling and running the program took.
"""

import sys
from pathlib import Path

from brian2 import (
    Hz,
    NeuronGroup,
    PoissonInput,
    SpikeMonitor,
    Synapses,
    defaultclock,
    device,
    ms,
    mV,
    run,
    second,
    seed,
    set_device,
)

duration, folder = float(sys.argv[1]), Path(sys.argv[2])
set_device("cpp_standalone", directory=str(folder))
seed(42)
defaultclock.dt = 0.1 * ms

neurons = NeuronGroup(
    12_500,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
excitatory, inhibitory = neurons[:10_000], neurons[10_000:]
from_exc = Synapses(excitatory, neurons, on_pre="v += 0.1*mV", delay=1.5 * ms)
from_exc.connect(p=0.1)
from_inh = Synapses(inhibitory, neurons, on_pre="v -= 0.5*mV", delay=1.5 * ms)
from_inh.connect(p=0.1)
external = PoissonInput(neurons, "v", 1000, 20 * Hz, 0.1 * mV)
spikes = SpikeMonitor(neurons)
run(duration * second)

print(device.timers["compile"]["make"], device.timers["run_binary"])
