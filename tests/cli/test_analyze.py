"""`snnrun analyze`: recordings measured and drawn again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from snnrun.metrics.analyse import standard_metrics
from snnrun.registry import entry_name


def the_run(results: Path) -> Path:
    return (results / "tiny" / "latest").resolve()


def test_a_run_is_measured_again_as_its_experiment_asks(snnrun, results):
    run = the_run(results)
    recording = (run / "recording.h5").read_bytes()
    (run / "analysis.h5").unlink()
    (run / "figures" / "raster.png").unlink()
    result = snnrun("analyze", "results/tiny/latest")
    assert result.exit_code == 0, result.output
    assert (run / "analysis.h5").is_file() and (run / "figures" / "raster.png").is_file()
    assert (run / "recording.h5").read_bytes() == recording
    assert "simulating" not in result.stderr.splitlines()


def test_window_and_metrics_can_be_chosen(snnrun, results):
    chosen = ("--start", "30 ms", "--stop", "40 ms", "--metric", "mean_rate", "--metric", "{metric: psd, bin: 0.5 ms}")
    result = snnrun("analyze", "results", *chosen, "--json")
    (analysed,) = json.loads(result.stdout)["analysed"]
    assert analysed["window"] == pytest.approx([0.03, 0.04])
    assert set(analysed["populations"]["cells"]) == {"mean_rate", "psd"}
    # One spike of each neuron at 32.2 ms, in a window of 10 ms.
    assert analysed["populations"]["cells"]["mean_rate"]["value"] == 100.0


def test_every_metric_that_was_asked_for_is_shown_with_its_unit(snnrun, results):
    told = snnrun("analyze", "results", "--no-figures").stdout.splitlines()
    # One spike of each of the neurons in 50 ms, so no interval; one population is the network.
    assert told[:3] == [
        "population  rate (Hz)  isi_histogram (ms)",
        "cells              20                   –",
        "network            20                   –",
    ]


def test_of_the_standard_set_the_key_metrics_are_shown(snnrun, results):
    standard = [f"--metric={entry_name(type(metric), 'metrics')}" for metric in standard_metrics()]
    told = snnrun("analyze", "results", "--no-figures", *standard).stdout.splitlines()
    assert told[0].split() == ["population", "rate", "(Hz)", "CV", "regime"]


def test_many_metrics_stand_below_each_other(snnrun, results):
    chosen = ("correlation", "schreiber_reliability", "event_reliability", "event_precision", "mean_rate")
    told = snnrun("analyze", "results", "--no-figures", *(f"--metric={name}" for name in chosen)).stdout.splitlines()
    assert [line.split()[0] for line in told[:6]] == ["metric", *chosen[:4], "rate"]
    assert told[0].split() == ["metric", "cells", "network"]
    assert told[4].startswith("event_precision (ms)")


def test_a_result_root_stands_for_all_of_its_runs_and_latest_counts_once(snnrun, results):
    told = json.loads(snnrun("analyze", "results", "results/tiny/latest", "--no-figures", "--json").stdout)
    assert len(told["analysed"]) == 1


def test_what_fails_is_reported_and_the_others_go_on(snnrun, results):
    damaged = results / "tiny" / "damaged"
    shutil.copytree(the_run(results), damaged)
    (damaged / "recording.h5").write_bytes(b"not HDF5")
    result = snnrun("analyze", "results", "nowhere", "--no-figures", "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert len(told["analysed"]) == 1
    assert [failure["path"] for failure in told["failed"]] == ["nowhere", "results/tiny/damaged/recording.h5"]
    assert "results/tiny/damaged/recording.h5" in result.stderr and "nowhere: does not exist" in result.stderr


def test_a_metric_that_does_not_exist_is_guessed(snnrun, results):
    result = snnrun("analyze", "results", "--metric", "mean_rte")
    assert result.exit_code == 2
    assert "There is no metric 'mean_rte'. Did you mean 'mean_rate'?" in result.stderr


def test_a_window_needs_a_unit(snnrun, results):
    result = snnrun("analyze", "results", "--start", "0.5")
    assert result.exit_code == 2
    assert "--start '0.5' is not a time. Write for example --start '0.5 s'." in result.stderr


def test_a_window_outside_of_the_run_is_refused(snnrun, results):
    result = snnrun("analyze", "results", "--start", "1 s")
    assert result.exit_code == 2
    assert "which lasts 0.05 s. Choose a window inside it." in result.stderr


def test_figures_never_leave_the_folder_of_the_run(snnrun, results, workplace):
    # Results of somebody else, whose folder of figures leads to a place of ours.
    outside = workplace / "outside"
    outside.mkdir()
    figures = the_run(results) / "figures"
    shutil.rmtree(figures)
    figures.symlink_to(outside)
    result = snnrun("analyze", "results")
    assert result.exit_code == 2 and "is a symbolic link" in result.stderr
    assert list(outside.iterdir()) == []
