"""`snnrun verify`: the same experiment gives the same numbers; another one is noticed."""

from __future__ import annotations

import json
from dataclasses import replace

from snnrun.results.store import read_recording, write_recording


def test_a_run_is_reproduced_bit_for_bit(snnrun, results):
    result = snnrun("verify", "results", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["agrees"]
    assert {"dataset": "spikes/cells/tick", "n": 10, "difference": ""} in told["datasets"]


def test_any_number_of_threads_gives_the_same_numbers(snnrun, results, monkeypatch):
    monkeypatch.setattr("snnrun.simulation.resources.processors", lambda: 3)
    assert snnrun("verify", "results", "--threads", "3").exit_code == 0
    refused = snnrun("verify", "results", "--threads", "4")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--threads 4: this process may use 3 processors.")


def test_a_changed_spike_is_found(snnrun, results):
    path = (results / "tiny" / "latest").resolve() / "recording.h5"
    recording = read_recording(path)
    spikes = recording.spikes["cells"]
    ticks = spikes.ticks.copy()
    ticks[-1] += 1
    write_recording(replace(recording, spikes={"cells": replace(spikes, ticks=ticks)}), path)
    result = snnrun("verify", "results")
    assert result.exit_code == 2
    assert "1 values differ, the first at 9" in result.stdout and "Not reproduced." in result.stdout


def test_an_entry_whose_file_has_changed_is_named_and_tried(snnrun, workplace, own_catalog):
    own_catalog("neurons", "lif")
    (workplace / "own.yaml").write_text((workplace / "tiny.yaml").read_text().replace("model: lif", "model: own"))
    assert snnrun("simulate", "own.yaml").exit_code == 0
    own_catalog("neurons", "lif", {"v > v_thresh": "v > 0.9 * v_thresh"})
    result = snnrun("verify", "results")
    assert result.exit_code == 2, result.output
    assert "Not reproduced." in result.stdout
    assert "file of populations.cells.neuron: then " in result.stdout
    assert snnrun("plot", "results", "raster").exit_code == 0
    assert snnrun("analyze", "results").exit_code == 0
