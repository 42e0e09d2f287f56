"""The cortical microcircuit in NEST: potjans_diesmann_2014/microcircuit.yaml, with the same meaning of `scale`.

Usage: python nest_microcircuit.py SECONDS WARMUP SEED THREADS SCALE
"""

import math
import sys
import time

import nest
from nest_script import begin, finish

SIZES = {"L23E": 20683, "L23I": 5834, "L4E": 21915, "L4I": 5479, "L5E": 4850, "L5I": 1065, "L6E": 14395, "L6I": 2948}
OUTSIDE = {"L23E": 1600, "L23I": 1500, "L4E": 2100, "L4I": 1900, "L5E": 2000, "L5I": 1900, "L6E": 2900, "L6I": 2100}
# Probability that two neurons are connected, from each population (column) onto each (row), in the order of SIZES
PROBABILITY = """
    0.1009 0.1689 0.0437 0.0818 0.0323 0      0.0076 0
    0.1346 0.1371 0.0316 0.0515 0.0755 0      0.0042 0
    0.0077 0.0059 0.0497 0.1350 0.0067 0.0003 0.0453 0
    0.0691 0.0029 0.0794 0.1597 0.0033 0      0.1057 0
    0.1004 0.0622 0.0505 0.0057 0.0831 0.3726 0.0204 0
    0.0548 0.0269 0.0257 0.0022 0.0600 0.3158 0.0086 0
    0.0156 0.0066 0.0211 0.0166 0.0572 0.0197 0.0396 0.2252
    0.0364 0.0010 0.0034 0.0005 0.0277 0.0080 0.0658 0.1443
"""
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]  # Hz, of the full network
SCALE = float(sys.argv[5])
J = 87.81  # pA, at full scale
TAU_SYN = 0.5  # ms
CELL = {
    "tau_m": 10.0,
    "C_m": 250.0,
    "E_L": -65.0,
    "V_th": -50.0,
    "V_reset": -65.0,
    "t_ref": 1.9,  # Brian integrates already in the step in which the refractory time ends, NEST in the one after it
    "tau_syn_ex": TAU_SYN,
    "tau_syn_in": TAU_SYN,
}


def n_synapses(source: str, target: str, probability: float) -> float:
    """How many synapses make the probability in the full network."""
    return math.log(1 - probability) / math.log(1 - 1 / (SIZES[source] * SIZES[target]))


def strength(source: str, target: str) -> float:
    """Mean of the weights in the full network, in pA."""
    return J * (-4 if source.endswith("I") else 2 if (source, target) == ("L4E", "L23E") else 1)


def lost_input(target: str, probabilities: list[float]) -> float:
    """Mean input in pA that a smaller network lacks: fewer synapses, stronger by 1/√scale, keep only its variance."""
    inside = sum(
        strength(source, target) * n_synapses(source, target, probability) / SIZES[target] * rate
        for source, probability, rate in zip(SIZES, probabilities, RATES, strict=True)
    )
    return (1 - math.sqrt(SCALE)) * 1e-3 * TAU_SYN * (inside + J * OUTSIDE[target] * 8.0)


def connect(source: str, target: str, probability: float) -> None:
    """As many synapses as make the probability, with weights and delays of each."""
    mean = strength(source, target) / math.sqrt(SCALE)
    delay = 0.75 if source.endswith("I") else 1.5
    low, high = sorted((0.0, mean * math.inf))
    nest.Connect(
        populations[source],
        populations[target],
        {
            "rule": "fixed_total_number",
            "N": round(SCALE**2 * n_synapses(source, target, probability)),
        },
        {
            # NEST 3.10 holds 134 217 726 synapses of one model in a thread; with two threads all would be too many.
            "synapse_model": f"synapse_of_{source}",
            "weight": nest.math.redraw(nest.random.normal(mean, 0.1 * abs(mean)), low, high),
            "delay": nest.math.redraw(nest.random.normal(delay, delay / 2), 0.05, math.inf),
        },
    )


begin()
started = time.perf_counter()
populations, recorders = {}, {}
rows = [[float(one) for one in row.split()] for row in PROBABILITY.strip().splitlines()]
for (name, size), row in zip(SIZES.items(), rows, strict=True):
    populations[name] = nest.Create("iaf_psc_exp", round(SCALE * size), CELL | {"I_e": lost_input(name, row)})
    nest.CopyModel("static_synapse", f"synapse_of_{name}")
    populations[name].V_m = nest.random.normal(-58.0, 10.0)
    outside = nest.Create("poisson_generator", params={"rate": 8.0 * round(SCALE * OUTSIDE[name])})
    nest.Connect(outside, populations[name], syn_spec={"weight": J / math.sqrt(SCALE), "delay": 1.5})
    recorders[name] = populations[name], nest.Create("spike_recorder")
    nest.Connect(*recorders[name])
for target, row in zip(SIZES, rows, strict=True):
    for source, probability in zip(SIZES, row, strict=True):
        if probability > 0:
            connect(source, target, probability)
finish(started, recorders)
