"""The section ``sweep``: what a file may say, and that a single run leaves it aside."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from snnrun.errors import SpecError
from snnrun.network.loading import load, loads
from snnrun.spec.json_schema import json_schema
from snnrun.spec.reader import parse_document
from snnrun.spec.sweep import SweepSection, axis_path

PLAIN = """\
snnrun: 1
parameters: {g: 5, eta: 2, tau: 20 ms}
populations: {cell: {size: 10, neuron: {model: lif, tau_m: tau}}}
inputs: {drive: {to: cell, model: constant_current, amplitude: g * eta * 10 pA}}
simulation: {duration: 100 ms}
"""
SWEEP = """\
sweep:
  axes: {g: 3:8:11, eta: [0.9, 1, 2], simulation.duration: ['0.3 s', '1 s'], tau: {linspace: [10 ms, 20 ms, 3]}}
  design: grid
  seeds: 5
  keep: summary
  collect: [cell.mean_rate]
"""


def sweep_of(text: str, folder: Path | None = None) -> SweepSection:
    section = loads(PLAIN + text, folder).sweep
    assert section is not None
    return section


def test_all_that_a_section_may_say():
    section = sweep_of(SWEEP)
    assert section.names == ("g", "eta", "simulation.duration", "tau")
    points = section.combinations()
    assert len(points) == 11 * 3 * 2 * 3
    assert points[0] == {"g": 3.0, "eta": 0.9, "simulation.duration": "0.3 s", "tau": "10 ms"}
    assert points[1]["tau"] == "15 ms"
    assert points[-1] == {"g": 8.0, "eta": 2, "simulation.duration": "1 s", "tau": "20 ms"}
    assert (section.seeds, section.keep, section.collect, section.figures) == (5, "summary", ("cell.mean_rate",), None)


def test_little_need_be_said():
    section = sweep_of("sweep: {axes: {g: [1, 2]}}\n")
    assert section.combinations() == [{"g": 1}, {"g": 2}]
    assert (section.plain_design, section.seeds, section.plain_figures) == ({"design": "grid"}, None, None)


def test_seeds_alone_are_a_sweep():
    section = sweep_of("sweep: {seeds: [3, 1, 2]}\n")
    assert (section.combinations(), section.seeds) == ([{}], (3, 1, 2))


def test_no_sweep_is_none():
    assert loads(PLAIN).sweep is None
    assert loads(PLAIN + "sweep:\n").sweep is None


def test_a_single_run_leaves_the_sweep_aside():
    swept, plain = loads(PLAIN + SWEEP), loads(PLAIN)
    assert swept.run_id == plain.run_id
    assert swept.resolved() == plain.resolved()


def test_a_run_with_phases_leaves_it_aside_too():
    phases = "phases: {late: {start: 50 ms, parameters: {g: 6}}}\n"
    assert loads(PLAIN + phases + SWEEP).resolved() == loads(PLAIN + phases).resolved()


@pytest.mark.parametrize("axis", ["3:8:11", "0:5", "-1:1:3", "3:08:11", "1:30"])
def test_colons_are_no_numbers_to_base_60_on_an_axis_alone(axis):
    assert parse_document(f"sweep: {{axes: {{g: {axis}}}}}", "file").data["sweep"]["axes"]["g"] == axis
    with pytest.raises(SpecError, match="base 60"):
        parse_document("title: 3:8:11", "file")


def test_points_from_a_file_lie_below_the_folder_of_the_experiment(tmp_path):
    (tmp_path / "points.csv").write_text("g,tau [ms]\n4,10\n5,20\n")
    section = sweep_of("sweep: {design: {design: list, file: points.csv}}\n", tmp_path)
    assert section.names == ("g", "tau")
    assert section.combinations() == [{"g": 4, "tau": "10 ms"}, {"g": 5, "tau": "20 ms"}]
    with pytest.raises(SpecError, match=r"without '\.\.'"):
        sweep_of("sweep: {design: {design: list, file: ../points.csv}}\n", tmp_path)


def test_an_axis_of_a_file_of_points_must_lead_somewhere(tmp_path):
    (tmp_path / "points.csv").write_text("g,etaa\n4,10\n")
    with pytest.raises(SpecError, match=r"There is no parameter 'etaa'. Did you mean 'eta'\?"):
        sweep_of("sweep: {design: {design: list, file: points.csv}}\n", tmp_path)


def test_an_axis_with_the_name_of_a_parameter_is_the_parameter():
    data = {"parameters": {"g": 1, "simulation": 2}, "simulation": {"duration": "1 s"}}
    assert axis_path("g", data) == ("parameters", "g")
    assert axis_path("simulation", data) == ("parameters", "simulation")
    assert axis_path("simulation.duration", data) == ("simulation", "duration")


def test_the_seed_may_be_an_axis_of_its_own():
    assert sweep_of("sweep: {axes: {simulation.seed: 1:3:3}}\n").combinations() == [
        {"simulation.seed": seed} for seed in (1, 2, 3)
    ]


def test_axes_must_not_change_the_same_value():
    with pytest.raises(SpecError, match=r"The axis 'inputs\.drive' changes the same value"):
        sweep_of("sweep: {axes: {inputs.drive: [{}], inputs.drive.amplitude: [1 pA]}}\n")


def test_problems_of_a_sweep_are_told_beside_those_of_the_rest():
    with pytest.raises(SpecError) as caught:
        loads(PLAIN.replace("duration: 100 ms", "duration: -1 s") + "sweep: {axes: {h: [1, 2]}}\n")
    assert [problem.key for problem in caught.value.problems] == ["simulation.duration", "sweep.axes.h"]


def test_a_problem_has_its_line():
    with pytest.raises(SpecError) as caught:
        sweep_of("sweep:\n  axes:\n    g: [1, 2]\n    tau: 10 ms:20 ms:1\n")
    (problem,) = caught.value.problems
    assert (problem.key, problem.line, problem.column) == ("sweep.axes.tau", 9, 5)


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize(
    "text",
    [
        SWEEP,
        "sweep: {axes: {g: 3:8}, design: {design: sobol, points: 64}, seeds: [1, 2]}\n",
        "sweep: {axes: {g: 5, tau: {logspace: [10 ms, 20 ms, 3]}}, design: zip}\n",
    ],
)
def test_the_schema_accepts_it(schema, text):
    schema.validate(parse_document(PLAIN + text, "file").data)


@pytest.mark.parametrize("text", ["sweep: {axs: {}}", "sweep: {axes: {g: {steps: [1, 2]}}}", "sweep: {keep: all}"])
def test_the_schema_refuses_what_is_none(schema, text):
    assert not schema.is_valid(parse_document(PLAIN + text, "file").data)


def test_a_file_is_read_like_a_text(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(PLAIN + SWEEP)
    assert load(path).sweep == loads(PLAIN + SWEEP).sweep
