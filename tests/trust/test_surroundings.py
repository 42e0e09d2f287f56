"""Files that lie around, in the current folder, at home or beside an experiment, are never executed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snnrun.network.loading import load

# As the installed command: without the current folder among those of the modules.
SNNRUN = [sys.executable, "-P", "-c", "from snnrun.cli.app import main; main()"]
MARK = "pwned"
EXPERIMENT = """
snnrun: 1
title: "$(touch pwned) `touch pwned` {{7*7}} $\\\\frac{1}{2}$"
populations:
  cells: {size: 2, neuron: {model: lif}}
inputs:
  push: {to: cells, model: constant_current, amplitude: 1 nA}
simulation: {duration: 50 ms}
analysis: [mean_rate]
figures: [raster]
"""
PYTHON = f"import pathlib; pathlib.Path({MARK!r} + str(__name__)).touch()\n"
MODULES = ("yaml", "numpy", "brian2", "sitecustomize", "usercustomize", "snnrun_catalog", "sympy", "cython", "string")


@pytest.fixture
def booby_trapped(tmp_path: Path) -> Path:
    """A folder with everything that Brian, Python, make or a compiler would pick up."""
    folder = tmp_path / "experiment"
    folder.mkdir()
    for module in MODULES:
        (folder / f"{module}.py").write_text(PYTHON)
    run = f"touch {folder}/{MARK}"
    (folder / "brian_preferences").write_text(
        f"codegen.cpp.extra_compile_args_gcc = ['-wrapper', '{folder}/wrapper']\n"
    )
    (folder / ".brian").mkdir()
    (folder / ".brian" / "user_preferences").write_text("codegen.target = 'nonsense'\n")
    for name in ("GNUmakefile", "makefile", "Makefile"):
        (folder / name).write_text(f"$(shell {run})\nall:\n\t{run}\n")
    for name in ("g++", "make", "sh", "wrapper"):
        (folder / name).write_text(f"#!/bin/sh\n{run}\n")
        (folder / name).chmod(0o755)
    (folder / "matplotlibrc").write_text("text.usetex: True\n")
    (folder / "conftest.py").write_text(PYTHON)
    (folder / "experiment.yaml").write_text(EXPERIMENT)
    return folder


def test_an_experiment_runs_and_nothing_around_it_does(booby_trapped):
    environment = {**os.environ, "HOME": str(booby_trapped)}
    run = subprocess.run(
        [*SNNRUN, "simulate", "experiment.yaml"],
        cwd=booby_trapped,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in booby_trapped.glob(f"**/*{MARK}*")) == []
    written = {path.relative_to(booby_trapped).parts[0] for path in booby_trapped.rglob("*")}
    assert "results" in written


def test_the_name_of_a_file_becomes_a_safe_name(booby_trapped):
    file = booby_trapped / "..%2f$(touch pwned);é.yaml"
    file.write_text(EXPERIMENT)
    subprocess.run([*SNNRUN, "validate", file.name], cwd=booby_trapped, check=True, capture_output=True)
    assert load(file).name == "_2f__touch_pwned___"
    assert list(booby_trapped.glob(f"**/{MARK}*")) == []
