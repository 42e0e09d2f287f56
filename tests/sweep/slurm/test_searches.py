"""Searches on a real SLURM: submitted once, they go on by themselves."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
from math import exp
from typing import TYPE_CHECKING

from snnrun.sweep.plan.makefile import program
from snnrun.sweep.slurm.record import read_record

if TYPE_CHECKING:
    from tests.sweep.slurm.conftest import Desk

PROGRAM = shlex.quote(str(program()))
SEARCH = ("drive=200 pA:600 pA", "design=optimise", "target={cells.mean_rate: 80 Hz}", "--tasks", "2")
TWO_ROUNDS = (*SEARCH, "points=8", "round=4")


def rows(desk: Desk) -> list[dict[str, str]]:
    return list(csv.DictReader(desk.folder.csv_file.read_text().splitlines()))


def rounds(desk: Desk) -> list[str]:
    """What the job that collects has written in each round."""
    logs = (desk.folder.slurm / "logs").glob("collect_*.log")
    return [path.read_text() for path in sorted(logs, key=lambda path: int(path.stem.partition("_")[2]))]


def edit(desk: Desk, name: str, old: str, new: str) -> None:
    """Change a script before anything is submitted."""
    script = desk.folder.slurm / name
    if not script.exists():
        desk.submit(*TWO_ROUNDS, "--dry-run")
    text = script.read_text()
    assert text.count(old) == 1, text
    script.write_text(text.replace(old, new))


def in_round(number: int, desk: Desk) -> bool:
    """Whether two tasks of a round are at work, and nothing else."""
    record, states = read_record(desk.folder), [line.split()[1] for line in desk.cluster.jobs()]
    return record.planned == 4 * number and states.count("RUNNING") == 2 and states.count("PENDING") == 1


def collecting(desk: Desk) -> bool:
    """Whether nothing but the job that collects is at work."""
    return desk.cluster.jobs() == [f"{read_record(desk.folder).collect} RUNNING None"]


def test_a_search_runs_to_its_end_by_itself_past_points_that_fail(desk: Desk) -> None:
    # More than 120 spikes a second are not accepted.
    said = desk.submit(
        *SEARCH, "points=18", "round=6", "--set", "simulation.duration=1 s", "--set", "simulation.max_spikes=600"
    )
    assert "Submitted 6 points" in said
    assert "the next round of the search is submitted" in said
    desk.cluster.wait()
    assert [re.findall(r"Submitted \d+ points|search is over after \d+ points", log) for log in rounds(desk)] == [
        ["Submitted 6 points"],
        ["Submitted 6 points"],
        ["search is over after 18 points"],
    ], desk.logs()
    status = [row["status"] for row in rows(desk)]
    assert status.count("done") + status.count("failed") == len(status) == 18
    assert "failed" in status[:6]
    assert desk.leftovers() == []
    # Cells at R I = x mV above rest fire every 2 ms + 20 ms ln((x − 10) / (x − 20)): 80 times a second at
    growth = exp((1000 / 80 - 2) / 20)
    optimum = 10 * (20 * growth - 10) / (growth - 1)  # pA
    best = min((row for row in rows(desk) if row["status"] == "done"), key=off_target)
    assert off_target(best) < 10 < min(off_target(row) for row in rows(desk)[:6] if row["status"] == "done")
    assert abs(float(best["drive [pA]"]) - optimum) < 30
    assert f"Best:    cells.mean_rate = {best['cells.mean_rate [Hz]']} Hz at drive=" in rounds(desk)[-1]


def off_target(row: dict[str, str]) -> float:
    return abs(float(row["cells.mean_rate [Hz]"]) - 80)


def test_what_kills_every_task_ends_the_search_which_goes_on_when_that_is_mended(desk: Desk) -> None:
    edit(desk, "batch.sh", "make --keep-going", "kill -9 $$; make --keep-going")
    desk.submit(*TWO_ROUNDS)
    desk.cluster.wait()
    (log,) = rounds(desk)
    assert "4 of 4 points are neither done nor failed, so the search stops here" in log
    assert desk.n_done() == 0

    shown = next(line for line in log.splitlines() if line.startswith("  "))
    surroundings = {**os.environ, **desk.cluster.environment}
    subprocess.run(["bash", "-c", f"{shown} --rewrite"], env=surroundings, cwd="/", check=True)
    desk.cluster.wait()
    assert desk.n_done() == 8, desk.logs()
    assert "The search is over after 8 points" in rounds(desk)[-1]


def test_the_next_round_ends_when_it_is_cancelled(desk: Desk) -> None:
    edit(desk, "batch.sh", "make --keep-going", "[ ! -e slow ] || sleep 60; make --keep-going")
    edit(desk, "collect.sh", f"{PROGRAM} sweep submit", f"touch {desk.folder.path}/slow; {PROGRAM} sweep submit")
    desk.submit(*TWO_ROUNDS)
    desk.cluster.wait_until(lambda: in_round(2, desk))
    assert "2 tasks running" in desk.run("status", "cells.yaml")
    assert "Ended: 2 running" in desk.run("cancel", "cells.yaml")
    assert desk.cluster.jobs() == []
    assert desk.n_done() == 4
    assert len(rounds(desk)) == 1


def test_cancelled_while_it_collects_a_search_ends(desk: Desk) -> None:
    edit(desk, "collect.sh", f"{PROGRAM} sweep collect", f"sleep 60; {PROGRAM} sweep collect")
    desk.submit(*TWO_ROUNDS)
    desk.cluster.wait_until(lambda: collecting(desk))
    status, said = desk.fails("submit", "cells.yaml", *TWO_ROUNDS)
    assert status == 2
    assert "snnrun sweep cancel" in said
    assert "being collected" in desk.run("status", "cells.yaml")

    desk.run("cancel", "cells.yaml")
    assert desk.cluster.jobs() == []
    assert desk.n_done() == 4
    assert read_record(desk.folder).by == ""


def test_a_job_that_collects_twice_submits_once(desk: Desk) -> None:
    edit(desk, "collect.sh", "--next-round\n", "--next-round\n[ -e twice ] || { touch twice; sleep 60; }\n")
    desk.submit(*TWO_ROUNDS)
    desk.cluster.wait_until((desk.path / "twice").exists)
    desk.cluster.call("scontrol", "requeue", read_record(desk.folder).by)
    desk.cluster.wait()
    first, second = rounds(desk)
    assert first.count("Submitted 4 points") == 1
    assert "This job has submitted the next round before" in first
    assert "The search is over after 8 points" in second
    assert desk.n_done() == 8
