"""Positions, labels and values of distance in an experiment."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.network.compose import compose
from snnrun.network.construct import Construction
from snnrun.network.describe import describe
from snnrun.network.ends import neurons_of

PLACED = {
    "populations.exc.size": 40,
    "populations.inh.size": 30,
    "populations.exc.positions": {"extent": "1 mm", "periodic": True},
    "populations.inh.positions": {"extent": "1 mm", "periodic": True, "layout": "random"},
}
DELAY, WEIGHT = "projections.drive.synapse.delay", "projections.drive.synapse.weight"


def test_delays_and_weights_are_exactly_those_of_the_distance(small, contents):
    experiment = small(
        {
            **PLACED,
            "parameters": {"v": "0.3 m/s"},
            DELAY: "0.5 ms + distance / v",
            WEIGHT: "10 pA*exp(-distance/(0.2 mm))",
        }
    )
    exc, inh = (neurons_of(name, experiment.populations[name], 1).positions[:, 0] for name in ("exc", "inh"))
    drawn = contents(Construction(experiment, compose(experiment)))
    source_ids, target_ids = drawn["drive__inh"]
    gap = np.abs(exc[source_ids] - inh[target_ids])
    distance = np.minimum(gap, 1e-3 - gap)
    # In whole steps of 0.1 ms.
    assert np.array_equal(drawn["drive__inh.delay"][0], np.floor((0.5e-3 + distance / 0.3) / 1e-4 + 0.5))
    np.testing.assert_allclose(drawn["drive__inh.weight"][0], 10e-12 * np.exp(-distance / 0.2e-3), rtol=1e-12)


def test_random_positions_follow_from_the_seed_and_the_population(small):
    section = small(PLACED).populations["inh"]
    first, same = (neurons_of("inh", section, 7).positions for _ in range(2))
    np.testing.assert_array_equal(first, same)
    assert not np.any(first == neurons_of("inh", section, 8).positions)
    assert not np.any(first == neurons_of("other", section, 7).positions)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({DELAY: "1 ms - distance / (0.3 m/s)"}, "must not be below 0 ms, got 1 * ms - distance"),
        ({DELAY: "distance"}, "expected a value in ms"),
        ({WEIGHT: "10 pA * (1 um) / distance"}, "is not finite at every distance"),
        ({WEIGHT: "10 pA * (0.1 - distance / (1 mm))", "populations.exc.type": "excitatory"}, "Dale's law"),
        ({WEIGHT: "10 pA * exp(-distance)"}, "takes a plain number"),
        ({"populations.inh.positions": None, WEIGHT: "10 pA * distance / (1 mm)"}, "the target has no positions"),
        ({"populations.inh.positions.periodic": False, WEIGHT: "10 pA * distance / (1 mm)"}, "Give both the same"),
        ({"populations.exc.neuron.tau_m": "10 ms + distance / (1 m/s)"}, "a neuron has none"),
        ({"populations.exc.initial": {"v": "-60 mV + 1 V * distance / (1 m)"}}, "a neuron has none"),
        ({"parameters": {"distance": 1}}, "stands for the distance between two neurons"),
        ({"parameters": {"far": "distance * 2"}}, "a parameter is one value"),
        ({"populations.exc.positions.extent": ["1 mm", "1 mm"], "populations.exc.size": 41}, "36 and 42 neurons do"),
    ],
)
def test_tells_what_is_wrong_with_distances(problems, settings, said):
    assert said.lower() in "\n".join(problems({**PLACED, **settings})).lower()


def test_values_of_a_custom_synapse_are_shown_where_they_stand(problems):
    synapse = {
        "model": "equations",
        "weight": "1 mV",
        "state": "dx/dt = -x / tau_x : 1 (event-driven)",
        "on_pre": "v_post += weight * x",
        "parameters": {"tau_x": "10 ms + distance / (1 m/s)"},
    }
    (said,) = problems({"projections.drive.synapse": synapse})
    assert said.startswith("projections.drive.synapse.parameters.tau_x: The source has no positions")


def test_the_bounds_are_those_of_the_distances_that_there_are(small, problems):
    # On this ring the farthest neurons are 0.5 mm apart; a delay that is negative from 0.6 mm on never is.
    small({**PLACED, DELAY: "0.6 ms - distance / (1 m/s)"})
    assert problems(
        {
            **PLACED,
            "populations.exc.positions.periodic": False,
            "populations.inh.positions.periodic": False,
            DELAY: "0.6 ms - distance / (1 m/s)",
        }
    )


def test_neurons_can_be_called_by_their_names(small, problems, tmp_path):
    (tmp_path / "cells.csv").write_text("name,class\nAVAL,AVA\nAVAR,AVA\n")
    settings = {"populations.inh.labels": {"file": "cells.csv", "column": "name"}}
    experiment = small(settings, tmp_path)
    assert neurons_of("inh", experiment.populations["inh"], 1).labels == ("AVAL", "AVAR")
    resolved = experiment.resolved()["populations"]["inh"]["labels"]
    assert len(resolved["file"]["sha256"]) == 64
    assert "AVAL, AVAR (cells.csv)" in describe(experiment).populations[1].labels
    wrong = {"name,class\nAVAL,AVA\n": "has 1 names for 2 neurons", "name\nA\nA\n": "two neurons are called 'A'"}
    for text, said in wrong.items():
        (tmp_path / "cells.csv").write_text(text)
        assert said in "\n".join(problems(settings, tmp_path))
    assert "no column 'nom'" in "\n".join(
        problems({"populations.inh.labels": {"file": "cells.csv", "column": "nom"}}, tmp_path)
    )


def test_one_file_names_the_neurons_of_several_populations(small, tmp_path):
    (tmp_path / "cells.csv").write_text("name,class\nAVAL,AVA\nAVBL,AVB\nAVAR,AVA\n")
    labels = {"file": "cells.csv", "column": "name", "where": {"class": "AVA"}}
    assert small({"populations.inh.labels": labels}, tmp_path).populations["inh"].names == ("AVAL", "AVAR")


def test_describe_says_where_neurons_are(small):
    exc, inh = describe(small(PLACED)).populations
    assert exc.positions == "grid of 40 on a ring, 1000 um" and inh.positions == "at random on a ring, 1000 um"
