"""Recordings of other people: their stored experiment is checked like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from snnrun.errors import ResultsError, SpecError
from snnrun.metrics.analyse import standard_metrics
from snnrun.metrics.mean_rate import MeanRate
from snnrun.reproduce import reproduce
from snnrun.results.recording import Population, Recording, SpikeTrains
from snnrun.results.store import write_recording
from snnrun.revisit import analyze, stored_view


def recording(stored: Mapping[str, Any]) -> Recording:
    spikes = SpikeTrains(np.array([10, 20]), np.array([0, 1], dtype=np.int32), 2, 1e-4, 0, 1000)
    return Recording(
        run_id="abc", title="", seed=1, dt=1e-4, n_ticks=1000, warmup_ticks=0, populations={"a": Population(2)},
        spikes={"a": spikes}, spec_resolved=stored,
    )  # fmt: skip


def test_the_experiment_decides_what_is_measured_and_drawn():
    view = stored_view(recording({"analysis": ["mean_rate"], "figures": []}))
    assert (list(view.metrics), list(view.figures)) == ([MeanRate()], [])


def test_without_an_experiment_it_is_the_standard_set():
    assert stored_view(recording({})).metrics == standard_metrics()


def test_an_experiment_that_asks_for_what_does_not_exist_is_refused():
    with pytest.raises(SpecError, match="There is no metric 'steal_files'"):
        stored_view(recording({"analysis": ["steal_files"]}))
    with pytest.raises(ResultsError, match="is no list"):
        stored_view(recording({"analysis": {"mean_rate": 1}}))


def test_a_recording_can_lie_in_any_folder(tmp_path):
    path = tmp_path / "my data" / "from a friend.h5"
    path.parent.mkdir()
    write_recording(recording({}), path)
    results = analyze(path, metrics=[MeanRate()], figures=False)
    # One spike of each neuron in 0.1 s.
    assert results.analysis.measurements["a"]["mean_rate"].value == pytest.approx(10)


def test_code_in_a_stored_experiment_does_not_run(tmp_path):
    # Brian evaluates units and conditions in Python; what is stored must not reach it unread.
    neuron = {"model": "equations", "equations": "dv/dt = -v/ms : __import__('os').system('touch owned')"}
    stored = {
        "snnrun": 1,
        "populations": {"a": {"size": 2, "neuron": neuron}},
        "simulation": {"duration": "0.1 s"},
    }
    write_recording(recording(stored), tmp_path / "recording.h5")
    with pytest.raises(SpecError):
        reproduce(tmp_path / "recording.h5")
    assert not (tmp_path / "owned").exists()
