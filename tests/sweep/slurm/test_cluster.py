"""Sweeps on a real SLURM, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.state import endings

if TYPE_CHECKING:
    from tests.sweep.slurm.conftest import Cluster

# A current into cells that fire regularly. 100 ms of them are computed at once, 300 s in half a second.
CELLS = """\
snnrun: 1
parameters: {drive: 300 pA}
populations: {cells: {size: 5, neuron: {model: lif}}}
inputs: {push: {to: cells, model: constant_current, amplitude: drive}}
simulation: {duration: 100 ms, max_spikes: 1000000}
analysis: [mean_rate]
"""
LONG = ("--set", "simulation.duration='300 s'")
SNNRUN = Path(sys.executable).with_name("snnrun")


@dataclass(frozen=True)
class Desk:
    """A login node, and a folder there with an experiment."""

    cluster: Cluster
    path: Path

    @property
    def folder(self) -> SweepFolder:
        return SweepFolder.of(self.path / "results", "cells")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [SNNRUN, "sweep", *arguments],
            cwd=self.path,
            env={**os.environ, **self.cluster.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def fails(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """How a command ended, and what it said."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output + errors

    def run(self, *arguments: str, **environment: str) -> str:
        """What a command that does not fail says."""
        status, said = self.fails(*arguments, **environment)
        assert status == 0, said
        return said

    def submit(self, *arguments: str, **environment: str) -> str:
        return self.run("submit", "cells.yaml", "--point-time", "1 s", *arguments, **environment)

    def results(self) -> dict[str, int]:
        """The files that are done, and when each was written."""
        return {path.name: path.stat().st_mtime_ns for path in self.folder.points.glob("*.h5")}

    def n_done(self) -> int:
        return len(self.results())

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted((self.folder.slurm / "logs").iterdir()))

    def leftovers(self) -> list[str]:
        """What is neither a result nor the record of a failure."""
        return [path.name for path in self.folder.points.iterdir() if path.suffix not in {".h5", ".failed"}]


@pytest.fixture
def desk(cluster: Cluster, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "cells.yaml").write_text(CELLS)
    yield Desk(cluster, tmp_path)
    cluster.call("scancel", "--user=root")
    cluster.wait()


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
