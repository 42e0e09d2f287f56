"""The Makefile of the project, run by the real make."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SWEEPS = ("activity_states/plane", "connectivity_sweep/connectivity_sweep", "reliability_sweep/reliability_sweep")
STAND_IN = """#!/bin/sh
echo "$@" >> "$NOTES"
"""


@pytest.fixture
def make(tmp_path):
    """Call make in a checkout without results, as if by hand, and get what it writes."""
    for name in ("Makefile", "pyproject.toml", "snnrun", "experiments"):
        (tmp_path / name).symlink_to(ROOT / name)

    def run(*arguments, fails=False, **variables):
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        settings = {"cwd": tmp_path, "env": {**surroundings, **variables}}
        done = subprocess.run(["make", *arguments], **settings, capture_output=True, text=True, check=False)
        assert bool(done.returncode) is fails, done.stderr
        return done.stderr if fails else done.stdout

    return run


def test_every_command_is_listed(make):
    commands = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert commands is not None
    assert re.findall(r"^  (\w+)", make("help"), flags=re.MULTILINE) == commands.group(1).split()


@pytest.mark.parametrize("options", [[], ["-n"]])
def test_a_sweep_needs_the_name_of_an_experiment_and_nothing_else_is_said(make, tmp_path, options):
    (tmp_path / "installed").touch()
    said = make(*options, f"VENV={tmp_path}", "sweep", fails=True)
    assert re.fullmatch(r"Makefile:\d+: \*\*\* name the experiment: make sweep EXP=\S+ -j2\.  Stop\.\n", said)


class TestSweeps:
    @pytest.fixture
    def asked(self, make, tmp_path):
        """What a stand-in for snnrun is asked for, in an environment that is up to date."""
        environment = tmp_path / "environment"
        tool = environment / "bin" / "snnrun"
        tool.parent.mkdir(parents=True)
        tool.write_text(STAND_IN)
        tool.chmod(0o755)
        (environment / "installed").touch()

        def calls(*arguments):
            notes = tmp_path / "notes"
            notes.unlink(missing_ok=True)
            make(f"VENV={environment}", *arguments, "sweeps", NOTES=str(notes))
            return notes.read_text().splitlines()

        return calls

    def test_a_dry_run_names_the_three_sweeps_and_their_points(self, make, tmp_path):
        # With the real snnrun, which refuses what does not fit the experiments.
        said = make("-n", f"BIN={shlex.quote(str(Path(sys.executable).parent))}", "sweeps")
        for name, points in zip(SWEEPS, re.split(r"^cd ", said, flags=re.MULTILINE)[1:], strict=True):
            assert f"experiments/{name}.yaml" in said
            assert points.startswith(f"{tmp_path}/results/{Path(name).name}/sweep-short\n")
            assert 10 < points.count("sweep point . ") < 50
        assert not (tmp_path / "results").exists()

    def test_plans_of_the_whole_sweeps_are_left_alone(self, asked):
        calls = asked()
        assert len(calls) == len(SWEEPS)
        assert all("sweep run --name short" in call for call in calls)

    @pytest.mark.parametrize(("told", "jobs"), [([], ["-j2"]), (["-j1"], ["-j1"]), (["-j3"], [])])
    def test_two_points_are_computed_at_a_time_or_as_many_as_make_is_told(self, asked, told, jobs):
        for call in asked(*told):
            assert re.findall(r"-j\d*", call) == jobs
