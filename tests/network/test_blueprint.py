"""A blueprint survives the journey to the generator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snnrun.network.blueprint import Blueprint
from snnrun.network.compose import compose
from snnrun.network.loading import load

EXPERIMENTS = sorted(
    path
    for path in (Path(__file__).parents[2] / "experiments").rglob("*.yaml")
    if not path.stem.startswith("breaks")  # shown for the message that they get
)


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_a_blueprint_reads_back_the_same(path):
    blueprint = compose(load(path)).blueprint
    again = Blueprint.from_plain(json.loads(json.dumps(blueprint.to_plain())))
    assert again == blueprint
    assert again.to_plain() == blueprint.to_plain()


def test_updates_stimuli_and_traces_read_back_the_same(small):
    blueprint = compose(
        small(
            {
                "inputs": {
                    "rain": {"model": "poisson", "to": "exc", "rate": "5 Hz", "weight": "1 mV"},
                    "burst": {
                        "model": "spike_times",
                        "to": "exc",
                        "times": ["1 ms"],
                        "synapse": {"model": "delta", "weight": "1 mV"},
                    },
                    "noise": {
                        "model": "noise_current",
                        "to": "exc",
                        "sd": "1 pA",
                        "tau": "2 ms",
                        "frozen": True,
                    },
                },
                "record.traces": {"exc": {"variables": ["v"]}},
                "populations.exc.initial": {"v": "-65 mV"},
            }
        )
    ).blueprint
    assert {slot.kind for slot in blueprint.slots} == {"value", "initial", "synapses", "delay", "waveform", "events"}
    assert Blueprint.from_plain(json.loads(json.dumps(blueprint.to_plain()))) == blueprint
