"""Competition of synapses in plain Brian 2: song_2000/song_2000.yaml."""

from brian2 import Hz, NeuronGroup, PoissonGroup, SpikeMonitor, StateMonitor, Synapses, mV, second
from brian_script import begin, finish

task = begin()
sources = PoissonGroup(1000, rates=15 * Hz)
cell = NeuronGroup(
    1,
    """
    dv/dt = (-74*mV - v + g*(0*mV - v)/(10*nS))/(10*ms) : volt
    dg/dt = -g/(5*ms) : siemens
    """,
    threshold="v > -54*mV",
    reset="v = -60*mV",
    method="exponential_euler",
)
cell.v = -74 * mV
learned = Synapses(
    sources,
    cell,
    """
    w : siemens
    dpre/dt = -pre/(20*ms) : 1 (event-driven)
    dpost/dt = -post/(20*ms) : 1 (event-driven)
    """,
    on_pre="""
    g += w
    pre += 1
    w = clip(w - 1.05*0.01*0.1*nS*post, 0*nS, 0.1*nS)
    """,
    on_post="""
    post += 1
    w = clip(w + 0.01*0.1*nS*pre, 0*nS, 0.1*nS)
    """,
)
learned.connect()
learned.w = "rand()*0.1*nS"
spikes = SpikeMonitor(cell)
weights = StateMonitor(learned, "w", record=range(1000), dt=1 * second)
finish(task, spikes, cell=(0, 1))
