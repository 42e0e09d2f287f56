"""`snnrun schema`: editors accept what snnrun accepts, and mark what is plainly wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from snnrun.spec.json_schema import json_schema
from snnrun.spec.reader import parse_document, read_document

ROOT = Path(__file__).parents[2]
EXPERIMENTS = sorted(ROOT.glob("experiments/*/*.yaml"))

MINIMAL = """
snnrun: 1
populations: {a: {size: 1, neuron: lif}, b: {size: 1, neuron: {model: lif, tau_m: "normal(20 ms, 1 ms)"}}}
projections:
  p: {from: a, to: b, synapse: {model: delta, weight: 1 mV}, connectivity: all_to_all}
simulation: {duration: 1 s}
"""


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_command_prints_the_schema(snnrun):
    assert json.loads(snnrun("schema").stdout) == json.loads(json.dumps(json_schema()))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_every_experiment_is_accepted(path, validator):
    validator.validate(read_document(path).data)


@pytest.mark.parametrize(
    "line",
    [
        "analysis: [mean_rate, {metric: psd, resolution: 2 Hz}]",
        "figures: [summary, {figure: raster, neurons: 50}]",
        "record: {spikes: [a, b]}",
        "record: {spikes: {a: {neurons: 1}, b: all}, traces: {a: {variables: v}}}",
        "inputs: {i: {to: [a, b], model: poisson, rate: 3 Hz, weight: 1 mV}}",
        "inputs: {i: {to: a, model: constant_current, amplitude: {file: i.csv, unit: pA}}}",
        "parameters: {g: 5, J: 0.1 mV, x: g * J}",
    ],
)
def test_what_may_be_written_in_several_ways_is_accepted_in_each(line, validator):
    validator.validate(parse_document(f"{MINIMAL}{line}", "test").data)


@pytest.mark.parametrize(
    "line",
    [
        "analysis: [mean_rte]",
        "analysis: [{metric: psd, resolutoin: 2 Hz}]",
        "figures: [{neurons: 50}]",
        "record: {spikes: {a: some}}",
        "inputs: {i: {model: poisson, rate: 3 Hz, weight: 1 mV}}",
        "inputs: {i: {to: a, model: constant_current, amplitude: 3}}",
        "populations: {a: {size: 1, neuron: {model: lief}}}",
        "simulation: {duration: 1 s, engine: slow}",
        "simulation: {duration: 1 s, arch: x86-64-v5}",
        "titel: what",
    ],
)
def test_plain_mistakes_are_marked(line, validator):
    text = MINIMAL.replace(next((old for old in MINIMAL.splitlines() if old[:6] == line[:6]), "\0"), "")
    assert not validator.is_valid(parse_document(f"{text}{line}\n", "test").data)


def test_keys_are_explained_where_they_are_written():
    lif = json_schema()["$defs"]["Lif"]
    assert lif["properties"]["tau_m"]["description"].startswith("Membrane time constant")
    assert lif["properties"]["tau_m"]["default"] == "20 ms"
    assert lif["required"] == ["model"]
    assert "from" in json_schema()["$defs"]["ProjectionSection"]["properties"]
