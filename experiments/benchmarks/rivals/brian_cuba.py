"""CUBA in plain Brian 2: vogels_abbott_2005/cuba.yaml."""

from brian2 import NeuronGroup, SpikeMonitor, StateMonitor, Synapses, ms
from brian_script import begin, finish

task = begin()
neurons = NeuronGroup(
    4000,
    """
    dv/dt = (-49*mV - v + ge + gi)/(20*ms) : volt (unless refractory)
    dge/dt = -ge/(5*ms) : volt
    dgi/dt = -gi/(10*ms) : volt
    """,
    threshold="v > -50*mV",
    reset="v = -60*mV",
    refractory=5 * ms,
    method="exact",
)
neurons.v = "-60*mV + rand()*10*mV"
excitation = Synapses(neurons[:3200], neurons, on_pre="ge += 1.62*mV")
excitation.connect(p=0.02)
inhibition = Synapses(neurons[3200:], neurons, on_pre="gi -= 9*mV")
inhibition.connect(p=0.02)
spikes = SpikeMonitor(neurons)
potential = StateMonitor(neurons, "v", record=[0, 3200])
finish(task, spikes, exc=(0, 3200), inh=(3200, 4000))
