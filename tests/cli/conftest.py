"""A folder to work in, the command line as a function, and one run that all tests of the command line look at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from snnrun.cli.app import app

# A neuron at 25 mV mean drive fires every 23.9 ms (see snnrun/selftest.py): the first spike comes at τ ln 5 = 32.2 ms.
TINY = """\
snnrun: 1
title: Ten neurons
parameters: {amplitude: 250 pA}
populations:
  cells:
    size: 10
    neuron: {model: lif, tau_m: 20 ms, v_rest: 0 mV, v_thresh: 20 mV, v_reset: 10 mV, tau_refrac: 2 ms}
inputs:
  drive: {to: cells, model: constant_current, amplitude: amplitude}
simulation: {duration: 50 ms}
analysis: [mean_rate, isi_histogram]
figures: [raster]
"""

COMMAND = [sys.executable, "-c", "import sys; sys.argv[0] = 'snnrun'; from snnrun.cli.app import main; main()"]

Run = Callable[..., Any]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own working folder with the experiment ``tiny.yaml``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "tiny.yaml").write_text(TINY)
    return tmp_path


@pytest.fixture
def snnrun(workplace: Path) -> Run:
    """The command line, called as a function."""

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, [*map(str, arguments)])

    return run


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one run, simulated by the command line; nobody may write into them."""
    folder = tmp_path_factory.mktemp("simulated")
    (folder / "tiny.yaml").write_text(TINY)
    command = [*COMMAND, "simulate", "tiny.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "results"


@pytest.fixture
def results(simulated: Path, workplace: Path) -> Path:
    """A copy of the simulated results in the working folder."""
    shutil.copytree(simulated, workplace / "results", symlinks=True)
    return Path("results")


@pytest.fixture
def process(workplace: Path) -> Run:
    """The command line as a process of its own, with plain output."""

    def start(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        settings: dict[str, Any] = {"capture_output": True, "text": True, "env": os.environ, **options}
        return subprocess.run([*COMMAND, *arguments], check=False, **settings)

    return start
