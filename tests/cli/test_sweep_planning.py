"""`snnrun sweep plan`, `build` and `point`: what they say, and what newcomers are told."""

from __future__ import annotations

import json
import shlex

import pytest

from snnrun.sweep.files.claims import claimed
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan
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


def test_only_what_multiplies_is_said_to(plan):
    assert plan("amplitude=1 pA,2 pA", "simulation.duration=10 ms,20 ms", "design=zip").stdout.startswith(
        "tiny: 2 points\n"
    )
    said = plan("amplitude=1 pA:2 pA", "design=random", "points=4", "seeds=2").stdout
    assert said.startswith("tiny: 8 points = 4 amplitude × 2 seeds\n")


def test_what_is_to_be_typed_next_runs_these_very_points(plan, snnrun, workplace):
    choices = (
        "seeds=2",
        "-p",
        "amplitude=2 * 100 pA",
        "--set",
        'title=it\'s "odd"',
        "-o",
        "my results",
        "--name",
        "fine",
    )
    said = plan("simulation.duration=10 ms,20 ms", *choices).stdout
    (folder,) = workplace.glob("my results/tiny/sweep-fine")
    planned = (folder / "plan.json").read_text()
    (command,) = [line for line in said.splitlines() if line.startswith("Run it:")]
    program, sweep, run, *words = shlex.split(command.removeprefix("Run it:"))
    assert (program, sweep, run) == ("snnrun", "sweep", "run")
    (folder / "plan.json").unlink()
    assert snnrun("sweep", "plan", *words).exit_code == 0
    assert (folder / "plan.json").read_text() == planned


def test_a_plan_for_other_programs(plan, workplace):
    said = json.loads(plan("amplitude=250 pA,300 pA", "populations.cells.size=5,6", "--json").stdout)
    assert {key: said[key] for key in ("experiment", "axes", "points", "builds", "done", "guessed")} == {
        "experiment": "tiny",
        "axes": ["amplitude", "populations.cells.size"],
        "points": 4,
        "builds": 2,
        "done": 0,
        "guessed": True,
    }
    assert said["folder"] == str(workplace / "results" / "tiny" / "sweep")
    assert said["to_build"] <= 2 and said["seconds"] > 0 and said["disk"] > 0


def test_advice_on_a_design_is_a_remark(plan):
    said = plan("amplitude=250 pA:300 pA", "design=sobol", "points=6")
    assert "4 or 8" in said.stderr
    assert "4 or 8" not in said.stdout


def test_a_plan_says_what_is_there_and_what_it_will_take(plan, monkeypatch):
    for n_to_build, compiled in ((1, "1 to be compiled"), (0, "compiled already")):
        expected = Outlook(1, n_to_build, 2, 400.0, 6e4, False)
        monkeypatch.setattr("snnrun.sweep.run.outlook.outlook", lambda *_, expected=expected: expected)
        assert plan("amplitude=250 pA,300 pA").stdout.splitlines()[1:-2] == [
            f"  builds  1, {compiled}",
            "  done    1 of 2",
            "  time    about 6.7 min on 2 processors",
            "  disk    about 60 kB",
            "  folder  results/tiny/sweep",
        ]


def test_a_plan_that_is_carried_out_is_not_replaced_by_one_without_its_points(plan, workplace):
    plan("amplitude=250 pA,300 pA")
    folder = SweepFolder(workplace / "results" / "tiny" / "sweep")
    before = read_plan(folder)
    with claimed(folder, before.points[1].id):
        refused = plan("amplitude=250 pA,350 pA")
        assert refused.exit_code == 2
        assert "of which 1 of its points are being computed. Wait until that is over" in refused.stderr
        assert read_plan(folder) == before
        assert plan("amplitude=250 pA,350 pA", "--name", "other").exit_code == 0
        assert plan("amplitude=250 pA,300 pA,350 pA").exit_code == 0
    folder.claim(before.points[1].id).write_text("{}")  # what a killed worker leaves
    assert plan("amplitude=250 pA,350 pA").exit_code == 0
    assert len(read_plan(folder).points) == 2


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
