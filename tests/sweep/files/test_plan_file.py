"""A plan survives the file; damaged and foreign files are refused with what to do."""

from __future__ import annotations

import json

import pytest

from snnrun.errors import ResultsError
from snnrun.sweep.files.plan_file import read_list, read_plan, write_list


@pytest.fixture
def sweep(fake_sweep):
    return fake_sweep({"g": [3, 4.5], "tau": ["10 ms", "20 ms"], "to": [["exc"], ["exc", "inh"]]}, seeds=2)


def test_a_plan_reads_back_as_it_was(sweep):
    assert read_plan(sweep.folder) == sweep.plan


def test_the_list_of_points_is_in_the_order_of_the_plan(sweep):
    assert read_list(sweep.folder.points_file) == [point.id for point in sweep.plan.points]


def test_a_plan_that_is_missing_is_to_be_made(sweep):
    sweep.folder.plan_file.unlink()
    with pytest.raises(ResultsError, match="snnrun sweep plan"):
        read_plan(sweep.folder)


@pytest.mark.parametrize(
    "damage",
    [
        lambda plain: plain.pop("points"),
        lambda plain: plain["points"]["id"].pop(),
        lambda plain: plain["points"]["id"].__setitem__(0, "../../../etc/passwd"),
        lambda plain: plain["points"]["values"].__setitem__(0, [1]),
        lambda plain: plain["axes"].append("more"),
        lambda plain: plain.__setitem__("builds", 3),
        lambda plain: plain.__setitem__("keep", "all"),
    ],
    ids=[
        "no points",
        "columns of two lengths",
        "an id that is a path",
        "a value short",
        "an axis more",
        "no list",
        "no such keep",
    ],
)
def test_a_damaged_plan_is_to_be_made_again(sweep, damage):
    plain = json.loads(sweep.folder.plan_file.read_text())
    damage(plain)
    sweep.folder.plan_file.write_text(json.dumps(plain))
    with pytest.raises(ResultsError, match=r"damaged.*snnrun sweep plan"):
        read_plan(sweep.folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "something else"}'])
def test_what_is_no_plan_is_refused(sweep, text):
    sweep.folder.plan_file.write_text(text)
    with pytest.raises(ResultsError, match=r"plan\.json"):
        read_plan(sweep.folder)


def test_a_list_with_something_else_than_ids_is_refused(tmp_path):
    write_list(tmp_path / "list", ["aaaa1111", "../x"])
    with pytest.raises(ResultsError, match="is not the id of a point"):
        read_list(tmp_path / "list")
