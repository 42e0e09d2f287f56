"""Runs that are interrupted, killed, or asked for twice at once leave whole files or none, and no process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from snnrun.network.loading import load
from snnrun.results.layout import RunFolder
from snnrun.results.store import read_recording

SNNRUN = [sys.executable, "-P", "-c", "from snnrun.cli.app import main; main()"]
LONG = ["--set", "simulation.duration=100 s", "--set", "record={spikes: {cells: {neurons: 1}}}"]

# Eighty million synapses: the program reads them for seconds.
LARGE = ["--set", "projections.ring.connectivity={rule: fixed_indegree, k: 20000000, multapses: true}"]


@pytest.fixture
def folder(tiny_file, program, tmp_path):
    """A folder with the experiment, whose program is in the cache."""
    (tmp_path / "tiny.yaml").write_text(tiny_file)
    return tmp_path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [*SNNRUN, "simulate", "tiny.yaml", "--output", "out", *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until(condition, patience=60.0):
    until = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
    return found


def simulating(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The compiled programs among the children of a run."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if child.name() == "program"]
    except psutil.NoSuchProcess:
        return []


def all_gone(processes: list[psutil.Process], patience=5.0) -> bool:
    return not psutil.wait_procs(processes, timeout=patience)[1]


def files(folder: Path) -> set[str]:
    """Files of results, without locks."""
    out = folder / "out"
    return {path.name for path in out.rglob("*") if path.is_file() and path.name != ".lock"} if out.exists() else set()


@pytest.mark.parametrize("settings", [LONG, LARGE], ids=["while it simulates", "while it draws"])
def test_ctrl_c_ends_everything_and_leaves_nothing(folder, settings):
    process = start(folder, *settings)
    children = wait_until(lambda: simulating(process))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "nterrupted" in said
    assert "Traceback" not in said
    assert all_gone(children)
    assert files(folder) == set()
    assert list((folder / "out").rglob(".run-*")) == []


def test_a_run_that_is_killed_takes_its_program_along(folder):
    process = start(folder, *LONG)
    children = wait_until(lambda: simulating(process))
    process.kill()
    process.communicate()
    assert all_gone(children)
    assert files(folder) & {"recording.h5", "analysis.h5"} == set()


@pytest.mark.slow
def test_killed_at_random_and_run_again(folder):
    chance = random.Random(1)
    final = RunFolder(folder / "out", "tiny", load(folder / "tiny.yaml").run_id)
    for _ in range(8):
        process = start(folder, "--force")
        time.sleep(chance.uniform(0.1, 1.6))
        process.kill()
        process.communicate()
        if final.recording.exists():
            assert read_recording(final.recording).populations["cells"].n_spikes > 0
    process = start(folder)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert read_recording(final.recording).run_id == final.run_id
    leftovers = [path.name for path in final.path.rglob("*") if path.name.startswith(".") and path.name != ".lock"]
    assert leftovers == []


def test_two_at_once_on_one_folder_simulate_once(folder):
    both = [start(folder), start(folder)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("already simulated" in text for text in said) == 1
    assert "recording.h5" in files(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount")
class TestDisks:
    @pytest.fixture
    def disk(self, folder):
        """A disk of 1.6 MB in the place of the results."""
        out = folder / "out"
        out.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=1600k", "none", str(out)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("cannot mount here")
        yield out
        subprocess.run(["umount", "-l", str(out)], check=True)

    def test_a_disk_that_fills_up_is_an_error_and_nothing_is_kept(self, folder, disk):
        # In 2 s the traces take 0.8 MB, for which there is room, and a spike in every step another 1 MB.
        process = start(folder, "--set", "simulation.duration=2 s", "--set", "inputs.push.amplitude=1 A")
        said, _ = process.communicate()
        assert process.returncode == 3
        assert "could not be written (No space left on device); nothing of it was kept" in said
        assert "Traceback" not in said
        assert files(folder) == set()

    def test_a_run_that_does_not_fit_is_refused_before_it_begins(self, folder, disk):
        process = start(folder, "--set", "simulation.duration=20 s")
        said, _ = process.communicate()
        assert process.returncode == 2
        assert "of disk" in said and "are free" in said

    def test_a_disk_that_is_read_only_is_told_before_anything_is_simulated(self, folder, disk):
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        said, _ = start(folder).communicate()
        assert "read-only" in said
        assert "Traceback" not in said


def test_a_file_in_the_place_of_the_results(folder):
    (folder / "out").write_text("")
    process = start(folder)
    said, _ = process.communicate()
    assert process.returncode == 2
    assert "file stands where a folder is needed" in said.lower()
