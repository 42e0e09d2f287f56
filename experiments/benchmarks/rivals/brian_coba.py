"""COBA in plain Brian 2: vogels_abbott_2005/coba.yaml."""

from brian2 import NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms
from brian_script import begin, finish

task = begin()
neurons = NeuronGroup(
    4000,
    """
    dv/dt = (10*nS*(-60*mV - v) + ge*(0*mV - v) + gi*(-80*mV - v))/(200*pF) : volt (unless refractory)
    dge/dt = -ge/(5*ms) : siemens
    dgi/dt = -gi/(10*ms) : siemens
    """,
    threshold="v > -50*mV",
    reset="v = -60*mV",
    refractory=5 * ms,
    method="exponential_euler",
)
neurons.v = "-65*mV + randn()*5*mV"
neurons.ge = "-20*nS*log(1 - rand())"
neurons.gi = "-100*nS*log(1 - rand())"
excitation = Synapses(neurons[:3200], neurons, on_pre="ge += 6*nS")
excitation.connect(p=0.02)
inhibition = Synapses(neurons[3200:], neurons, on_pre="gi += 67*nS")
inhibition.connect(p=0.02)
spikes = SpikeMonitor(neurons)
potential = StateMonitor(neurons, "v", record=[0, 3200])
finish(task, spikes, exc=(0, 3200), inh=(3200, 4000))
