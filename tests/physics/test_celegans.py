"""The connectome of C. elegans: its counts, its structure, and what a touch does."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

from snnrun.results.recording import Recording

FOLDER = Path(__file__).parents[2] / "experiments" / "celegans"
RESTS, HEAD, TAIL = ((0.1, 0.4), (0.8, 1.2)), (0.4, 0.8), (1.2, 1.6)
"""Seconds."""


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def contacts() -> dict[str, NDArray[Any]]:
    """Sections from the neuron of the row to that of the column."""
    number = {row["name"]: index for index, row in enumerate(rows("neurons.csv"))}
    found = {}
    for name in ("chemical", "gap_junctions"):
        found[name] = np.zeros((len(number), len(number)))
        for row in rows(f"{name}.csv"):
            found[name][number[row["source"]], number[row["target"]]] += int(row["sections"])
    return found


def test_all_neurons_of_the_hermaphrodite_are_there(contacts: dict[str, NDArray[Any]]) -> None:
    neurons = rows("neurons.csv")
    # White et al. 1986: 302 neurons, 282 of the body and 20 of the pharynx.
    assert len({row["name"] for row in neurons}) == len(neurons) == 302
    assert Counter(row["class"] for row in neurons)["pharyngeal"] == 20
    # Chalfie et al. 1985.
    roles = {role: {row["name"] for row in neurons if row["role"] == role} for role in ("backward", "forward", "touch")}
    assert roles["backward"] == {cell + side for cell in ("AVA", "AVD", "AVE") for side in "LR"}
    assert roles["forward"] == {cell + side for cell in ("AVB", "PVC") for side in "LR"}
    both = contacts["chemical"] + contacts["gap_junctions"]
    assert np.all(both.sum(0) + both.sum(1) > 0)


def test_the_circuit_of_touch_is_that_of_chalfie(contacts: dict[str, NDArray[Any]]) -> None:
    """Receptors have gap junctions with the command they favour, and chemical synapses onto the other one."""
    names = [row["name"] for row in rows("neurons.csv")]

    def sections(kind: str, sources: tuple[str, ...], targets: tuple[str, ...]) -> float:
        matrix = contacts[kind] + (contacts[kind].T if kind == "gap_junctions" else 0)
        first, second = ([n for n, name in enumerate(names) if name[:3] in cells] for cells in (sources, targets))
        return float(matrix[np.ix_(first, second)].sum())

    head, tail, backward, forward = ("ALM", "AVM"), ("PLM",), ("AVA", "AVD"), ("AVB", "PVC")
    assert sections("chemical", head, forward) > 10 * sections("chemical", head, backward)
    assert sections("gap_junctions", head, backward) > sections("gap_junctions", head, forward) == 0
    assert sections("chemical", tail, backward) > sections("chemical", tail, forward) == 0
    assert sections("gap_junctions", tail, forward) > 0


def test_the_wiring_is_a_small_world_with_hubs(contacts: dict[str, NDArray[Any]]) -> None:
    there = contacts["chemical"] + contacts["gap_junctions"] > 0
    graph = (there | there.T).astype(float)
    np.fill_diagonal(graph, 0)
    n, k = len(graph), graph.sum(0)
    clustering = np.mean(np.diag(graph @ graph @ graph)[k > 1] / (k * (k - 1))[k > 1])
    length = shortest_path(graph, unweighted=True)[np.triu_indices(n, 1)].mean()
    # A random graph of as many edges has the clustering k/n, and the path length of one that was drawn.
    upper = np.triu_indices(n, 1)
    random = np.zeros((n, n))
    chosen = np.random.default_rng(1).permutation(len(upper[0]))[: int(graph.sum() / 2)]
    random[upper[0][chosen], upper[1][chosen]] = 1
    # Watts & Strogatz 1998, table 1: 5.6 times the clustering, 1.18 times the length, of 282 neurons then.
    assert 4 < clustering / (k.mean() / n) < 6
    assert length / shortest_path(random, directed=False, unweighted=True)[upper].mean() == pytest.approx(1.18, abs=0.1)
    in_degrees = (contacts["chemical"] > 0).sum(0)
    assert in_degrees.var() > 5 * in_degrees.mean()  # a random network: equal


def changes(recording: Recording, touch: tuple[float, float]) -> NDArray[Any]:
    """Change of the rate of the commands for backward and forward by a touch, in hertz, by trial; shape (n, 2)."""
    found = np.empty((recording.trials, 2))
    for column, name in enumerate(("backward", "forward")):
        for trial in range(recording.trials):
            train = recording.spikes[name].of_trial(trial)
            rest, answer = (_rate(train.times, *windows) for windows in (RESTS, (touch,)))
            found[trial, column] = (answer - rest) / train.n_recorded
    return found


def _rate(times: NDArray[Any], *windows: tuple[float, float]) -> float:
    return float(sum(np.sum((times >= a) & (times < b)) for a, b in windows) / sum(b - a for a, b in windows))


def preference(recording: Recording, touch: tuple[float, float]) -> tuple[float, float]:
    """How much more a touch favours backward than forward, in hertz, and its standard error over the trials."""
    each = -np.diff(changes(recording, touch))
    return float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each)))


@pytest.mark.physics
def test_the_commands_answer_touch_and_signs_decide_which(record: Callable[..., Recording]) -> None:
    """Chalfie et al. 1985: head, backward; tail, forward. Without the inhibition by receptors the head is wrong."""
    trials = {"simulation.trials": 12}
    with_signs = record("celegans/celegans.yaml", settings=trials)
    for touch, sign in ((HEAD, 1), (TAIL, -1)):
        mean, error = preference(with_signs, touch)
        assert sign * mean > 3 * error
    assert np.all(changes(with_signs, HEAD).mean(0) * (1, -1) > 0)
    excited = record("celegans/celegans.yaml", parameters={"e_touch": "0 mV"}, settings=trials)
    mean, error = preference(excited, HEAD)
    assert mean < -3 * error
