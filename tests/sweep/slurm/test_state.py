from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from snnrun.errors import ResultsError, UserError
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.cancel import cancel_jobs
from snnrun.sweep.slurm.record import Record, read_record, write_record
from snnrun.sweep.slurm.state import Jobs, _asked, counted, endings, in_words, jobs
from snnrun.sweep.slurm.submission import refuse_twice

RECORD = Record(submitted="2026-01-01T00:00:00+00:00", arrays={"12": 3, "15": 2}, collect="17", points=50)


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    made = SweepFolder.of(tmp_path / "results", "plane")
    made.create()
    made.slurm.mkdir()
    return made


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def command(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_jobs_are_counted_by_what_they_do() -> None:
    lines = [
        "12|RUNNING|None",
        "12|COMPLETING|None",
        "12|PENDING|BeginTime",
        "15|PENDING|Resources",
        "15|PENDING|JobHeldUser",
        "17|PENDING|Dependency",
        "99|RUNNING|None",
    ]
    assert counted(lines, RECORD) == Jobs(
        pending=3,
        running=2,
        held=1,
        reasons={"BeginTime": 1, "Resources": 1, "JobHeldUser": 1},
        ids=("12", "15", "17"),
    )


def test_when_none_of_its_jobs_is_listed_all_are_over() -> None:
    assert counted(["99|RUNNING|None"], RECORD).over


def test_a_sweep_that_was_never_submitted_has_no_jobs(folder: SweepFolder) -> None:
    assert jobs(folder) is None
    with pytest.raises(UserError, match="nothing of this sweep was submitted"):
        cancel_jobs(folder)


def test_the_record_reads_back(folder: SweepFolder) -> None:
    write_record(RECORD, folder)
    assert read_record(folder) == RECORD


@pytest.mark.parametrize("text", ["", "[]", '{"what": 1}'])
def test_a_damaged_record_is_named(folder: SweepFolder, text: str) -> None:
    (folder.slurm / "jobs.json").write_text(text)
    with pytest.raises(ResultsError, match=r"jobs\.json: is damaged"):
        read_record(folder)


def test_when_slurm_cannot_be_asked_the_user_decides(folder: SweepFolder, commands: Path) -> None:
    write_record(RECORD, folder)
    command(commands, "squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
    with pytest.raises(UserError, match=r"Unable to contact slurm controller[\s\S]*--force"):
        refuse_twice(folder)


def test_what_was_submitted_while_the_sweep_was_cancelled_is_ended_too(folder: SweepFolder, commands: Path) -> None:
    write_record(replace(RECORD, arrays={"19": 2}, collect="", by="17"), folder)
    (folder.slurm / "jobs.json").rename(folder.path / "next.json")
    write_record(RECORD, folder)
    command(commands, "squeue", f"cat {folder.path}/jobs")
    (folder.path / "jobs").write_text("17|RUNNING|None\n")
    # The first call comes when the job that collects has just submitted an array of the next round.
    command(
        commands,
        "scancel",
        f"cd {folder.path}; echo $* >> cancelled; : > jobs\n"
        "[ ! -e next.json ] || { mv next.json slurm/jobs.json; echo '19|PENDING|None' > jobs; }",
    )
    assert cancel_jobs(folder).ids == ("17",)
    assert (folder.path / "cancelled").read_text().split() == ["17", "19"]


def test_the_job_that_has_submitted_a_round_is_no_task_of_it() -> None:
    record = replace(RECORD, by="11")
    found = counted(["11|COMPLETING|None", "12|PENDING|Resources"], record)
    assert (found.running, found.pending, found.ids) == (0, 1, ("11", "12"))


def test_how_tasks_ended_is_told_where_slurm_keeps_accounts(folder: SweepFolder, commands: Path) -> None:
    write_record(RECORD, folder)
    assert endings(folder) == {}
    command(commands, "sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
    assert endings(folder) == {}
    command(commands, "sacct", "echo COMPLETED; echo COMPLETED; echo CANCELLED by 0; echo OUT_OF_MEMORY")
    assert endings(folder) == {"COMPLETED": 2, "CANCELLED": 1, "OUT_OF_MEMORY": 1}


def test_who_looks_at_a_sweep_is_told_what_slurm_says(folder: SweepFolder, commands: Path) -> None:
    def words() -> str:
        _asked.cache_clear()  # in which it is kept for those who watch
        return in_words(folder)

    assert words() == ""
    write_record(RECORD, folder)
    command(commands, "squeue", "echo '12|RUNNING|None'; echo '15|PENDING|Resources'; echo '17|PENDING|Dependency'")
    assert words() == "1 task running, 1 waiting (Resources)"
    command(commands, "squeue", "echo '15|PENDING|JobHeldUser'")
    assert words() == "0 tasks running, 1 waiting (JobHeldUser), of which 1 will never start: see 'squeue --me'"
    command(commands, "squeue", "echo '17|RUNNING|None'")
    assert words() == "all tasks are over, the results are being collected"
    command(commands, "squeue", "true")
    assert words() == "all tasks are over"
    command(commands, "sacct", "echo COMPLETED; echo COMPLETED; echo TIMEOUT")
    assert words() == "all tasks are over: 2 completed, 1 timeout"
    command(commands, "squeue", "echo 'no controller' >&2; exit 1")
    assert words() == "SLURM cannot be asked: squeue: no controller"


def test_the_record_is_plain_json(folder: SweepFolder) -> None:
    write_record(RECORD, folder)
    assert json.loads((folder.slurm / "jobs.json").read_text())["arrays"] == {"12": 3, "15": 2}
