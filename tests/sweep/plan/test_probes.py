"""Points that stand for many."""

from __future__ import annotations

import itertools

import pytest

from snnrun.sweep.plan.probes import Probe, probes, spread, values_of


def grid(**axes):
    return [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())]


def test_of_a_grid_each_axis_is_varied_alone():
    points = grid(g=[1, 2, 3], tau=["10 ms", "20 ms"])
    assert probes(["g", "tau"], points, 3) == [
        Probe({"g": 2, "tau": "10 ms"}, "g"),
        Probe({"g": 3, "tau": "10 ms"}, "g"),
        Probe({"g": 1, "tau": "20 ms"}, "tau"),
    ]


def test_the_ends_of_an_axis_are_tried_wherever_they_stand():
    found = probes(["g"], grid(g=[5, 9, 2, 7]), 2)
    assert [probe.point["g"] for probe in found] == [2, 9]


def test_of_the_points_with_a_value_the_one_nearest_to_the_first_is_taken():
    points = [{"g": 1, "n": 4}, {"g": 2, "n": 5}, {"g": 2, "n": 4}, {"g": 1, "n": 5}]
    assert probes(["g", "n"], points, 2) == [Probe(points[2], "g"), Probe(points[3], "n")]


def test_values_that_only_occur_together_are_tried_together_and_once():
    points = [{"g": 1, "n": 4}, {"g": 2, "n": 5}]
    assert probes(["g", "n"], points, 2) == [Probe(points[1], None)]


def test_a_value_is_the_same_however_often_it_was_read():
    again = "".join(["10", " ms"])
    points = [{"tau": "10 ms", "n": 4}, {"tau": again, "n": 5}]
    assert probes(["tau", "n"], points, 2) == [Probe(points[1], "n")]


def test_a_single_point_stands_for_itself():
    assert probes(["g"], [{"g": 1}], 2) == []


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        ([5, 1, 4, 2, 3], [1, 3, 5]),
        (["100 ms", "20 ms", "3 ms", "40 ms", "9 ms"], ["3 ms", "20 ms", "100 ms"]),
        (["1 s", "20 ms", "3 ms", "40 ms", "9 ms"], ["1 s", "3 ms", "9 ms"]),  # of two units: as they are written
        (["lif", "eif", "aeif", "hh", "izhikevich"], ["lif", "aeif", "izhikevich"]),
        ([True, 1, 2, 3, 4], [True, 2, 4]),
    ],
)
def test_values_are_chosen_evenly_by_size_and_else_by_place(values, chosen):
    assert spread(values, 3) == chosen


def test_few_values_are_all_chosen():
    assert spread([3, 1, 2], 5) == [1, 2, 3]


def test_values_are_different_that_are_equal_to_python_only():
    found = values_of("x", [{"x": value} for value in (True, 1, 1.0, "1", 1, True)])
    assert [repr(value) for value in found] == ["True", "1", "1.0", "'1'"]
