"""What is wrong with the points of a sweep is said before they run: once, and where."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from snnrun.errors import SpecError
from snnrun.spec.document import Document
from snnrun.spec.reader import parse_document
from snnrun.sweep.plan import checks
from snnrun.sweep.plan.checks import check_points

NETWORK = """\
snnrun: 1
parameters: {n: 8, g: 4, J: 10 pA, unused: 1}
populations:
  exc: {size: n, type: excitatory, neuron: {model: lif}}
  inh: {size: 4, type: inhibitory, neuron: {model: lif}}
projections:
  brake:
    from: inh
    to: exc
    synapse: {model: exponential_current, weight: -g * J, tau_syn: 5 ms}
    connectivity: {rule: all_to_all}
simulation: {duration: 100 ms, warmup: 20 ms}
"""


@pytest.fixture
def document() -> Document:
    return parse_document(NETWORK, "network.yaml")


def grid(**axes: list[Any]) -> list[dict[str, Any]]:
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def complaint(document: Document, points: list[dict[str, Any]]) -> str:
    with pytest.raises(SpecError) as caught:
        check_points(document, None, list(points[0]), points)
    return str(caught.value)


def test_sound_points_pass(document: Document) -> None:
    check_points(document, None, ["g", "J"], grid(g=[1, 2, 3], J=["1 pA", "2 pA"]))


def test_a_value_out_of_range_is_shown_with_its_point(document: Document) -> None:
    points = grid(J=["1 pA", "2 pA"], n=[4, 0, -2, 8])
    assert complaint(document, points) == (
        "network.yaml:4:9  populations.exc.size\n"
        "    4 │   exc: {size: n, type: excitatory, neuron: {model: lif}}\n"
        "      │         ^^^^\n"
        "  Must not be below 1, got -2. Of 4 values of n that were tried, 2 are wrong; the first: n=-2.\n"
        "\n"
        "1 problem in network.yaml"
    )


def test_the_same_problem_at_many_values_is_said_once(document: Document) -> None:
    text = complaint(document, grid(g=list(range(5, -6, -1)), J=["1 pA", "2 pA"]))
    assert text.count("Dale's law") == 1
    assert "Of 11 values of g that were tried, 5 are wrong; the first: g=-5." in text
    assert "values of J" not in text


def test_also_where_the_first_point_has_it(document: Document) -> None:
    text = complaint(document, grid(J=["1 pA", "2 pA"], g=list(range(-5, 6))))
    assert text.count("Dale's law") == 1
    assert "Of 11 values of g that were tried, 5 are wrong; the first: g=-5." in text
    assert "values of J" not in text


@pytest.mark.parametrize(
    ("axis", "values", "said"),
    [
        ("J", [10, 20], "Expected a value in pA, as the 10 pA in the file; got 10. Write for example '10 pA'."),
        ("J", ["1 mV", "2 mV"], "Expected a value in pA, as the 10 pA in the file; got 1 mV. It is so at every point"),
        ("g", [4, "5 ms"], "Expected a plain number, as the 4 in the file; got 5 ms. Of 2 values of g that were"),
    ],
)
def test_a_parameter_with_a_wrong_unit_is_told_once_where_it_was_given(
    document: Document, axis: str, values: list[Any], said: str
) -> None:
    text = complaint(document, grid(**{axis: values}))
    assert said in text
    assert text.startswith(f"at {axis}  parameters.{axis}")
    assert text.endswith("1 problem in network.yaml")


def test_a_plain_zero_in_the_file_may_stand_for_any_quantity(document: Document) -> None:
    document.data["parameters"]["unused"] = 0
    check_points(document, None, ["unused"], grid(unused=["1 ms", "2 ms"]))


def test_what_is_wrong_with_the_file_is_wrong_everywhere(document: Document) -> None:
    document.data["simulation"]["warmup"] = "200 ms"
    text = complaint(document, grid(g=[1, 2]))
    assert "The warm-up of 200 ms" in text
    assert "It is so at every point that was tried." in text


def test_two_problems_are_both_said(document: Document) -> None:
    text = complaint(document, grid(g=[1, -1], **{"simulation.duration": ["100 ms", "10 ms"]}))
    assert "the first: g=-1." in text
    assert "the first: simulation.duration=10 ms." in text
    assert text.endswith("2 problems in network.yaml")


@pytest.mark.parametrize(
    ("axis", "place"),
    [("simulation.duratoin", "Unknown key. Did you mean 'duration'?"), ("simulatoin.dt", "has no 'simulatoin'")],
)
def test_an_axis_that_leads_nowhere_is_shown_as_written(document: Document, axis: str, place: str) -> None:
    text = complaint(document, [{axis: "1 s"}, {axis: "2 s"}])
    assert place in text
    assert f"at {axis}=" in text


def test_values_that_go_together_are_not_torn_apart(document: Document) -> None:
    # As 'zip' makes them; the duration of the first with the warm-up of the second would be refused.
    names = ("simulation.duration", "simulation.warmup")
    points = [dict(zip(names, values, strict=True)) for values in (("10 ms", "1 ms"), ("1 s", "500 ms"))]
    check_points(document, None, names, points)


def test_a_problem_of_a_point_among_such_is_shown_with_the_point(document: Document) -> None:
    points = [{"n": 4, "g": 1}, {"n": 8, "g": -1}, {"n": 9, "g": 2}]
    assert "Of 3 points that were tried, 1 is wrong; the first: n=8, g=-1." in complaint(document, points)


def test_of_many_points_few_are_loaded_and_the_ends_among_them(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    load = checks.load_document

    def counting(document: Document, *rest: Any) -> Any:
        loaded.append(document)
        return load(document, *rest)

    monkeypatch.setattr(checks, "_MAX_POINTS", 10)
    monkeypatch.setattr(checks, "load_document", counting)
    points = grid(g=[5, *range(400), -1, *range(400, 500)], J=["1 pA", "2 pA"])
    assert "first: g=-1" in complaint(document, points)
    assert len(loaded) <= 10
    loaded.clear()
    monkeypatch.setattr(checks, "_MAX_SECONDS", -1.0)  # however little time there is, so much is looked at
    assert "first: g=-1" in complaint(document, points)
    assert len(loaded) == 1 + 2 + 1  # the first point, both ends of g, the other J
