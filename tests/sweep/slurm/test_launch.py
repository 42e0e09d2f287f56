"""What is submitted, and what is not: with commands of SLURM that only write down how they were called."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from snnrun.errors import UserError
from snnrun.results.analysis import Analysis, Measurement
from snnrun.results.point_result import PointResult
from snnrun.results.store.points import write_point
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.failures import Failure, write_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.slurm.launch import Launch, Order, launch
from snnrun.sweep.slurm.record import read_record

WORDS = ("drive=200 pA:600 pA", "design=optimise", "points=10", "round=4", "target={cells.mean_rate: 50 Hz}")


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the commands. ``sbatch`` counts jobs from 1, ``squeue`` prints the file ``jobs``."""
    folder = tmp_path / "bin"
    folder.mkdir()
    scripts = {
        "scontrol": "echo MaxArraySize = 1001",
        "sacctmgr": "exit 1",
        "squeue": f"cat {folder}/jobs",
        "sbatch": f"echo $* >> {folder}/sbatched; env > {folder}/env; wc -l < {folder}/sbatched",
        "scancel": f"echo $* >> {folder}/cancelled",
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    (folder / "jobs").touch()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.delenv("SLURM_JOB_ID", raising=False)
    return folder


@pytest.fixture
def submit(tmp_path: Path, cells_file: str, slurm: Path) -> Callable[..., Launch | None]:
    """Submits the search, or another sweep."""
    file = tmp_path / "cells.yaml"
    file.write_text(cells_file)

    def submitted(*words: str, **choices: object) -> Launch | None:
        def plan():
            return plan_sweep(file, words or WORDS, parameters={}, settings={}, output=tmp_path / "results")

        return launch(plan, Order(file, point_time="1 s", tasks=2, **choices), Listener())

    return submitted


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    return SweepFolder.of(tmp_path / "results", "cells")


def finish(folder: SweepFolder, *, failed: int = 0, missing: int = 0) -> None:
    """Write results of the points that are planned, but for some at the end."""
    points = [point for point in read_plan(folder).points if point.id not in folder.scan().done]
    for point in points[: len(points) - failed - missing]:
        rate = float(point.values[0].split()[0])
        analysis = Analysis(point.run_id, (0.0, 1.0), {"cells": {"mean_rate": Measurement(rate, "Hz", 1)}}, {})
        result = PointResult(point.id, point.run_id, 1.0, analysis, {}, {}, is_summary=True)
        write_point(result, folder.result(point.id))
    for point in points[len(points) - failed - missing : len(points) - missing]:
        write_failure(folder, point.id, Failure.of(UserError("no"), "1"))


def chunks(folder: SweepFolder) -> set[str]:
    """The points that were submitted last."""
    return {point for path in (folder.slurm / "chunks").iterdir() for point in path.read_text().split()}


def planned(folder: SweepFolder, begin: int = 0) -> set[str]:
    return {point.id for point in read_plan(folder).points[begin:]}


def test_round_after_round_only_new_points_are_submitted_and_in_the_end_none(submit, folder):
    submit()
    assert chunks(folder) == planned(folder)
    assert len(planned(folder)) == 4
    finish(folder, failed=1)
    submit(next_round=True)
    assert chunks(folder) == planned(folder, 4)
    assert len(planned(folder)) == 8
    finish(folder)
    submit(next_round=True)
    assert len(chunks(folder)) == 2
    finish(folder, failed=2)
    found = submit(next_round=True)
    assert found.division is None and found.record is None
    assert len(found.planned.plan.points) == 10


def test_whoever_submits_by_hand_tries_failed_points_again(submit, folder):
    submit()
    finish(folder, failed=1)
    submit()
    assert len(chunks(folder)) == 5


def test_rounds_that_somebody_else_has_computed_are_passed_by(submit, folder):
    for _ in range(3):
        submit()
        finish(folder)
    folder.plan_file.unlink()
    found = submit()
    assert found.division is None
    assert len(found.planned.plan.points) == 10


def test_with_points_missing_the_search_stops_and_says_how_it_goes_on(submit, folder, slurm):
    submit()
    finish(folder, failed=1, missing=1)
    before = folder.plan_file.read_bytes()
    with pytest.raises(UserError, match="1 of 4 points are neither done nor failed") as caught:
        submit(next_round=True)
    *_, shown = str(caught.value).splitlines()
    assert shlex.split(shown)[1:3] == ["sweep", "submit"]
    assert "--next-round" not in shown
    assert folder.plan_file.read_bytes() == before
    assert len((slurm / "sbatched").read_text().splitlines()) == 2


def test_points_that_were_planned_and_never_submitted_are_not_missing(submit, folder):
    submit()
    finish(folder)
    submit(next_round=True, dry_run=True)  # as when the node dies before anything is submitted
    assert len(read_plan(folder).points) == 8
    submit(next_round=True)
    assert chunks(folder) == planned(folder, 4)


def test_an_experiment_that_was_edited_does_not_go_on(submit, folder, tmp_path):
    submit()
    finish(folder)
    (tmp_path / "cells.yaml").write_text((tmp_path / "cells.yaml").read_text().replace("size: 5", "size: 6"))
    with pytest.raises(UserError, match="the experiment was edited"):
        submit(next_round=True)


def test_a_sweep_that_is_no_search_has_no_next_round(submit):
    submit("drive=1 nA,2 nA")
    with pytest.raises(UserError, match=r"no search: it has no next round\. Leave out --next-round"):
        submit("drive=1 nA,2 nA", next_round=True)


def test_the_job_that_collects_does_not_stand_in_its_own_way(submit, folder, slurm, monkeypatch):
    submit()
    finish(folder)
    (slurm / "jobs").write_text("2|RUNNING|None\n")
    with pytest.raises(UserError, match=r"\(jobs 2\)"):
        submit(next_round=True)
    monkeypatch.setenv("SLURM_JOB_ID", "2")
    assert submit(next_round=True).record.by == "2"


def test_the_job_that_collects_submits_once_even_if_it_runs_once_more(submit, folder, slurm, monkeypatch):
    submit()
    finish(folder)
    monkeypatch.setenv("SLURM_JOB_ID", "2")
    submit(next_round=True)
    (slurm / "jobs").write_text("2|RUNNING|None\n3|RUNNING|None\n")
    assert submit(next_round=True) is None
    assert len((slurm / "sbatched").read_text().splitlines()) == 4


def test_a_job_of_the_user_that_submits_is_none_of_the_sweep(submit, folder, monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "77")
    submit()
    assert read_record(folder).ids == ("1", "2")


def test_a_job_that_collects_and_is_slow_to_end_does_not_hold_up_the_next(submit, folder, slurm, monkeypatch):
    submit()
    for job in ("2", "4"):
        finish(folder)
        monkeypatch.setenv("SLURM_JOB_ID", job)
        assert submit(next_round=True).record.by == job
        (slurm / "jobs").write_text(f"{job}|COMPLETING|None\n")


def test_a_round_half_submitted_is_ended_without_ending_who_submits(submit, folder, slurm, monkeypatch):
    submit()
    finish(folder)
    monkeypatch.setenv("SLURM_JOB_ID", "2")
    sbatch = (slurm / "sbatch").read_text()
    (slurm / "sbatch").write_text('#!/bin/sh\ncase "$*" in *collect.sh) exit 1;; esac; echo 3\n')
    with pytest.raises(UserError, match="sbatch"):
        submit(next_round=True)
    assert (slurm / "cancelled").read_text() == "3\n"
    (slurm / "sbatch").write_text(sbatch)
    assert submit(next_round=True).record.points == 4  # run once more, the job submits the round


def test_what_is_submitted_from_a_job_is_not_told_of_that_job(submit, folder, slurm, monkeypatch):
    monkeypatch.setenv("SLURM_CPU_BIND", "mask_cpu:0x1")
    monkeypatch.setenv("SLURM_CONF", "/etc/slurm.conf")
    submit()
    assert "SLURM_CPU_BIND=mask_cpu:0x1" in (slurm / "env").read_text().splitlines()  # the user's wish
    finish(folder)
    monkeypatch.setenv("SLURM_JOB_ID", "2")
    submit(next_round=True)
    told = [line for line in (slurm / "env").read_text().splitlines() if line.startswith("SLURM")]
    assert told == ["SLURM_CONF=/etc/slurm.conf"]


def test_the_script_says_what_the_user_has_asked_for(submit, folder, tmp_path, monkeypatch):
    (tmp_path / "my site.yaml").write_text("cpus: 3\n")
    monkeypatch.chdir(tmp_path)
    submit(site=Path("my site.yaml"))
    text = (folder.slurm / "collect.sh").read_text()
    *_, last = shlex.split(text.splitlines()[-1])
    assert last == "--next-round"
    assert shlex.split(text.splitlines()[-1])[1:-1] == [
        "sweep",
        "submit",
        f"{tmp_path}/cells.yaml",
        *WORDS,
        *("-o", f"{tmp_path}/results", "--site", f"{tmp_path}/my site.yaml", "--tasks", "2", "--point-time", "1 s"),
    ]
    assert "#SBATCH --cpus-per-task=3" in text
    assert "#SBATCH --time=0-00:10:00" in text


def test_a_sweep_that_is_no_search_only_collects(submit, folder):
    submit("drive=1 nA,2 nA")
    assert "--next-round" not in (folder.slurm / "collect.sh").read_text()


def test_scripts_that_were_edited_serve_the_next_round_too(submit, folder):
    submit(dry_run=True)
    script = folder.slurm / "collect.sh"
    script.write_text(script.read_text() + "# mine\n")
    submit()
    finish(folder)
    assert submit(next_round=True).kept == (script,)
    assert script.read_text().endswith("# mine\n")
    finish(folder)
    submit(next_round=True, rewrite=True)
    assert "mine" not in script.read_text()


def test_values_of_all_points_are_asked_for_again(tmp_path, cells_file, slurm, folder):
    (tmp_path / "cells.yaml").write_text(cells_file)

    def plan():
        return plan_sweep(
            tmp_path / "cells.yaml",
            ("populations.cells.neuron.v_thresh=-55 mV:-45 mV", *WORDS[1:]),
            parameters={"drive": "0.3 nA"},
            settings={"populations.cells.size": 7, "title": 'it\'s 1 % of "it"'},
            output=tmp_path / "results",
            name="second",
        )

    order = Order(tmp_path / "cells.yaml", name="second", point_time="1 s")
    launch(plan, order, Listener())
    folder = replace(folder, path=folder.path.with_name("sweep-second"))
    words = shlex.split((folder.slurm / "collect.sh").read_text().splitlines()[-1])
    assert words[words.index("-p") + 1] == "drive=0.3 nA"
    given = [words[index + 1] for index, word in enumerate(words) if word == "--set"]
    assert given == ["populations.cells.size=7", 'title=it\'s 1 % of "it"']
    assert words[words.index("--name") + 1] == "second"
