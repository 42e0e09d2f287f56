"""A network of four cells that shares one compiled program among all tests; nothing that they change is structure."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from snnrun.network.compose import compose
from snnrun.network.loading import loads
from snnrun.results.recording import Recording
from snnrun.simulation.build_cache import Build, program_for
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate
from snnrun.spec.experiment import Experiment

# A constant current of 20 mV/Mohm and a threshold at 10 mV: about one spike in 7 ms. `w` grows only if told so.
_TINY = """
snnrun: 1
populations:
  cells:
    size: 4
    neuron:
      model: equations
      equations: |
        dv/dt = (r*I_total - v)/tau : volt
        dw/dt = growth*w/tau : 1
        growth : 1
      threshold: v > 10*mV
      reset: v = 0*mV
      method: rk2
      parameters: {r: 1 Mohm, tau: 10 ms}
    initial: {w: 1, growth: 0}
projections:
  ring:
    from: cells
    to: cells
    synapse: {model: delta, weight: 0.1 mV, delay: 1 ms}
    connectivity: {rule: all_to_all}
inputs:
  push: {to: cells, model: constant_current, amplitude: 20 nA}
  rain: {to: cells, model: poisson, rate: 0 Hz, weight: 1 mV}
simulation: {duration: 50 ms, seed: 1}
record: {traces: {cells: {variables: [v, w], neurons: 2}}}
"""


@pytest.fixture(scope="session")
def tiny() -> Callable[..., Experiment]:
    """The experiment with other values, by dotted path."""
    return lambda settings=None: loads(_TINY, settings=settings or {})


@pytest.fixture(scope="session")
def tiny_file() -> str:
    """The text of the experiment."""
    return _TINY


@pytest.fixture(scope="session")
def program(tiny: Callable[..., Experiment]) -> Build:
    """The compiled program of the experiment."""
    return program_for(compose(tiny()).blueprint)


@pytest.fixture
def record(tiny: Callable[..., Experiment], program: Build, tmp_path: Path) -> Callable[..., Recording]:
    """Simulate the experiment with other values."""
    return lambda settings=None: simulate(tiny(settings), tmp_path, Listener())


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., Path]:
    """An executable shell script, in the place of a compiler or of a compiled program."""

    def write(lines: str, name: str = "script") -> Path:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return write
