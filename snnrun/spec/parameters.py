"""The ``parameters`` of an experiment: named values that may use each other, in any order."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import Any

from snnrun.errors import Problem
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.language.names import parameter_problem
from snnrun.language.syntax import ExpressionError
from snnrun.language.values import evaluate, names_in
from snnrun.spec.messages import sentence
from snnrun.units import Quantity


def evaluate_parameters(
    raw: Mapping[str, Any], known: Mapping[str, Quantity] | None = None
) -> tuple[dict[str, Quantity], list[Problem]]:
    """The value of each parameter, and what is wrong with the others.

    Parameters
    ----------
    raw
        Names and what the file says: numbers, quantities, expressions.
    known
        Values of further parameters, which they may use.
    """
    misnamed = {name: problem for name in raw if (problem := parameter_problem(name)) is not None}
    problems = [Problem(("parameters", name), f"{problem}.") for name, problem in misnamed.items()]
    raw = {name: value for name, value in raw.items() if name not in misnamed}
    order, circles = _order(raw)
    problems += [
        Problem(("parameters", circle[0]), "The parameter is defined by itself.", _listed(circle)) for circle in circles
    ]
    values = dict(known or {})
    broken = {name for circle in circles for name in circle}
    for name in order:
        if broken & _uses(raw[name]):
            broken.add(name)  # the parameter that it uses has been reported
            continue
        try:
            values[name] = _value(raw[name], values)
        except ExpressionError as error:
            broken.add(name)
            problems.append(Problem(("parameters", name), sentence(str(error))))
    return values, problems


def _value(raw: Any, values: Mapping[str, Quantity]) -> Quantity:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ExpressionError("a parameter is a number, a quantity such as '20 ms', or an expression")
    value = evaluate(raw, values) if isinstance(raw, str) else Quantity(float(raw))
    if isinstance(value, Distribution):
        raise ExpressionError("a parameter is one value; write the distribution where the values are drawn")
    if isinstance(value, OfDistance):
        raise ExpressionError("a parameter is one value; write what depends on distance where the synapses are")
    return value


def _order(raw: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Names in an order in which each uses only earlier ones, and the circles that keep the others back."""
    uses = {name: _uses(value) & raw.keys() for name, value in raw.items()}
    sorter = TopologicalSorter(uses)
    with suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    blocked = uses.keys() - set(order)
    return order, _circles({name: uses[name] for name in raw if name in blocked})


def _circles(uses: Mapping[str, AbstractSet[str]]) -> list[list[str]]:
    """The circles among names each of which uses another one of them."""
    circles = []
    seen: set[str] = set()
    for name in uses:
        path = []
        while name not in seen:
            seen.add(name)
            path.append(name)
            name = min(uses[name] & uses.keys())  # noqa: PLW2901 - the walk goes on from there
        if name in path:
            circles.append(sorted(path[path.index(name) :]))
    return circles


def _uses(raw: Any) -> frozenset[str]:
    return names_in(raw) if isinstance(raw, str) else frozenset()


def _listed(circle: list[str]) -> str:
    return f"The circle: {', '.join(circle)}." if len(circle) > 1 else ""
