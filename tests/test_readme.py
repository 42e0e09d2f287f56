"""What the README says is true: its commands exist, its experiment is valid, its model works in a file of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import snnrun
from snnrun.cli.app import app
from snnrun.errors import SpecError

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def block(language: str, containing: str) -> str:
    """The code block of a language that contains a text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(text for text in blocks if containing in text)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`snnrun {command}" in README


def test_every_command_of_the_readme_exists() -> None:
    assert set(re.findall(r"(?m)(?:`|^)snnrun ([a-z]+)", README)) <= {*COMMANDS}


def test_the_experiment_of_the_readme_is_valid() -> None:
    experiment = snnrun.loads(block("yaml", "populations:"))
    assert experiment.title == "Asynchronous irregular state (Brunel 2000, Fig. 8C)"


def test_the_numbers_of_the_readme_are_those_of_the_file() -> None:
    ours = snnrun.loads(block("yaml", "populations:"))
    shipped = snnrun.load(Path(__file__).parents[1] / "experiments/brunel_2000/ai.yaml")
    for name in ours.parameters.keys() & shipped.parameters.keys():
        assert ours.parameters[name] == shipped.parameters[name]
    assert ours.populations == shipped.populations


def test_folders_of_the_readme_exist() -> None:
    for target in re.findall(r"\]\((experiments/[^)]+)\)", README):
        assert (Path(__file__).parents[1] / target).exists(), target


METRIC = '''
"""How many neurons fire."""

from typing import Literal

import numpy as np

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.results.analysis import Measurement


class ActiveNeurons(Metric):
    """Number of neurons that fire at least one spike."""

    metric: Literal["active_neurons"] = "active_neurons"

    def measure(self, activity: Activity) -> Measurement:
        return Measurement(float(np.count_nonzero(activity.counts)), "1", activity.n_neurons)
'''
FIGURE = '''
"""The number of spikes so far."""

from typing import Literal

from snnrun.figures.base import Figure


class CumulativeFigure(Figure):
    """Number of spikes so far, against time."""

    figure: Literal["cumulative"] = "cumulative"

    def size(self, observation):
        return 4, 3

    def panels(self, observation):
        return [["cumulative"]]

    def draw(self, axes, observation):
        times = observation.activity("network").spikes.times
        axes["cumulative"].plot(times, range(len(times)))
        axes["cumulative"].set(xlabel="Time (s)", ylabel="Spikes")
'''
EXPERIMENT = """
snnrun: 1
populations:
  cells: {size: 3, neuron: {model: escape_noise}}
inputs:
  current: {to: cells, model: constant_current, amplitude: "linspace(0 nA, 1 nA)"}
simulation: {duration: 100 ms}
analysis: [active_neurons]
figures: [cumulative]
"""


def test_a_neuron_a_metric_and_a_figure_are_each_added_by_one_file(tmp_path: Path) -> None:
    catalog = tmp_path / "my catalog"
    for room, name, text in (
        ("neurons", "escape_noise.py", block("python", "class EscapeNoise")),
        ("metrics", "active_neurons.py", METRIC),
        ("figures", "cumulative.py", FIGURE),
    ):
        (catalog / room).mkdir(parents=True)
        (catalog / room / name).write_text(text, encoding="utf-8")
    (tmp_path / "escape.yaml").write_text(EXPERIMENT, encoding="utf-8")
    environment = {**os.environ, "SNNRUN_CATALOG": catalog.name}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", "from snnrun.cli.app import main; main()", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "dv/dt" in run("catalog", "escape_noise")
    run("simulate", "escape.yaml")
    results = snnrun.open_results(tmp_path / "results" / "escape" / "latest")
    # Without current the rate is e^-10 / 10 ms, one spike in four minutes; 0.5 and 1 nA push it to the threshold.
    assert results.analysis.measurements["cells"]["active_neurons"].value == 2
    assert [figure.name for figure in results.figures] == ["cumulative.png"]
    run("sweep", "run", "escape.yaml", "simulation.seed=1,2")
    table = json.loads(run("sweep", "table", "escape.yaml", "--format", "json"))
    assert [row["cells.active_neurons"] for row in table["rows"]] == [2, 2]


def test_without_its_file_the_neuron_is_unknown() -> None:
    with pytest.raises(SpecError, match="escape_noise"):
        snnrun.loads(EXPERIMENT.replace("[active_neurons]", "[]").replace("[cumulative]", "[]"))
