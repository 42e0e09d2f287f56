"""The generated program does what Brian's own program does: the same spikes at the same steps, to the last one.

The network has no random number: fixed synapses, drawn here; constant currents that differ between cells; delays that
differ between synapses; conductances, refractory periods and a plastic synapse.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from snnrun.network.loading import loads
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate

OURS = """
snnrun: 1
populations:
  exc:
    size: 40
    neuron: {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: -70 mV, v_thresh: -50 mV, v_reset: -60 mV,
             tau_refrac: 2 ms, method: euler}
projections:
  excite:
    from: exc
    to: exc
    synapse: {model: exponential_conductance, weight: 0 nS, tau_syn: 5 ms, e_rev: 0 mV}
    connectivity: {rule: from_file, file: edges.csv, weight: {column: w, unit: nS}, delay: {column: d, unit: ms}}
  adapt:
    from: exc
    to: exc
    synapse:
      model: equations
      weight: 0.2 mV
      state: "da/dt = -a/tau_a : 1 (event-driven)"
      on_pre: |
        a += 1
        v_post -= weight*a
      parameters: {tau_a: 30 ms}
      delay: 1 ms
    connectivity: {rule: from_file, file: edges.csv}
inputs:
  step: {to: exc, model: constant_current, amplitude: "linspace(190 pA, 290 pA)"}
simulation: {duration: 300 ms, dt: 0.1 ms}
"""

# The same in Brian's own words, run by Brian's own standalone program.
BRIANS = """
import json, sys
import numpy as np
from brian2 import *
from brian2.core.preferences import prefs

set_device("cpp_standalone", directory=sys.argv[2])
prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
defaultclock.dt = 0.1*ms
edges = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
cells = NeuronGroup(40, '''
    dv/dt = (v_rest - v + r_m*(g*(e_rev - v) + amplitude))/tau_m : volt (unless refractory)
    dg/dt = -g/tau_syn : siemens
    amplitude : amp''', threshold="v > v_thresh", reset="v = v_reset", refractory=2*ms, method="euler",
    namespace=dict(v_rest=-70*mV, v_thresh=-50*mV, v_reset=-60*mV, tau_m=20*ms, r_m=100*Mohm, tau_syn=5*ms, e_rev=0*mV))
cells.v = -70*mV
cells.amplitude = np.linspace(190e-12, 290e-12, 40)*amp
excite = Synapses(cells, cells, "w : siemens", on_pre="g_post += w")
excite.connect(i=edges[:, 0].astype(int), j=edges[:, 1].astype(int))
excite.w = edges[:, 2]*nS
excite.delay = edges[:, 3]*ms
adapt = Synapses(cells, cells, "da/dt = -a/tau_a : 1 (event-driven)", on_pre="a += 1\\nv_post -= weight*a", delay=1*ms,
                 namespace=dict(tau_a=30*ms, weight=0.2*mV))
adapt.connect(i=edges[:, 0].astype(int), j=edges[:, 1].astype(int))
spikes = SpikeMonitor(cells)
run(300*ms)
json.dump([np.rint(spikes.t_[:]/1e-4).astype(int).tolist(), spikes.i[:].tolist()], open(sys.argv[3], "w"))
"""


@pytest.fixture
def edges(tmp_path: Path) -> Path:
    random = np.random.default_rng(1)
    pairs = np.argwhere(random.random((40, 40)) < 0.2)
    lines = [
        f"{source},{target},{random.integers(1, 40) / 64},{random.integers(1, 30) / 10}" for source, target in pairs
    ]
    path = tmp_path / "edges.csv"
    path.write_text("\n".join(["source,target,w,d", *lines]) + "\n")
    return path


@pytest.mark.slow
def test_the_spikes_are_those_of_brians_own_program(edges, tmp_path):
    arguments = [edges, tmp_path / "brian", tmp_path / "spikes.json"]
    subprocess.run([sys.executable, "-c", BRIANS, *arguments], check=True, capture_output=True, cwd=tmp_path)
    ticks, neurons = json.loads((tmp_path / "spikes.json").read_text())
    found = simulate(loads(OURS, tmp_path), tmp_path, Listener()).spikes["exc"]
    assert len(ticks) > 300
    assert sorted(zip(ticks, neurons, strict=True)) == sorted(
        zip(found.ticks.tolist(), found.node_ids.tolist(), strict=True)
    )
