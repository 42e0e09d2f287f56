"""Sweeps on a real SLURM, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.state import endings

if TYPE_CHECKING:
    from tests.sweep.slurm.conftest import Desk

# 100 ms of them are computed at once, 300 s in half a second.
LONG = ("--set", "simulation.duration='300 s'")


def datasets(path: Path) -> dict[str, Any]:
    """What was measured in a result, and of which experiment; beside them stand sums over machine and hour, too."""
    found: dict[str, Any] = {}
    with h5py.File(path) as file:
        for group in ("analysis", "spec"):
            file[group].visititems(
                lambda name, item: found.update({name: item[()]}) if hasattr(item, "dtype") else None
            )
    return found


def test_two_hundred_points_need_three_arrays_and_equal_those_that_make_computes(desk: Desk) -> None:
    said = desk.submit("drive=0 pA:995 pA:200", "--tasks", "21")
    assert "Submitted 200 points in 21 tasks" in said
    record = json.loads((desk.folder.slurm / "jobs.json").read_text())
    assert list(record["arrays"].values()) == [10, 10, 1]
    desk.cluster.wait()
    assert desk.n_done() == 200, desk.logs()
    assert desk.leftovers() == []
    assert len(desk.folder.csv_file.read_text().splitlines()) == 201

    desk.run("run", "cells.yaml", "drive=0 pA:995 pA:200", "--set", "simulation.arch=x86-64-v3", "-o", "by_make")
    by_make = SweepFolder.of(desk.path / "by_make", "cells")
    assert {path.name for path in by_make.points.glob("*.h5")} == desk.results().keys()
    for name in list(desk.results())[::10]:
        ours, other = datasets(desk.folder.points / name), datasets(by_make.points / name)
        assert ours.keys() == other.keys()
        for key, value in ours.items():
            np.testing.assert_array_equal(value, other[key])


def test_a_point_that_fails_stops_no_other_and_is_told_without_accounts(desk: Desk) -> None:
    desk.submit("simulation.max_spikes=1,1000,2000,3000,4000", "--tasks", "2")
    desk.cluster.wait()
    assert desk.n_done() == 4
    assert desk.leftovers() == []
    (failed,) = desk.folder.points.glob("*.failed")
    assert failed.stem in desk.logs()
    assert endings(desk.folder) == {}  # there is no sacct that answers
    assert "failed" in desk.folder.csv_file.read_text()
    assert "1 failed" in desk.run("status", "cells.yaml")


def test_when_a_node_is_lost_only_its_points_are_computed_again(desk: Desk) -> None:
    desk.submit("drive=300 pA:339 pA:40", "--tasks", "4", *LONG)
    desk.cluster.wait_until(lambda: desk.n_done() >= 8)
    desk.cluster.kill_node("n2")
    done = desk.results()
    assert len(done) < 40
    desk.cluster.call("scontrol", "update", "NodeName=n2", "State=DOWN", "Reason=lost")  # as SLURM itself soon would
    desk.cluster.wait()
    desk.cluster.start_node("n2")
    assert desk.n_done() == 40, desk.logs()
    assert done.items() <= desk.results().items()
    assert desk.leftovers() == []
    assert "40 of 40 points done" in desk.logs()  # what collects has waited for the tasks that were queued again


def test_make_and_slurm_may_compute_one_sweep_at_once(desk: Desk) -> None:
    desk.submit("drive=300 pA:339 pA:40", "--tasks", "4", *LONG)
    desk.cluster.wait_until(lambda: desk.n_done() >= 2)
    desk.run("run", "cells.yaml")
    desk.cluster.wait()
    assert desk.n_done() == 40
    assert desk.leftovers() == []


def test_a_sweep_is_submitted_once_and_ends_when_it_is_cancelled(desk: Desk) -> None:
    desk.submit("drive=300 pA:499 pA:200", "--tasks", "12", *LONG)
    desk.cluster.wait_until(lambda: desk.n_done() >= 2)
    status, said = desk.fails("submit", "cells.yaml", "--point-time", "1 s")
    assert status == 2
    assert "tasks of this sweep are running" in said
    assert "snnrun sweep cancel" in said

    assert "points are done; the rest" in desk.run("cancel", "cells.yaml")
    assert desk.cluster.jobs() == []
    assert desk.leftovers() == []
    done = desk.results()
    assert 2 <= len(done) < 200
    assert all(datasets(desk.folder.points / name) for name in done)
    assert "No jobs" in desk.run("cancel", "cells.yaml")

    assert f"Submitted {200 - len(done)} points" in desk.submit()
    desk.run("cancel", "cells.yaml")
    assert done.items() <= desk.results().items()


def test_before_its_time_is_over_a_task_ends_and_is_queued_again(desk: Desk) -> None:
    desk.submit("drive=300 pA:329 pA:30", "--tasks", "1", *LONG)
    desk.cluster.wait_until(lambda: desk.n_done() >= 2)
    (job,) = json.loads((desk.folder.slurm / "jobs.json").read_text())["arrays"]
    desk.cluster.call("scancel", "--signal=TERM", "--batch", f"{job}_0")  # what SLURM does before the end
    desk.cluster.wait_until(lambda: any(f"{job}_0 PENDING" in line for line in desk.cluster.jobs()))
    assert desk.leftovers() == []
    done = desk.results()
    assert len(done) < 30
    desk.cluster.wait()
    assert desk.n_done() == 30, desk.logs()
    assert done.items() <= desk.results().items()
    assert desk.folder.csv_file.exists()


def test_two_kinds_of_processors_have_a_program_each(desk: Desk) -> None:
    other = desk.path / "cpuinfo"
    facts = Path("/proc/cpuinfo").read_text().splitlines()
    other.write_text("\n".join("model name\t: Another" if "model name" in line else line for line in facts))
    desk.cluster.kill_node("n2")
    desk.cluster.start_node("n2", cpuinfo=other)
    cache = desk.path / "cache"
    native = ("--set", "simulation.arch=native")
    desk.submit("drive=300 pA:307 pA:8", "--tasks", "4", *native, SNNRUN_CACHE=str(cache))
    desk.cluster.wait()
    assert desk.n_done() == 8, desk.logs()
    assert len(list(cache.glob("[0-9a-f]*/program"))) == 2
    desk.cluster.kill_node("n2")
    desk.cluster.start_node("n2")
