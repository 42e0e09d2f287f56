"""`snnrun sweep plan`, `build` and `point`: what they say, and what newcomers are told."""

from __future__ import annotations

import json

import pytest

from snnrun.sweep.run.outlook import Outlook


@pytest.fixture
def plan(snnrun):
    def planned(*words):
        return snnrun("sweep", "plan", "tiny.yaml", *words)

    return planned


def test_a_plan_says_what_it_multiplies(plan):
    said = plan("amplitude=250 pA,300 pA", "simulation.duration=10 ms,20 ms,30 ms", "seeds=2").stdout
    assert said.startswith("tiny: 12 points = 2 amplitude × 3 simulation.duration × 2 seeds\n")
    assert "done    0 of 12" in said


def test_a_single_point_is_one(plan, snnrun):
    assert plan("amplitude=250 pA").stdout.startswith("tiny: 1 point\n")
    assert snnrun("sweep", "status", "tiny.yaml").stdout.startswith("tiny: 1 point\n")
    assert snnrun("sweep", "build", "tiny.yaml").stdout.startswith("1 program, ")


@pytest.mark.parametrize(
    ("n_done", "seconds", "n_processors", "guessed", "said"),
    [
        (0, 0.05, 2, True, "less than 1 s on 2 processors (a guess until some points are done)"),
        (1, 400.0, 1, False, "about 6.7 min on 1 processor"),
        (2, 0.0, 2, False, "none: all points are done"),
    ],
)
def test_the_time_is_no_more_exact_than_it_can_be(plan, monkeypatch, n_done, seconds, n_processors, guessed, said):
    expected = Outlook(n_done, 0, n_processors, seconds, 6e4, guessed)
    monkeypatch.setattr("snnrun.sweep.run.outlook.outlook", lambda *_: expected)
    assert f"  time    {said}\n" in plan("amplitude=250 pA,300 pA").stdout


def test_the_file_comes_before_the_axes(snnrun):
    for command in ("plan", "run"):
        result = snnrun("sweep", command, "amplitude=1 pA,2 pA", "tiny.yaml")
        assert result.exit_code == 2
        assert "amplitude=1 pA,2 pA: the experiment file comes first" in result.stderr


def test_a_sweep_that_is_not_there_is_told_with_its_name(snnrun, plan):
    assert plan("amplitude=250 pA").exit_code == 0
    result = snnrun("sweep", "status", "tiny.yaml", "--name", "fine")
    assert result.exit_code == 2
    assert "its sweep 'fine' has not been planned yet in results." in result.stderr
    assert "snnrun sweep plan tiny.yaml --name fine" in result.stderr


def test_a_point_is_asked_for_in_the_folder_of_a_sweep(snnrun):
    result = snnrun("sweep", "point", "results", "0123456789abcdef")
    assert result.exit_code == 2
    assert "results: holds no sweep. Plan one first" in result.stderr


def test_a_recording_lies_beside_the_sweep_wherever_make_was_called(plan, snnrun, workplace, monkeypatch):
    plan("amplitude=250 pA", "keep=full")
    sweep = workplace / "results" / "tiny" / "sweep"
    planned = json.loads((sweep / "plan.json").read_text())["points"]
    monkeypatch.chdir(sweep / "points")
    assert snnrun("sweep", "point", "..", planned["id"][0]).exit_code == 0
    assert (sweep.parent / planned["run_id"][0] / "recording.h5").is_file()
    assert {path.name for path in sweep.joinpath("points").iterdir()} == {f"{planned['id'][0]}.h5"}


def test_a_search_over_few_values_tries_them_all_and_says_that_there_are_no_more(snnrun):
    words = ("amplitude=200 pA,250 pA,300 pA", "design=optimise", "maximise=cells.mean_rate", "points=5", "round=2")
    result = snnrun("sweep", "run", "tiny.yaml", *words)
    assert result.exit_code == 0, result.output
    assert "at amplitude=300 pA\n" in result.stdout and "sweep.csv, 3 points\n" in result.stdout
    assert "note: The axes have 3 sets of values: the search ends with these, before 5 points." in result.stderr
