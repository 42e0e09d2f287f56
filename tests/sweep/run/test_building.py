"""The programs of a sweep are compiled before its points need them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from snnrun.errors import BuildError
from snnrun.simulation.build_cache import cached
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.listener import Listener
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.run.building import build_programs, missing_builds

THREE = ("populations.cells.neuron.model=lif,eif,qif", "drive=0.3 nA,0.4 nA")


@pytest.fixture
def planned(tmp_path, cells_file, monkeypatch):
    """Six points of three structures, with a cache of programs of their own."""
    (tmp_path / "cells.yaml").write_text(cells_file)
    monkeypatch.setenv("SNNRUN_CACHE", str(tmp_path / "cache"))
    return plan_sweep(tmp_path / "cells.yaml", THREE, parameters={}, settings={}, output=tmp_path / "results")


@pytest.fixture
def compiler(tmp_path, monkeypatch):
    """Puts a shell script in the place of the compiler."""

    def write(lines):
        path = tmp_path / "compiler"
        path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "compiler 1" && exit\n{lines}\n')
        path.chmod(0o755)
        monkeypatch.setenv("CXX", str(path))
        find_compiler.cache_clear()

    yield write
    find_compiler.cache_clear()


def until(true, process=None):
    end = time.monotonic() + 60
    while not true():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def test_each_structure_is_compiled_once(planned):
    assert len(missing_builds(planned.plan)) == 3
    assert build_programs(planned.plan, Listener(), 2) == 3
    assert all(cached(build.fingerprint) for build in planned.plan.builds)
    assert build_programs(planned.plan, Listener(), 2) == 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_compiler_says_is_told(planned, compiler, jobs):
    compiler("echo 'error: nothing compiles today' >&2; exit 1")
    with pytest.raises(BuildError, match="nothing compiles today"):
        build_programs(planned.plan, Listener(), jobs)


def test_several_are_compiled_at_a_time(planned, compiler, tmp_path):
    compiler(f"touch '{tmp_path}'/started.$$; sleep 2; exit 1")
    with pytest.raises(BuildError):
        build_programs(planned.plan, Listener(), 3)
    assert len(list(tmp_path.glob("started.*"))) >= 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_stops_it_stops_the_compilers(planned, compiler, tmp_path, number):
    compiler(f"touch '{tmp_path}'/started.$$; sleep 300")
    planned.write()
    command = [sys.executable, "-P", "-c", "from snnrun.cli.app import main; main()", "sweep", "build"]
    process = subprocess.Popen(
        [*command, planned.folder.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    until(lambda: len(list(tmp_path.glob("started.*"))) >= 2, process)
    family = psutil.Process(process.pid).children(recursive=True)
    # Ctrl-C reaches all processes of the terminal; a scheduler may tell only the first.
    process.send_signal(number) if number == signal.SIGTERM else os.killpg(process.pid, number)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == (-number if number == signal.SIGKILL else 130)
    assert "Traceback" not in said
    assert psutil.wait_procs(family, timeout=5)[1] == []
    if number != signal.SIGKILL:
        assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_when_a_process_that_compiles_is_killed_it_is_said(planned, compiler):
    compiler("kill -9 $(ps -o ppid= -p $PPID)")
    with pytest.raises(BuildError, match=r"ended with status -9.*same command goes on"):
        build_programs(planned.plan, Listener(), 2)
