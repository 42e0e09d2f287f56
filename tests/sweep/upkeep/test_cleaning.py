"""What the plan of a sweep does not need."""

from __future__ import annotations

import os
import time

import pytest

from snnrun.sweep.files.claims import claimed
from snnrun.sweep.upkeep.cleaning import remove, rubbish

GONE = "0123456789abcdef"


@pytest.fixture
def sweep(fake_sweep):
    sweep = fake_sweep({"g": [1, 2, 3]})
    sweep.finish(0)
    sweep.fail(1, "no")
    return sweep


def kinds(sweep):
    return {one.kind for one in rubbish(sweep.plan, sweep.folder)}


def aged(path):
    """Last written an hour ago."""
    when = time.time() - 3600
    os.utime(path, (when, when))
    return path


def test_what_the_plan_needs_is_no_rubbish(sweep):
    assert rubbish(sweep.plan, sweep.folder) == []


def test_points_that_are_no_longer_in_the_plan_and_failures_that_are_mended_go(sweep):
    for path in (sweep.folder.result(GONE), sweep.folder.failure(GONE), sweep.folder.failure(sweep.id(0))):
        path.write_bytes(b"12345")
    found = rubbish(sweep.plan, sweep.folder)
    assert {one.path.name for one in found} == {f"{GONE}.h5", f"{GONE}.failed", f"{sweep.id(0)}.failed"}
    assert all(one.size == 5 for one in found)
    assert len(remove(sweep.folder, found)) == 3
    left = {path.name for path in sweep.folder.points.iterdir()}
    assert left == {f"{sweep.id(0)}.h5", f"{sweep.id(1)}.failed"}


def test_claims_of_the_killed_go_with_what_they_left_and_those_of_the_living_stay(sweep):
    sweep.folder.claim(sweep.id(2)).write_text("{}")
    aged(sweep.folder.claim(sweep.id(2)))
    (sweep.folder.points / f".run-{sweep.id(2)}-xyz").mkdir()
    (sweep.folder.points / f".run-{sweep.id(2)}-xyz" / "spikes").write_bytes(bytes(100))
    with claimed(sweep.folder, sweep.id(1)):
        remove(sweep.folder, rubbish(sweep.plan, sweep.folder))
        assert sweep.folder.claim(sweep.id(1)).exists()
    assert not list(sweep.folder.points.glob("*.running"))
    assert not list(sweep.folder.points.glob(".run-*"))


def test_what_a_worker_needs_is_never_touched(sweep):
    with claimed(sweep.folder, GONE):
        sweep.folder.result(GONE).write_bytes(b"of a plan that has just been replaced")
        temporary = sweep.folder.points / f".{GONE}.h5.ab12.tmp"
        temporary.touch()
        aged(temporary)
        listing = sweep.folder.path / ".list-abc"
        listing.mkdir()
        aged(listing)
        assert rubbish(sweep.plan, sweep.folder) == []
    assert kinds(sweep) == {"results of points that are no longer in the plan", "temporary files"}


def test_somebody_may_begin_between_looking_and_removing(sweep):
    sweep.folder.result(GONE).touch()
    found = rubbish(sweep.plan, sweep.folder)
    with claimed(sweep.folder, GONE):
        assert remove(sweep.folder, found) == []
    assert sweep.folder.result(GONE).exists()


def test_temporary_files_may_be_in_use_until_they_are_old(sweep):
    temporary = sweep.folder.path / ".sweep.h5.ab12.tmp"
    temporary.touch()
    assert rubbish(sweep.plan, sweep.folder) == []
    aged(temporary)
    assert kinds(sweep) == {"temporary files"}


def test_logs_stay_as_long_as_their_submission_is_the_last(sweep):
    logs = sweep.folder.slurm / "logs"
    logs.mkdir(parents=True)
    for name in ("11_1.log", "collect_12.log", "21_1.log", "collect_22.log", "notes.log"):
        (logs / name).touch()
    (sweep.folder.slurm / "jobs.json").write_text('{"arrays": {"21": 3}, "collect": "22"}')
    remove(sweep.folder, rubbish(sweep.plan, sweep.folder))
    assert {path.name for path in logs.iterdir()} == {"21_1.log", "collect_22.log", "notes.log"}


def test_runs_are_never_touched(sweep):
    recording = sweep.folder.run("0123456789abcdef").recording
    recording.parent.mkdir(parents=True)
    recording.touch()
    aged(recording)
    sweep.folder.result(GONE).touch()
    remove(sweep.folder, rubbish(sweep.plan, sweep.folder))
    assert recording.exists()


def test_what_is_somebodys_own_stays(sweep):
    own = ["x.h5", "a b.h5", "notes.failed", "notes.running", ".gitignore", ".nfs0123", "README.txt"]
    for name in own:
        aged_file = sweep.folder.points / name
        aged_file.touch()
        aged(aged_file)
    (sweep.folder.path / ".git").mkdir()
    aged(sweep.folder.path / ".git")
    assert rubbish(sweep.plan, sweep.folder) == []
