"""Each distinct program of a sweep is found, with few of its points composed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from snnrun.errors import SpecError
from snnrun.network.compose import compose
from snnrun.network.loading import load_document
from snnrun.simulation.fingerprint import fingerprint
from snnrun.spec.document import Document
from snnrun.spec.reader import parse_document
from snnrun.sweep.plan import builds
from snnrun.sweep.plan.builds import distinct_builds

NETWORK = """
snnrun: 1
parameters: {n: 8, g: 4, J: 10 pA, k: 2}
populations:
  exc: {size: n, neuron: {model: lif}}
  inh: {size: 4, neuron: {model: lif}}
projections:
  drive:
    from: exc
    to: inh
    synapse: {model: exponential_current, weight: g * J, tau_syn: 5 ms}
    connectivity: {rule: fixed_indegree, k: k}
simulation: {duration: 100 ms}
"""


@pytest.fixture
def document() -> Document:
    return parse_document(NETWORK, "network")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What has been composed."""
    seen: list[object] = []

    def counting(experiment: Any) -> Any:
        seen.append(experiment)
        return compose(experiment)

    monkeypatch.setattr(builds, "compose", counting)
    return seen


def grid(**axes: list[Any]) -> list[dict[str, Any]]:
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def found(document: Document, points: list[dict[str, Any]]) -> tuple[list[int], list[str]]:
    return distinct_builds(document, None, list(points[0]), points)


def test_numbers_share_one_program(document: Document, composed: list[object]) -> None:
    points = grid(g=[index / 10 for index in range(100)], k=[1, 2, 3])
    numbers, prints = found(document, points)
    assert set(numbers) == {0}
    assert len(prints) == 1
    assert len(composed) < 25  # of 300 points


def test_each_structure_has_its_program(document: Document, composed: list[object]) -> None:
    points = grid(g=[1, 2, 3], n=[8, 16, 24])
    numbers, prints = found(document, points)
    assert numbers == [0, 1, 2] * 3
    assert len(set(prints)) == 3


def test_the_programs_are_those_of_the_points(document: Document) -> None:
    axis = "projections.drive.synapse.model"
    points = grid(n=[8, 16], **{axis: ["exponential_current", "alpha_current"]})
    numbers, prints = found(document, points)
    for point, number in zip(points, numbers, strict=True):
        experiment = load_document(document, None, "", {"n": point["n"]}, {axis: point[axis]})
        assert prints[number] == fingerprint(compose(experiment).blueprint)


def test_axes_that_go_together(document: Document) -> None:
    # As 'zip' makes them: 8 neurons have no in-degree of 12, so that k cannot vary alone.
    points = [{"n": n, "k": n - 4} for n in (8, 16, 24)]
    document.data["projections"]["drive"]["connectivity"]["multapses"] = False
    numbers, prints = found(document, points)
    assert numbers == [0, 1, 2]
    assert len(prints) == 3


def test_one_value_as_drawn_numbers_is_another_program(document: Document) -> None:
    points = grid(J=["10 pA", "normal(10 pA, 1 pA)", "20 pA"])
    document.data["projections"]["drive"]["synapse"]["weight"] = "10 pA"
    axis = "projections.drive.synapse.weight"
    numbers, _ = found(document, [{axis: point["J"]} for point in points])
    assert numbers == [0, 1, 0]


def test_a_point_that_is_no_experiment_needs_no_program(document: Document) -> None:
    numbers, prints = found(document, grid(n=[8, -1, 16]))
    assert numbers == [0, 0, 1]
    assert len(prints) == 2


def test_there_is_no_end_of_structures_that_are_tried(
    document: Document, composed: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builds, "_MAX_STRUCTURES", 3)
    monkeypatch.setattr(builds, "_VALUES_TRIED", 2)
    numbers, _ = found(document, grid(n=list(range(8, 18))))
    assert numbers == [0, 1, 2, *[0] * 7]
    assert len(composed) == 4


def test_the_first_point_must_be_an_experiment(document: Document) -> None:
    with pytest.raises(SpecError, match="size"):
        found(document, grid(n=[-1, 8]))
