"""A recurrent network that learns, in plain Brian 2: stdp.yaml."""

from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, ms, mV
from brian_script import begin, finish

task = begin()
neurons = NeuronGroup(
    10_000,
    "dv/dt = -v/(20*ms) : volt (unless refractory)",
    threshold="v > 20*mV",
    reset="v = 10*mV",
    refractory=2 * ms,
    method="exact",
)
neurons.v = "rand()*20*mV"
excitatory, inhibitory = neurons[:8000], neurons[8000:]
learned = Synapses(
    excitatory,
    excitatory,
    """
    w : volt
    dpre/dt = -pre/(20*ms) : 1 (event-driven)
    dpost/dt = -post/(20*ms) : 1 (event-driven)
    """,
    on_pre="""
    v_post += w
    pre += 1
    w = clip(w - 0.0105*w*post, 0*mV, 0.4*mV)
    """,
    on_post="""
    post += 1
    w = clip(w + 0.01*(0.4*mV - w)*pre, 0*mV, 0.4*mV)
    """,
    delay={"pre": 1.5 * ms},
)
learned.connect("i != j", p=0.05)
learned.w = 0.2 * mV
to_inhibitory = Synapses(excitatory, inhibitory, on_pre="v += 0.2*mV", delay=1.5 * ms)
to_inhibitory.connect(p=0.05)
inhibition = Synapses(inhibitory, neurons, on_pre="v -= 1*mV", delay=1.5 * ms)
inhibition.connect("i + 8000 != j", p=0.05)  # without autapses: see fixed_indegree.py
external = PoissonInput(neurons, "v", 400, 18.75 * Hz, 0.2 * mV)
spikes = SpikeMonitor(neurons)
finish(task, spikes, exc=(0, 8000), inh=(8000, 10_000))
