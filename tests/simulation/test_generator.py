"""The generator: what Brian cannot do is told by its cause; names of the user never meet in the program."""

from __future__ import annotations

import json

import pytest

from snnrun.errors import BuildError
from snnrun.network.compose import compose
from snnrun.network.loading import loads
from snnrun.simulation import generator
from snnrun.simulation.generator import generate_sources

LIF = {"size": 2, "neuron": {"model": "lif"}}
RAIN = {"model": "poisson", "rate": "1 Hz", "weight": "1 mV"}


def generate(folder, populations, inputs=None):
    plain = {"snnrun": 1, "populations": populations, "inputs": inputs or {}, "simulation": {"duration": "10 ms"}}
    generate_sources(compose(loads(json.dumps(plain))).blueprint, folder)


def test_what_brian_cannot_do_is_told_by_its_cause(tmp_path):
    neuron = {
        "model": "equations",
        "equations": "dv/dt = -v/(5*ms) + xi*v*second**-0.5 : volt",
        "threshold": "v > 1*volt",
        "reset": "v = 0*volt",
    }
    with pytest.raises(BuildError) as error:
        generate(tmp_path, {"cells": {"size": 2, "neuron": neuron}})
    first, second, *_ = str(error.value).splitlines()
    assert first == "Brian could not turn the equations into a program."
    assert second == "  Cannot integrate equations with multiplicative noise with this state updater."


def test_names_that_look_like_those_of_brians_objects_do_not_meet(tmp_path):
    # Brian derives names from names: population "a" has a state updater, and its input "b_c" an update.
    populations = dict.fromkeys(("a", "a_stateupdater", "a_spike_thresholder", "a_b", "NULL"), LIF)
    inputs = {"b_c": {**RAIN, "to": "a"}, "c": {**RAIN, "to": "a_b"}}
    generate(tmp_path, populations, inputs)
    assert (tmp_path / "program.cpp").exists()


def test_a_generator_that_ends_without_a_word(tmp_path, monkeypatch):
    monkeypatch.setattr(generator, "_START", "import sys; sys.exit(7)")
    with pytest.raises(BuildError, match="it ended with status 7"):
        generate(tmp_path, {"cells": LIF})
