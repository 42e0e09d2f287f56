"""`snnrun validate`: all problems, for people and for programs."""

from __future__ import annotations

import json

BROKEN = (
    "snnrun: 1\npopulations:\n  cells: {size: 10, neuron: {model: lif, v_tresh: -50 mV}}\nsimulation: {duration: 1}\n"
)


def test_a_valid_experiment_is_told_in_a_line(snnrun):
    result = snnrun("validate", "tiny.yaml")
    assert (result.exit_code, result.stdout) == (0, "tiny.yaml: ok · tiny · populations cells (10) · 10 neurons\n")


def test_every_problem_is_shown_with_its_place_and_what_to_do(snnrun, workplace):
    (workplace / "broken.yaml").write_text(BROKEN)
    result = snnrun("validate", "broken.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "broken.yaml:3:42  populations.cells.neuron.v_tresh\n"
        "    3 │   cells: {size: 10, neuron: {model: lif, v_tresh: -50 mV}}\n"
        "      │                                          ^^^^^^^\n"
        "  Unknown key. Did you mean 'v_thresh'?\n"
        "\n"
        "broken.yaml:4:14  simulation.duration\n"
        "    4 │ simulation: {duration: 1}\n"
        "      │              ^^^^^^^^\n"
        "  The unit is missing. Write for example '1 ms'.\n"
        "\n"
        "2 problems in broken.yaml\n"
    )


def test_one_broken_file_does_not_hide_the_others(snnrun, workplace):
    (workplace / "broken.yaml").write_text(BROKEN)
    result = snnrun("validate", "broken.yaml", "no.yaml", "tiny.yaml")
    assert result.exit_code == 2
    assert "2 problems in broken.yaml" in result.stderr and "no.yaml\n  There is no such file" in result.stderr
    assert result.stdout.startswith("tiny.yaml: ok")


def test_json_gives_places_to_editors(snnrun, workplace):
    (workplace / "broken.yaml").write_text(BROKEN)
    broken, fine = json.loads(snnrun("validate", "broken.yaml", "tiny.yaml", "--json").stdout)
    assert not broken["ok"]
    assert broken["problems"][0] == {
        "file": "broken.yaml",
        "line": 3,
        "column": 42,
        "key": "populations.cells.neuron.v_tresh",
        "message": "Unknown key.",
        "hint": "Did you mean 'v_thresh'?",
    }
    assert fine == {
        "file": "tiny.yaml", "ok": True, "name": "tiny", "populations": {"cells": 10}, "neurons": 10, "problems": [],
    }  # fmt: skip


def test_overrides_are_checked_as_the_file_is(snnrun):
    result = snnrun("validate", "tiny.yaml", "--set", "simulation.dt=1 mV")
    assert result.exit_code == 2
    assert "--set simulation.dt" in result.stderr and "Expected a value in ms, got 1 mV" in result.stderr
