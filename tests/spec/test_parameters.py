"""Parameters may use each other in any order; what cannot be computed is told once."""

from __future__ import annotations

import pytest

from snnrun.spec.parameters import evaluate_parameters
from snnrun.units import quantity


def problems(**raw: object) -> list[str]:
    return list(map(str, evaluate_parameters(raw)[1]))


def test_the_order_does_not_matter():
    values, problems = evaluate_parameters({"b": "2 * a", "a": "3 mV", "c": "b / a"})
    assert problems == []
    assert values == {"a": quantity("3 mV"), "b": quantity("6 mV"), "c": quantity("2")}


def test_numbers_are_plain_numbers():
    assert evaluate_parameters({"n": 3, "x": 0.5})[0] == {"n": quantity("3"), "x": quantity("0.5")}


def test_a_circle_is_named():
    assert problems(a="b + 1", b="c + 1", c="a + 1") == [
        "parameters.a: The parameter is defined by itself. The circle: a, b, c."
    ]
    assert problems(a="a + 1") == ["parameters.a: The parameter is defined by itself."]


def test_two_circles_are_both_named():
    assert len(problems(a="b", b="a", c="d", d="c")) == 2


def test_what_stands_outside_a_circle_is_computed():
    values, _ = evaluate_parameters({"a": "b", "b": "a", "c": "2 mV", "d": "a + c"})
    assert values == {"c": quantity("2 mV")}


def test_what_follows_from_a_broken_parameter_is_not_told_again():
    assert problems(a="1 +", b="2 * a", c="b") == [
        "parameters.a: '1 +' is not an expression.",
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x + 1", "parameters.a: Unknown name 'x'. Declare it under 'parameters'."),
        ("uniform(0, 1)", "parameters.a: A parameter is one value; write the distribution where the values are drawn."),
        (True, "parameters.a: A parameter is a number, a quantity such as '20 ms', or an expression."),
        (None, "parameters.a: A parameter is a number, a quantity such as '20 ms', or an expression."),
        ([1], "parameters.a: A parameter is a number, a quantity such as '20 ms', or an expression."),
        ("1 mV + 1 ms", "parameters.a: 1 * mV + 1 * ms mixes 1 mV and 1 ms."),
    ],
)
def test_what_is_no_value_is_refused(value, message):
    assert problems(a=value) == [message]


@pytest.mark.parametrize("name", ["mV", "a b", "lambda", ""])
def test_names_are_held_to_the_rules(name):
    (found,) = problems(**{name: 1})
    assert found.startswith(f"parameters.{name}: {name!r} ")
