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
from snnrun.simulation.compiler import find_compiler
from snnrun.simulation.listener import Listener
from snnrun.sweep.plan.planning import plan_sweep
from snnrun.sweep.run.building import Built, build_programs, missing_builds

SNNRUN = [sys.executable, "-P", "-c", "from snnrun.cli.app import main; main()"]
OWN_NEURON = """
from typing import Literal
from snnrun.neurons.base import Dynamics, NeuronModel

class Own(NeuronModel):
    \"\"\"A neuron of the user's own.\"\"\"

    references = ()
    model: Literal["{name}"] = "{name}"

    def dynamics(self):
        equation = "dv/dt = I_total*ohm/ms : volt"
        return Dynamics(equations=equation, threshold="v > 1*volt", reset="v = 0*volt", initial={{"v": "0*volt"}})
"""
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


def started(planned, tmp_path):
    """`snnrun sweep build` while it compiles what programs share and has folders for two of them, and its family."""
    planned.write()
    process = subprocess.Popen(
        [*SNNRUN, "sweep", "build", planned.folder.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    while len(list(tmp_path.glob("started.*"))) < 2 or len(list((tmp_path / "cache").glob(".*-*/"))) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)
    return process, psutil.Process(process.pid).children(recursive=True)


def test_each_structure_is_compiled_once(planned):
    assert len(missing_builds(planned.plan)) == 3
    assert build_programs(planned.plan, planned.plan.points, Listener(), 2) == Built(3, {})
    assert missing_builds(planned.plan) == []
    assert build_programs(planned.plan, planned.plan.points, Listener(), 2) == Built(0, {})


def test_models_of_a_catalog_of_the_users_own_are_compiled_side_by_side(planned, compiler, tmp_path, monkeypatch):
    neurons = tmp_path / "catalog" / "neurons"
    neurons.mkdir(parents=True)
    for name in ("one", "two"):
        (neurons / f"{name}.py").write_text(OWN_NEURON.format(name=name))
    monkeypatch.setenv("SNNRUN_CATALOG", str(neurons.parent))
    compiler("echo 'error: not today' >&2; exit 1")
    monkeypatch.chdir(tmp_path)
    words = ["sweep", "run", "cells.yaml", "populations.cells.neuron.model=one,two", "-j2"]
    said = subprocess.run([*SNNRUN, *words], capture_output=True, text=True, check=False)
    assert said.returncode == BuildError.exit_code, said.stderr
    assert "not today" in said.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_when_nothing_can_be_compiled_the_words_of_the_compiler_are_told(planned, compiler, jobs):
    compiler("echo 'error: nothing compiles today' >&2; exit 1")
    with pytest.raises(BuildError, match="nothing compiles today"):
        build_programs(planned.plan, planned.plan.points, Listener(), jobs)


def test_a_program_that_cannot_be_compiled_does_not_keep_others_from_it(planned, compiler):
    compiler("grep -qs delta_t * && echo 'error: not this one' >&2 && exit 1\nexec g++ \"$@\"")
    built = build_programs(planned.plan, planned.plan.points, Listener(), 2)
    assert built.fresh == 2
    assert "not this one" in str(built.errors[1])


def test_several_are_compiled_at_a_time(planned, compiler, tmp_path):
    # What programs share is compiled first, by one of them. Then each waits for the others: alone, it would in vain.
    compiler(f"""
case "$*" in *" -c "*) for made; do :; done; : > "$made"; exit;; esac
[ -e '{tmp_path}'/together ] || exit 1
cd '{tmp_path}' && touch started.$$
timeout 20 sh -c 'until [ -e "$(ls -d started.* | sed -n 3p)" ]; do sleep 0.1; done' && echo "error: all are here"
exit 1""")
    with pytest.raises(BuildError):
        build_programs(planned.plan, planned.plan.points, Listener(), 1)
    (tmp_path / "together").touch()
    with pytest.raises(BuildError, match="all are here"):
        build_programs(planned.plan, planned.plan.points, Listener(), 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_stops_it_stops_the_compilers(planned, compiler, tmp_path, number):
    compiler(f"touch '{tmp_path}'/started.$$; sleep 300")
    process, family = started(planned, tmp_path)
    # Ctrl-C reaches all processes of the terminal; a scheduler may tell only the first.
    process.send_signal(number) if number == signal.SIGTERM else os.killpg(process.pid, number)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert "Traceback" not in said
    assert psutil.wait_procs(family, timeout=5)[1] == []
    if number != signal.SIGKILL:
        assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_its_end_in_whatever_way_is_the_end_of_the_compilers(planned, compiler, tmp_path):
    compiler(f"touch '{tmp_path}'/started.$$; sleep 300")
    process, family = started(planned, tmp_path)
    process.kill()  # it alone
    process.communicate()
    assert psutil.wait_procs(family, timeout=5)[1] == []


@pytest.mark.parametrize("name", ["KILL", "TERM"])
def test_when_a_process_that_compiles_is_ended_it_is_said(planned, compiler, name):
    compiler(f"kill -{name} $(ps -o ppid= -p $PPID); sleep 300")
    with pytest.raises(BuildError, match=r"was ended \(status (-9|-15|143)\).*same command goes on"):
        build_programs(planned.plan, planned.plan.points, Listener(), 2)
