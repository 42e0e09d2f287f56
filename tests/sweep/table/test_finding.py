"""The point that a user means."""

from __future__ import annotations

import pytest

from snnrun.errors import UserError
from snnrun.sweep.table.finding import find_point, in_words


@pytest.fixture
def plan(fake_sweep):
    return fake_sweep({"g": [3, 4], "tau": ["10 ms", "20 ms"]}, seeds=2).plan


def test_by_its_id_or_how_that_begins(plan):
    for length in (16, 8):
        assert find_point(plan, [plan.points[3].id[:length]]) is plan.points[3]


def test_by_values_in_any_order_and_unit(plan):
    point = find_point(plan, ["tau=0.02 s", "g=4", "replicate=1"])
    assert (plan.assignment(point), point.replicate) == ({"g": 4, "tau": "20 ms"}, 1)


def test_by_its_seed(plan):
    assert find_point(plan, ["g=3", "tau=10", "seed=2"]).seed == 2


def test_whole_numbers_are_written_as_such(fake_sweep):
    plan = fake_sweep({"g": [3.0, 3.5]}).plan
    assert [in_words(plan, point) for point in plan.points] == ["g=3", "g=3.5"]


def test_when_several_are_meant_they_are_named(plan):
    with pytest.raises(UserError, match=r"2 points are meant") as caught:
        find_point(plan, ["g=3", "tau=10 ms"])
    assert "g=3 tau=10 ms replicate=0" in str(caught.value)
    assert str(caught.value).endswith("g=3 tau=10 ms replicate=1")
    with pytest.raises(UserError, match=r"8 points are meant(.|\n)*and 3 more"):
        find_point(plan, [""])


def test_when_none_is_meant_the_values_that_there_are_are_named(plan):
    with pytest.raises(UserError, match=r"tau is one of 10, 20 ms"):
        find_point(plan, ["g=3", "tau=30 ms"])
    with pytest.raises(UserError, match="the id of no point begins so"):
        find_point(plan, ["xyz"])
    with pytest.raises(UserError, match="Did you mean 'tau'"):
        find_point(plan, ["tua=3"])
    with pytest.raises(UserError, match="name a point by"):
        find_point(plan, ["g=3", "10"])
