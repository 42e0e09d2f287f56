"""How the process ends: by Ctrl-C, by a reader that has enough, by a bug; always with an exit code that tells."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

COMMAND = [sys.executable, "-c", "import sys; sys.argv[0] = 'snnrun'; from snnrun.cli.app import main; main()"]
# Ten days of ten silent neurons: nothing is recorded, and nobody waits for the end.
LONG = ["-p", "amplitude=0 pA", "--set", "simulation.duration=864000 s"]


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_ctrl_c_ends_everything_and_keeps_nothing_half_written(results, workplace):
    before = files_below(results)
    process = subprocess.Popen(
        [*COMMAND, "simulate", "tiny.yaml", *LONG],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line == "simulating\n":
            break
    children = wait_for_children(process.pid)
    os.kill(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.endswith("Interrupted; nothing half-written was kept.\n") and "Traceback" not in errors
    assert output == ""
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert gone and not alive
    after = files_below(results)
    assert {name: after[name] for name in before} == before
    new = set(after) - set(before)
    assert {Path(name).name for name in new} <= {".lock"}, "nothing but the lock of the run"
    assert not list(results.rglob(".run-*"))


def wait_for_children(pid: int) -> list[psutil.Process]:
    """The program that simulates; it starts a moment after the stage has been announced."""
    for _ in range(1000):
        children = psutil.Process(pid).children(recursive=True)
        if children:
            return list(children)
        time.sleep(0.01)
    raise AssertionError("no program was started")


def test_a_reader_that_has_enough_is_no_error_worth_a_traceback(process):
    shell = f"{' '.join(map(repr, COMMAND))} catalog lif | head -n 1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stdout == "lif (neurons)\n"
    assert done.stderr == ""


def test_a_closed_pipe_ends_the_command_quietly(workplace):
    process = subprocess.Popen([*COMMAND, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1


def test_errors_of_the_user_end_with_two_and_without_traceback(process):
    done = process("simulate", "no.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_a_missing_compiler_ends_with_three(process, workplace):
    environment = {**os.environ, "CXX": "there-is-no-such-compiler", "SNNRUN_CACHE": str(workplace / "cache")}
    done = process("simulate", "tiny.yaml", env=environment)
    assert done.returncode == 3
    assert "was not found" in done.stderr and "Traceback" not in done.stderr


def test_a_bug_shows_its_traceback_and_asks_to_be_reported(workplace):
    broken = (
        "import snnrun.cli.app as a; a.console.say = None; import sys; sys.argv = ['snnrun', '--version']; a.main()"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("This is a bug in snnrun. Please report it, with the lines above and the experiment.\n")
