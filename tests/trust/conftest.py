"""An experiment that uses everything a file can say, and a folder in which payloads would leave their mark."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from snnrun.network.loading import loads
from snnrun.spec.experiment import Experiment

MARK = "pwned"

_EVERYTHING: dict[str, Any] = {
    "snnrun": 1,
    "title": "Everything",
    "references": [{"doi": "10.1/1", "note": "Fig. 1"}],
    "parameters": {"g": 5, "J": "0.1 mV", "tau": "20 ms"},
    "populations": {
        "exc": {
            "size": "4 * 2",
            "type": "excitatory",
            "neuron": {"model": "lif", "tau_m": "tau", "method": "auto"},
            "initial": {"v": "uniform(-70 mV, -50 mV)"},
            "positions": {"layout": "random", "density": "8 / mm**2", "periodic": True},
            "labels": {"file": "names.csv", "column": "name", "where": {"role": "motor"}},
        },
        "gen": {"size": 2, "neuron": {"model": "poisson", "rate": "5 Hz"}},
        "own": {
            "size": 4,
            "neuron": {
                "model": "equations",
                "equations": "dv/dt = (e_0 - v + r*I_total)/tau_m : volt (unless refractory)\nw : 1",
                "threshold": "v > 10*mV",
                "reset": "v = 0*mV\nw += 1",
                "refractory": "2*ms",
                "parameters": {"tau_m": "tau", "e_0": "1 mV", "r": "1 Mohm"},
            },
        },
    },
    "projections": {
        "current": {
            "from": "exc",
            "to": ["own"],
            "synapse": {"model": "exponential_current", "weight": "g * 1 pA", "delay": "1 ms", "receptor": "ampa"},
            "connectivity": {"rule": "fixed_probability", "p": "1 / g"},
        },
        "learning": {
            "from": "exc",
            "to": "exc",
            "synapse": {
                "model": "delta",
                "weight": "J",
                "delay": "0.5 ms + distance / (1 m/s)",
                "plasticity": {"rule": "stdp", "w_max": "2 * J"},
            },
            "connectivity": {"rule": "distance_dependent", "profile": "gaussian", "p_max": 0.3, "width": "200 um"},
        },
        "plastic": {
            "from": "own",
            "to": "exc",
            "synapse": {
                "model": "equations",
                "weight": "1 pA",
                "equations": "dx/dt = -x/tau_x : amp",
                "current": "x",
                "state": "da/dt = -a/tau_x : 1 (event-driven)",
                "on_pre": "a += 1\nx_post += weight*a",
                "on_post": "a = 0",
                "parameters": {"tau_x": "5 ms"},
            },
            "connectivity": {
                "rule": "from_file",
                "file": "edges.csv",
                "layout": "edges",
                "source": "source",
                "target": "target",
                "weight": {"column": "w", "unit": "pA"},
            },
        },
    },
    "inputs": {
        "rain": {
            "to": "exc",
            "model": "poisson",
            "rate": "5 Hz",
            "weight": "J",
            "course": {"course": "sine", "frequency": "10 Hz", "phase": 0.5},
            "neurons": ["one", "two"],
            "start": "1 ms",
        },
        "noise": {"to": ["exc"], "model": "noise_current", "kind": "white", "density": "20 pA * sqrt(ms)"},
        "burst": {
            "to": "own",
            "model": "spike_times",
            "times": ["1 ms"],
            "synapse": {"model": "delta", "weight": "1 mV"},
        },
        "step": {"to": "own", "model": "constant_current", "amplitude": {"file": "i.csv", "column": "i", "unit": "pA"}},
    },
    "simulation": {"duration": "10 ms", "dt": "0.1 ms", "seed": 1},
    "record": {
        "spikes": {"exc": "all"},
        "traces": {"own": {"variables": ["v", "w"], "every": "0.2 ms"}},
        "synapses": ["current"],
        "weights": {"learning": {"every": "1 ms"}},
    },
    "analysis": ["mean_rate", {"metric": "psd", "resolution": "200 Hz"}],
    "figures": ["raster", {"figure": "page", "of": ["psd"], "name": "overview"}],
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the experiment, with its data and a file beside it that it must not read."""
    around = tmp_path_factory.mktemp("around")
    (around / "secret.csv").write_text("source,target,w\n0,0,1\n")
    inside = around / "experiment"
    inside.mkdir()
    (inside / "edges.csv").write_text("source,target,w\n0,0,1\n1,1,2\n")
    names = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    (inside / "names.csv").write_text("name,role\n" + "".join(f"{name},motor\n" for name in names))
    (inside / "i.csv").write_text("i\n1\n2\n3\n4\n")
    (inside / "link.csv").symlink_to(around / "secret.csv")
    (inside / "linked").symlink_to(around)
    return inside


@pytest.fixture(scope="session")
def everything() -> dict[str, Any]:
    """The experiment as plain data; not to be changed."""
    return _EVERYTHING


@pytest.fixture
def patience(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], Any]]:
    """Two seconds for what is done in the block; at the end of the test no payload has left its mark."""
    monkeypatch.chdir(folder)

    @contextmanager
    def limited(what: object) -> Iterator[None]:
        def too_long(number: int, frame: FrameType | None) -> None:
            raise TimeoutError(f"hangs: {what}")

        before = signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, 2)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    yield limited
    assert not list(folder.parent.rglob(f"{MARK}*")), "a payload ran"


@pytest.fixture
def read(folder: Path, patience: Callable[[object], Any]) -> Callable[[dict[str, Any]], Experiment]:
    """Read an experiment, given as plain data, as if from a file."""

    def load(data: dict[str, Any]) -> Experiment:
        with patience(data):
            return loads(json.dumps(data), folder)

    return load
