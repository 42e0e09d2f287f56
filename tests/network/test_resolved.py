"""A resolved experiment is the experiment: it reads back to the same network and the same run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snnrun.network.compose import compose
from snnrun.network.loading import load, loads
from snnrun.registry import ROOMS, entries
from snnrun.spec.reader import parse_value

EXPERIMENTS = sorted(
    path
    for path in (Path(__file__).parents[2] / "experiments").rglob("*.yaml")
    if not path.stem.startswith("breaks")  # shown for the message that they get
)


def assert_reads_back(experiment, folder):
    resolved = experiment.resolved()
    again = loads(json.dumps(resolved), folder)
    assert again.resolved() == resolved
    assert again.run_id == experiment.run_id
    # Blueprint, values, stimuli and units.
    assert compose(again) == compose(experiment)


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_a_shipped_experiment_reads_back_the_same(path):
    assert_reads_back(load(path), path.parent)


EXAMPLES = [
    ("neurons", "populations.exc.neuron"),
    ("synapses", "projections.drive.synapse"),
    ("inputs", "inputs.one"),
    ("connectivity", "projections.drive.connectivity"),
]


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        pytest.param(place, entry, id=name)
        for room, place in EXAMPLES
        for name, entry in entries(room).items()
        if entry.example  # the others say all with their name
    ],
)
def test_the_examples_of_the_catalog_read_back_the_same(small, tmp_path, place, entry):
    (tmp_path / "edges.csv").write_text("pre,post\n0,0\n7,1\n")
    (tmp_path / "current.csv").write_text("time,current\n0,1\n")
    settings = {
        f"populations.{name}.{key}": value
        for name in ("exc", "inh")
        for key, value in {"size": 2000, "positions": {"layout": "random", "extent": ["2 mm", "2 mm"]}}.items()
    }
    if entry.__name__ == "SmallWorld":  # a ring of one population
        settings["projections.drive.to"] = "exc"
    assert_reads_back(small({**settings, place: parse_value(entry.example, "example")}, tmp_path), tmp_path)


def test_values_of_distance_read_back_with_their_parameters_written_out(small):
    settings = {
        "parameters": {"J": "1 pA / 3", "speed": "0.3 m/s / 7"},
        "populations.exc.positions": {"density": "100 / mm", "layout": "random", "periodic": True},
        "populations.inh.positions": {"extent": "400 um", "layout": "random", "periodic": True},
        "populations.exc.size": 40,
        "projections.drive.synapse.weight": "J * exp(-distance / (50 um)) + pi * 1 pA",
        "projections.drive.synapse.delay": "0.5 ms + distance / speed",
    }
    experiment = small(settings)
    assert "speed" not in str(experiment.projections["drive"].synapse.delay)
    assert_reads_back(experiment, None)


def test_a_resolved_experiment_is_json(small):
    resolved = small({"analysis": ["mean_rate"], "figures": ["raster"]}).resolved()
    assert json.loads(json.dumps(resolved)) == resolved


def test_values_read_back_to_the_last_bit(small):
    experiment = small(
        {
            "parameters": {"a": "1 mV / 3", "b": "a * 7"},
            "populations.exc.neuron": {"model": "lif", "v_rest": "-b - 60 mV", "tau_m": "20 ms / 7"},
            "populations.exc.initial": {"v": "uniform(-60 mV - a, -59 mV)"},
            "projections.drive.synapse.weight": "lognormal(1 pA / 3, 0.1 pA)",
        }
    )
    assert_reads_back(experiment, None)


def test_every_metric_and_figure_reads_back(small):
    written = {
        room: [
            parse_value(entry.example, "example") if entry.example else name for name, entry in entries(room).items()
        ]
        for room in ("metrics", "figures")
    }
    assert ROOMS["metrics"] == "metric"
    assert_reads_back(small({"analysis": written["metrics"], "figures": written["figures"]}), None)


def test_custom_code_reads_back(small):
    neuron = {
        "model": "equations",
        "equations": "# a comment\ndv/dt = (v_0 - v + I_total*(1 Mohm))/tau : volt (unless refractory)\nw : 1 (shared)",
        "threshold": "v > 10 mV and w < 1",
        "reset": "v = 0*mV",
        "refractory": "2*ms",
        "parameters": {"tau": "10 ms", "v_0": "uniform(0 mV, 1 mV)"},
    }
    assert_reads_back(small({"populations.inh.neuron": neuron}), None)


def test_receptors_that_are_shared_stay_shared(small):
    experiment = small({"projections.drive.to": ["exc", "inh"], "projections.again": json.loads("""
        {"from": "inh", "to": "exc", "connectivity": {"rule": "all_to_all"},
         "synapse": {"model": "exponential_current", "weight": "-1 pA", "tau_syn": "5 ms"}}""")})  # fmt: skip
    assert experiment.resolved()["projections"]["again"]["synapse"]["receptor"] == "drive"
    assert_reads_back(experiment, None)


def test_data_files_read_back_by_their_content(small, tmp_path):
    (tmp_path / "edges.csv").write_text("source,target,w\n0,0,1\n7,1,3\n")
    (tmp_path / "v.csv").write_text("v\n" + "-60\n" * 8)
    settings = {
        "projections.drive.connectivity": {
            "rule": "from_file",
            "file": "edges.csv",
            "weight": {"column": "w", "unit": "pA"},
        },
        "populations.exc.initial": {"v": {"file": "v.csv", "unit": "mV"}},
    }
    experiment = small(settings, tmp_path)
    assert_reads_back(experiment, tmp_path)
    (tmp_path / "edges.csv").write_text("source,target,w\n0,0,1\n7,1,4\n")
    assert small(settings, tmp_path).run_id != experiment.run_id


@pytest.mark.parametrize(
    "view",
    [
        {"title": "Another title, µ and \N{SNAKE}"},
        {"references": [{"doi": "10.1/1"}]},
        {"analysis": ["mean_rate"]},
        {"figures": ["raster"]},
        {"record": {"spikes": ["exc", "inh"]}},
        {"projections.drive.synapse.tau_syn": "0.005 s"},
        {"projections.drive.to": "inh"},
    ],
)
def test_what_does_not_change_the_simulation_does_not_change_the_run(small, view):
    assert small(view).run_id == small().run_id
    assert loads(json.dumps(small(view).resolved(), ensure_ascii=False)).run_id == small().run_id


@pytest.mark.parametrize(
    "change",
    [
        {"populations.exc.size": 9},
        {"populations.exc.neuron": {"model": "lif", "tau_m": "20.000001 ms"}},
        {"populations.exc.initial": {"v": "-60 mV"}},
        {"projections.drive.synapse.weight": "11 pA"},
        {"projections.drive.connectivity": {"rule": "fixed_probability", "p": 1}},
        {"inputs.step": {"model": "constant_current", "to": "exc", "amplitude": "1 pA"}},
        {"simulation.seed": 2},
        {"simulation.seed": 0},
        {"simulation.duration": "101 ms"},
        {"simulation.warmup": "1 ms"},
        {"simulation.dt": "0.05 ms"},
        {"record.spikes": ["exc"]},
        {"record.traces": {"exc": {"variables": "v"}}},
        {"record.synapses": ["drive"]},
    ],
)
def test_what_changes_the_simulation_changes_the_run(small, change):
    assert small(change).run_id != small().run_id


@pytest.mark.parametrize(
    "choice", [{"engine": "reference"}, {"math": "strict"}, {"arch": "x86-64-v3"}, {"weight_precision": "single"}]
)
def test_what_may_change_the_last_digit_makes_another_run(small, choice):
    ((key, value),) = choice.items()
    other = small({f"simulation.{key}": value})
    assert other.resolved()["simulation"][key] == value
    assert other.run_id != small().run_id
