"""A recording and an analysis with something of everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from snnrun.results.analysis import Analysis, Measurement, Series
from snnrun.results.recording import Population, Recording, SpikeTrains, SynapseTable, Trace, WeightHistory
from snnrun.results.store import write_recording


@pytest.fixture
def recording() -> Recording:
    random = np.random.default_rng(1)
    ticks = np.sort(random.integers(0, 1000, 5000))
    ids = random.integers(0, 100, 5000).astype(np.int32)
    none = np.array([], np.int64)
    return Recording(
        run_id="0f3a",
        title="Asynchron – irregulär",
        seed=0,
        dt=1e-4,
        n_ticks=1000,
        warmup_ticks=100,
        populations={
            "exc": Population(
                200, "excitatory", 9000, 0.02, random.uniform(0, 1e-3, (200, 2)), (1e-3, 1e-3), periodic=True
            ),
            "inh": Population(50, "inhibitory", labels=tuple(f"Körbchen {i}" for i in range(50))),
        },
        spikes={
            "exc": SpikeTrains(ticks, ids, 100, 1e-4, 0, 1000),
            "inh": SpikeTrains(none, none.astype(np.int32), 50, 1e-4, 0, 1000),
        },
        traces={
            "exc": {
                "v": Trace(
                    random.normal(size=(1000, 3)), np.arange(3, dtype=np.int32), np.linspace(0, 0.0999, 1000), "V"
                )
            }
        },
        synapses={
            "exc_to_all/exc/inh": SynapseTable(
                "exc",
                "inh",
                random.integers(0, 200, 30).astype(np.int32),
                random.integers(0, 50, 30).astype(np.int32),
                np.array([1e-4]),
                random.uniform(1e-3, 2e-3, 30),
                "V",
            )
        },
        weights={
            "exc_to_all/exc/inh": WeightHistory(
                np.array([0, 0.05, 0.1]),
                random.integers(0, 200, 4).astype(np.int32),
                random.integers(0, 50, 4).astype(np.int32),
                random.uniform(0, 1e-4, (3, 4)),
                "V",
            )
        },
        inputs={"noise": random.normal(size=1000)},
        spec_yaml="snnrun: 1\ntitle: Asynchron – irregulär\n",
        spec_resolved={"snnrun": 1, "populations": {"exc": {"size": 200}}},
        provenance={"version_numpy": "2.3.5", "n_cpus": 2, "wall_time_simulate": 0.1},
        warnings=("inh: no neuron spikes",),
    )


@pytest.fixture
def analysis() -> Analysis:
    frequency = np.linspace(0, 500, 251)
    return Analysis(
        run_id="0f3a",
        window=(0.01, 0.1),
        measurements={
            "exc": {
                "mean_rate": Measurement(31.25, "Hz", 100),
                "psd": Measurement(
                    float("nan"),
                    "Hz**2/Hz",
                    0,
                    {"frequency": Series(frequency, "Hz"), "density": Series(1 / (1 + frequency), "Hz**2/Hz")},
                    {"resolution": "2 Hz"},
                    "Recording too short: the resolution is 11.1 Hz.",
                ),
            },
            "network": {"regime": Measurement("asynchronous irregular", "", 100)},
        },
        definitions={"mean_rate": "Spikes by time.", "psd": "Spectral density.", "regime": "Its name."},
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording.h5"


@pytest.fixture
def written(recording: Recording, path: Path) -> Path:
    """The recording as a file."""
    write_recording(recording, path)
    return path
