"""One run, from file to results."""

from __future__ import annotations

import subprocess
import sys

import pytest

import snnrun
from snnrun.simulation.listener import Listener

EXPERIMENT = """
snnrun: 1
populations: {cells: {size: 10, neuron: {model: lif}}}
inputs: {drive: {to: cells, model: constant_current, amplitude: 250 pA}}
simulation: {duration: 100 ms}
analysis: [mean_rate]
figures: []
"""
RUN = """
import sys
from pathlib import Path
import snnrun
snnrun.run(snnrun.load(sys.argv[1], settings={"inputs.drive.amplitude": "300 pA"}), Path(sys.argv[2]))
print(sorted({"brian2", "matplotlib", "sympy"} & sys.modules.keys()))
"""
RUN_WITHOUT_FIGURES = """
import sys
from pathlib import Path
import snnrun
snnrun.run(snnrun.load(sys.argv[1]), Path(sys.argv[2]), figures=False)
print(*sys.modules)
"""


class Heard(Listener):
    def __init__(self):
        self.stages, self.remarks = [], []

    def stage(self, message):
        self.stages.append(message)

    def remark(self, message):
        self.remarks.append(message)


@pytest.fixture
def experiment(tmp_path):
    path = tmp_path / "cells.yaml"
    path.write_text(EXPERIMENT)
    return path


def test_a_second_run_of_the_structure_compiles_nothing_and_imports_no_brian(experiment, tmp_path):
    snnrun.run(snnrun.load(experiment), tmp_path / "results")
    heard = Heard()
    snnrun.run(snnrun.load(experiment, settings={"simulation.seed": 2}), tmp_path / "results", listener=heard)
    assert not any("compiling" in stage for stage in heard.stages)
    command = [sys.executable, "-c", RUN, str(experiment), str(tmp_path / "results")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_second_run_without_figures_loads_what_it_uses_and_no_more(experiment, tmp_path):
    # The parts of scipy took half of the second that such a run lasted, the modules of all figures a twentieth.
    snnrun.run(snnrun.load(experiment), tmp_path / "results")
    experiment.write_text(EXPERIMENT.partition("analysis:")[0])
    command = [sys.executable, "-c", RUN_WITHOUT_FIGURES, str(experiment), str(tmp_path / "results")]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert {"snnrun.metrics.psd", "snnrun.metrics.synchrony"} <= loaded
    assert loaded & {"brian2", "matplotlib", "pint", "scipy", "sympy", "snnrun.figures.raster"} == set()


def test_what_is_simulated_already_is_not_simulated_again_unless_asked(experiment, tmp_path):
    first = snnrun.run(snnrun.load(experiment), tmp_path / "results")
    written = (first.folder / "recording.h5").stat().st_mtime_ns
    heard = Heard()
    again = snnrun.run(snnrun.load(experiment), tmp_path / "results", listener=heard)
    assert again.folder == first.folder
    assert heard.stages == []
    assert any("already simulated" in remark for remark in heard.remarks)
    assert (first.folder / "recording.h5").stat().st_mtime_ns == written
    snnrun.run(snnrun.load(experiment), tmp_path / "results", force=True)
    assert (first.folder / "recording.h5").stat().st_mtime_ns > written


def test_what_is_asked_of_a_simulated_experiment_in_addition_is_only_measured(experiment, tmp_path):
    snnrun.run(snnrun.load(experiment), tmp_path / "results")
    heard = Heard()
    more = snnrun.load(experiment, settings={"analysis": ["mean_rate", "cv_isi"]})
    results = snnrun.run(more, tmp_path / "results", listener=heard)
    assert heard.stages == ["measuring"]
    assert set(results.analysis.measurements["cells"]) == {"mean_rate", "cv_isi"}
    back = snnrun.run(snnrun.load(experiment), tmp_path / "results")
    assert set(back.analysis.measurements["cells"]) == {"mean_rate"}


def test_metrics_that_are_measured_in_different_places_are_measured_once(experiment, tmp_path):
    asked = snnrun.load(experiment, settings={"analysis": ["mean_rate", "mean_field", "ei_balance"]})
    results = snnrun.run(asked, tmp_path / "results")
    measured = {population: set(found) for population, found in results.analysis.measurements.items()}
    assert measured == {"cells": {"mean_rate", "ei_balance"}, "network": {"mean_rate", "mean_field"}}
    heard = Heard()
    snnrun.run(asked, tmp_path / "results", listener=heard)
    assert heard.stages == []


def test_a_metric_of_ones_own_is_measured_again_only_after_its_file_was_edited(experiment, tmp_path, own_catalog):
    # That what it was measured with is stored is not for the metric to see to.
    silent = {'Series(rates, "Hz")}, self.parameters())': 'Series(rates, "Hz")})'}
    own_catalog("metrics", "mean_rate", silent)
    asked = {"analysis": ["mean_rate", "own"]}
    first = snnrun.run(snnrun.load(experiment, settings=asked), tmp_path / "results")
    heard = Heard()
    snnrun.run(snnrun.load(experiment, settings=asked), tmp_path / "results", listener=heard)
    assert heard.stages == []
    own_catalog("metrics", "mean_rate", silent | {"counts / duration": "2 * counts / duration"})
    again = snnrun.run(snnrun.load(experiment, settings=asked), tmp_path / "results", listener=heard)
    assert heard.stages == ["measuring"]
    measured = again.analysis.measurements["cells"]
    assert measured["own"].value == pytest.approx(2 * measured["mean_rate"].value)
    assert again.folder == first.folder


def test_a_damaged_analysis_is_made_anew(experiment, tmp_path):
    results = snnrun.run(snnrun.load(experiment), tmp_path / "results")
    (results.folder / "analysis.h5").write_bytes(b"damaged")
    again = snnrun.run(snnrun.load(experiment), tmp_path / "results")
    assert again.analysis.measurements["cells"]["mean_rate"].value > 0


def test_a_silent_population_is_said_to_be_silent(experiment, tmp_path):
    heard = Heard()
    quiet = snnrun.load(experiment, settings={"inputs.drive.amplitude": "0 pA"})
    snnrun.run(quiet, tmp_path / "results", listener=heard)
    assert any("'cells' is silent" in remark for remark in heard.remarks)


def test_a_saturated_population_is_said_to_be_saturated(experiment, tmp_path):
    # 1 µA drives the membrane over its threshold within one step: only the refractory time of 2 ms is left.
    heard = Heard()
    driven = snnrun.load(experiment, settings={"inputs.drive.amplitude": "1 uA"})
    snnrun.run(driven, tmp_path / "results", listener=heard)
    assert any("'cells' is saturated" in remark for remark in heard.remarks)


def test_a_network_that_the_fast_engine_cannot_run_is_run_by_the_reference_engine(tmp_path, monkeypatch):
    monkeypatch.setattr("snnrun.simulation.resources.processors", lambda: 2)
    gaps = "{from: cells, to: cells, synapse: {model: electrical, weight: 1 nS}, connectivity: all_to_all}"
    heard = Heard()
    coupled = snnrun.loads(f"{EXPERIMENT}projections: {{gaps: {gaps}}}\n")
    results = snnrun.run(coupled, tmp_path, threads=2, listener=heard)
    told, alone = heard.remarks[:2]
    assert told.startswith("the fast engine cannot") and told.endswith("the reference engine runs instead")
    assert alone == "the reference engine computes on one processor, whatever --threads says"
    provenance = results.recording.provenance
    assert (provenance["engine"], provenance["engine_remark"], provenance["threads"]) == ("reference", told, 1)
