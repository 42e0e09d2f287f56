"""Brunel's asynchronous irregular state in NEST: brunel_2000/ai.yaml."""

import time

import nest
from nest_script import begin, finish

begin()
started = time.perf_counter()
# Brian integrates already in the step in which the refractory time ends, NEST in the one after it.
cell = {"tau_m": 20.0, "C_m": 20.0, "E_L": 0.0, "V_th": 20.0, "V_reset": 10.0, "t_ref": 1.9}
populations = {"exc": nest.Create("iaf_psc_delta", 10_000, cell), "inh": nest.Create("iaf_psc_delta", 2500, cell)}
neurons = populations["exc"] + populations["inh"]
neurons.V_m = nest.random.uniform(0.0, 20.0)
outside = nest.Create("poisson_generator", params={"rate": 1000 * 20.0})
for name, k, weight in [("exc", 1000, 0.1), ("inh", 250, -0.5)]:
    rule = {"rule": "fixed_indegree", "indegree": k, "allow_autapses": False, "allow_multapses": False}
    nest.Connect(populations[name], neurons, rule, {"weight": weight, "delay": 1.5})
nest.Connect(outside, neurons, syn_spec={"weight": 0.1, "delay": 1.5})
recorders = {}
for name, population in populations.items():
    recorders[name] = population, nest.Create("spike_recorder")
    nest.Connect(*recorders[name])
    potential = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": 0.1})
    nest.Connect(potential, population[:1])
finish(started, recorders)
