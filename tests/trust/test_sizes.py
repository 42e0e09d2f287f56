"""Experiments of hostile size are refused, with what they would need, before anything is drawn, compiled or written."""

from __future__ import annotations

import pytest

from snnrun.errors import SnnrunError
from snnrun.network.loading import loads
from snnrun.workflow import run

SMALL = """
snnrun: 1
populations:
  exc: {size: 100, neuron: {model: lif}}
projections:
  loop:
    from: exc
    to: exc
    synapse: {model: delta, weight: 1 mV}
    connectivity: {rule: fixed_indegree, k: 10}
inputs:
  push: {to: exc, model: constant_current, amplitude: 1 nA}
simulation: {duration: 100 ms}
record: {traces: {exc: {variables: v}}}
"""
THROUGH = {"synapse": {"model": "delta", "weight": "1 mV"}}
HUGE = {
    "neurons": {"populations.exc.size": "1e12"},
    "neurons beyond counting": {"populations.exc.size": 10**18},
    "duration": {"simulation.duration": "1e9 s"},
    "time step": {"simulation.dt": "1e-15 s"},
    "in-degree": {"projections.loop.connectivity": {"rule": "fixed_indegree", "k": 10**9, "multapses": True}},
    "synapses": {"populations.exc.size": 10**6, "projections.loop.connectivity": {"rule": "all_to_all"}},
    "traces of everything": {
        "populations.exc.size": 10**6,
        "simulation.duration": "1000 s",
        "record.traces": {"exc": {"variables": ["v", "I_total"], "neurons": 10**6}},
    },
    "neurons with places": {"populations.exc.size": 2 * 10**9, "populations.exc.positions": {"extent": ["1 m", "1 m"]}},
    "trials": {"simulation.trials": 10**9},
    "snapshots of weights": {
        "simulation.duration": "1e5 s",
        "projections.loop.synapse.plasticity": {"rule": "stdp", "w_max": "2 mV"},
        "record.weights": {"loop": {"every": "0.1 ms", "synapses": "all"}},
    },
    "snapshots without end": {
        "projections.loop.synapse.plasticity": {"rule": "stdp", "w_max": "2 mV"},
        "record.weights": {"loop": {"every": "1e-300 s"}},
    },
    "samples without end": {"record.traces": {"exc": {"variables": "v", "every": "1e-300 s"}}},
    "a run of no step": {"simulation.duration": "1e-300 s"},
    "spikes of a packet": {
        "inputs.volley": {"model": "pulse_packet", "to": "exc", "times": ["1 ms"], "spikes": 10**12, "sigma": "1 ms"}
        | THROUGH
    },
    "spikes of a mother": {
        "inputs.rain": {"model": "correlated_poisson", "to": "exc", "rate": "10 Hz", "correlation": 1e-12} | THROUGH
    },
    "figures on a page": {
        "figures": [
            {"figure": "page", "of": [{"figure": "page", "name": f"p{n}", "of": 20 * ["raster"]} for n in "ab"]}
        ]
    },
    "frozen noise": {
        "simulation.duration": "1e8 s",
        "record.traces": {},
        "inputs.noise": {"model": "noise_current", "to": "exc", "sd": "1 pA", "tau": "1 ms", "frozen": True},
    },
}


@pytest.mark.parametrize("what", HUGE)
def test_refused_with_what_it_would_need(what, tmp_path, monkeypatch):
    monkeypatch.setenv("SNNRUN_CACHE", str(tmp_path / "cache"))
    with pytest.raises(SnnrunError) as refusal:
        run(loads(SMALL, settings=HUGE[what]), tmp_path / "out", figures=False)
    assert refusal.value.exit_code == 2
    assert not (tmp_path / "cache").exists()
    assert list(tmp_path.rglob("*.h5")) == []
