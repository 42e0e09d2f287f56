"""Children see nothing of the user's surroundings, and none of them outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from snnrun.simulation.process import Limits, child

START_AND_SLEEP = """
import sys, time
from pathlib import Path
from snnrun.simulation.process import child
with child(["sh", "-c", "sleep 300 & echo $$ $! > pids; wait"], folder=Path(sys.argv[1]), has_children=True):
    time.sleep(300)
"""


def output_of(command, folder, **options):
    with child(command, folder=folder, stdout=subprocess.PIPE, **options) as process:
        assert process.stdout is not None
        return process.stdout.read().strip(), process.wait()


def gone(pid, patience=10.0):
    """Whether a process ends within some seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def wait_for(path: Path, patience=30.0):
    until = time.monotonic() + patience
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return path.read_text()


def test_the_environment_is_a_short_list(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("MAKEFLAGS", "-f evil")
    monkeypatch.setenv("LD_PRELOAD", "")
    text, _ = output_of(["env"], tmp_path)
    found = dict(line.split("=", 1) for line in text.splitlines())
    assert found.keys() <= {"PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH", "HOME", "TMPDIR", "LC_ALL"} | {
        "PWD",
        "SHLVL",
        "_",
    }
    assert found["HOME"] == found["TMPDIR"] == str(tmp_path)


def test_it_works_in_its_folder(tmp_path):
    assert output_of(["pwd", "-P"], tmp_path)[0] == str(tmp_path.resolve())


def test_it_has_a_session_of_its_own(tmp_path):
    with child(["sleep", "60"], folder=tmp_path) as process:
        # Ctrl-C in a terminal goes to the foreground group: it reaches us first, and we end the child.
        assert os.getsid(process.pid) == os.getpgid(process.pid) == process.pid


def test_its_own_children_end_with_it(tmp_path):
    with child(["sh", "-c", "sleep 300 & echo $! > pid; exit 0"], folder=tmp_path) as process:
        process.wait()
        grandchild = int(wait_for(tmp_path / "pid"))
        assert psutil.pid_exists(grandchild)
    assert gone(grandchild)


def test_it_ends_when_the_block_is_left_by_an_error(tmp_path):
    with pytest.raises(KeyboardInterrupt), child(["sleep", "300"], folder=tmp_path) as process:
        raise KeyboardInterrupt
    assert process.returncode == -signal.SIGKILL


def test_it_dies_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", START_AND_SLEEP, str(tmp_path)])
    started, its_own = map(int, wait_for(tmp_path / "pids").split())
    parent.kill()
    parent.wait()
    assert gone(started)
    assert gone(its_own)  # as the compiler proper, which the compiler driver starts


@pytest.mark.parametrize("has_children", [False, True])
def test_its_status_is_told(tmp_path, has_children):
    assert output_of(["sh", "-c", "echo said; exit 3"], tmp_path, has_children=has_children) == ("said", 3)


def test_memory_is_limited(tmp_path):
    _, status = output_of([sys.executable, "-c", "x = bytearray(2**31)"], tmp_path, limits=Limits(memory_bytes=2**30))
    assert status == 1


def test_processor_time_is_limited(tmp_path):
    _, status = output_of(["sh", "-c", "while :; do :; done"], tmp_path, limits=Limits(cpu_seconds=1))
    assert status in (-signal.SIGXCPU, -signal.SIGKILL)
