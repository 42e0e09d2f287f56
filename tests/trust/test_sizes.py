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
