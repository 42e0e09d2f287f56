"""Axes as a file writes them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from snnrun.designs.axis import AxisField, Listed, Range, is_steps, meaning, read_axis
from snnrun.designs.steps import AxisError

AXIS = TypeAdapter(AxisField)


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ([0.9, 1, 2], (0.9, 1, 2)),
        (5, (5,)),
        (False, (False,)),
        ("20 ms", ("20 ms",)),
        ("uniform(0 mV, 5 mV)", ("uniform(0 mV, 5 mV)",)),
        ([["exc", "inh"], "exc"], (["exc", "inh"], "exc")),
        ("3:8:6", (3, 4, 5, 6, 7, 8)),
        (" 10 ms : 20 ms : 3 ", ("10 ms", "15 ms", "20 ms")),
        ("-1:1:3", (-1, 0, 1)),
        ("−1:1:3", (-1, 0, 1)),
        (".5:1.5:3", (0.5, 1.0, 1.5)),
        ("1e-3:1e-1:2", (0.001, 0.1)),
        ("log:0.1:10:3", (0.1, 1.0, 10.0)),
        ({"linspace": ["10 ms", "20 ms", 3]}, ("10 ms", "15 ms", "20 ms")),
        ({"logspace": [1, 100, 3]}, (1, 10, 100)),
    ],
)
def test_values_one_by_one(raw, values):
    assert read_axis(raw) == Listed(values)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("3:8", {"uniform": [3, 8]}),
        ("10 ms:1 s", {"uniform": ["10 ms", "1000 ms"]}),
        ("log:0.1:10", {"loguniform": [0.1, 10.0]}),
        ("int:10:20", {"integers": [10, 20]}),
        ({"uniform": [0, 1]}, {"uniform": [0, 1]}),
        ({"loguniform": ["1 pA", "1 nA"]}, {"loguniform": ["1 pA", "1000 pA"]}),
        ({"integers": [1, 3]}, {"integers": [1, 3]}),
    ],
)
def test_ranges_for_designs_that_draw(raw, plain):
    axis = read_axis(raw)
    assert isinstance(axis, Range)
    assert axis.to_plain() == plain


@pytest.mark.parametrize("raw", [[1, "2 mV"], "3:8:11", "log:1 mV:1 V:5", "3:8", {"integers": [1, 3]}, "exc"])
def test_what_a_plan_stores_reads_back(raw):
    axis = AXIS.validate_python(raw)
    assert AXIS.validate_python(AXIS.dump_python(axis, mode="json")) == axis


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ([], "no values"),
        ([1, None], "a value is missing"),
        ([float("nan")], "not a finite number"),
        ([1, "3:8:11"], "cannot stand among others. Write them one by one; decimals have a point"),
        ("3:8:11:2", "is none of first:last:number"),
        ("int:3:8:2", "is none of"),
        ("3::8", "not a number"),
        ("nan:1:3", "'nan' is not a number"),
        ("3:8:1", "too few"),
        ("log:-1:1:3", "above 0"),
        ({"loguniform": [0, 1]}, "above 0"),
        ("int:1:2.5", "not both whole"),
        ("int:1 ms:2 ms", "not both whole"),
        ({"linspace": [1, 2]}, "an axis is a list of values, or one of"),
        ({"steps": [1, 2, 3]}, "an axis is a list of values, or one of"),
        ({"uniform": [1, 2], "integers": [1, 2]}, "an axis is a list of values, or one of"),
        (None, "a value is missing"),
    ],
)
def test_what_is_no_axis(raw, complaint):
    with pytest.raises(AxisError, match=complaint):
        read_axis(raw)
    with pytest.raises(ValidationError, match=complaint):
        AXIS.validate_python(raw)


@pytest.mark.parametrize("text", ["exc:inh", "v > 1", "uniform(0 mV, 5 mV)", "20 ms", "data/in.csv", "", "a:1:2"])
def test_other_texts_are_values(text):
    assert not is_steps(text)
    assert read_axis(text) == Listed((text,))


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 1.0), ("20 ms", "0.02 s"), ("2*3", 6), ("1e-3 V", "1 mV"), ({"a": 1, "b": 2}, {"b": 2, "a": 1})],
)
def test_values_that_mean_the_same(one, other):
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, "1 mV"), ("exc", "inh"), ("g", "2*g"), ([1], 1)])
def test_values_that_mean_something_else(one, other):
    assert meaning(one) != meaning(other)


class TestPlacesInARange:
    def test_even(self):
        axis = read_axis("2:4")
        assert [axis.at(share) for share in (0, 0.25, 0.5)] == [2.0, 2.5, 3.0]

    def test_with_unit(self):
        assert read_axis("10 ms:20 ms").at(0.25) == "12.5 ms"

    def test_logarithmic(self):
        axis = read_axis("log:1:100")
        assert [axis.at(0), axis.at(0.5)] == [1, pytest.approx(10, rel=1e-12)]

    def test_whole_numbers_have_equal_shares(self):
        axis = read_axis("int:10:13")
        values = [axis.at(share / 100) for share in range(100)]
        assert {value: values.count(value) for value in values} == {10: 25, 11: 25, 12: 25, 13: 25}

    def test_listed_values_have_equal_shares(self):
        axis = read_axis(["a", "b"])
        assert [axis.at(share) for share in (0, 0.49, 0.5, 0.99)] == ["a", "a", "b", "b"]
