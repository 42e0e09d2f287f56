"""COBAHH in plain Brian 2: cobahh.yaml."""

from brian2 import NeuronGroup, SpikeMonitor, StateMonitor, Synapses, mV
from brian_script import begin, finish

task = begin()
neurons = NeuronGroup(
    4000,
    """
    dv/dt = (20*uS*m**3*h*(50*mV - v) + 6*uS*n**4*(-90*mV - v) + 10*nS*(-60*mV - v)
             + ge*(0*mV - v) + gi*(-80*mV - v))/(200*pF) : volt
    dm/dt = alpha_m*(1 - m) - beta_m*m : 1
    dh/dt = alpha_h*(1 - h) - beta_h*h : 1
    dn/dt = alpha_n*(1 - n) - beta_n*n : 1
    dge/dt = -ge/(5*ms) : siemens
    dgi/dt = -gi/(10*ms) : siemens
    alpha_m = 1.28/ms/exprel((13*mV - v + v_t)/(4*mV)) : Hz
    beta_m = 1.4/ms/exprel((v - v_t - 40*mV)/(5*mV)) : Hz
    alpha_h = 0.128/ms*exp((17*mV - v + v_t)/(18*mV)) : Hz
    beta_h = 4/ms/(1 + exp((40*mV - v + v_t)/(5*mV))) : Hz
    alpha_n = 0.16/ms/exprel((15*mV - v + v_t)/(5*mV)) : Hz
    beta_n = 0.5/ms*exp((10*mV - v + v_t)/(40*mV)) : Hz
    """,
    threshold="v > -20*mV",
    refractory="v > -20*mV",
    method="exponential_euler",
    namespace={"v_t": -63 * mV},
)
neurons.v = "-65*mV + randn()*5*mV"
neurons.m = "alpha_m/(alpha_m + beta_m)"
neurons.h = "alpha_h/(alpha_h + beta_h)"
neurons.n = "alpha_n/(alpha_n + beta_n)"
neurons.ge = "-40*nS*log(1 - rand())"
neurons.gi = "-200*nS*log(1 - rand())"
excitation = Synapses(neurons[:3200], neurons, on_pre="ge += 6*nS")
excitation.connect(p=0.02)
inhibition = Synapses(neurons[3200:], neurons, on_pre="gi += 67*nS")
inhibition.connect(p=0.02)
spikes = SpikeMonitor(neurons)
potential = StateMonitor(neurons, "v", record=[0, 3200])
finish(task, spikes, exc=(0, 3200), inh=(3200, 4000))
