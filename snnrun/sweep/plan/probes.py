"""Points that stand for many: what differs from the first one in as few axes as can be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from snnrun.spec.sweep import Raw

Assignment = Mapping[str, Raw]

_NUMBER: Final = re.compile(r"(?P<number>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)(?P<unit>.*)", re.DOTALL)


@dataclass(frozen=True)
class Probe:
    """One point of a sweep.

    Parameters
    ----------
    point
        The value at each axis.
    axis
        The only axis at which it differs from the first point; None if there are more.
    """

    point: Assignment
    axis: str | None


def probes(axes: Sequence[str], points: Sequence[Assignment], per_axis: int) -> list[Probe]:
    """For each axis, so many points with different values there; the first point is not among them.

    The ends of an axis are. Of all points with a value, the one that differs least from the first is taken.
    """
    first = points[0]
    differing = [[axis for axis in axes if _differ(point[axis], first[axis])] for point in points]
    chosen = []
    for axis in axes:
        nearest: dict[str, int] = {}
        for number, point in enumerate(points):
            known = nearest.setdefault(_key(point[axis]), number)
            if len(differing[number]) < len(differing[known]):
                nearest[_key(point[axis])] = number
        values = spread([points[number][axis] for number in nearest.values()], per_axis)
        chosen += [nearest[_key(value)] for value in values if _differ(value, first[axis])]
    return [
        Probe(points[number], differing[number][0] if len(differing[number]) == 1 else None)
        for number in dict.fromkeys(chosen)
    ]


def values_of(axis: str, points: Sequence[Assignment]) -> list[Raw]:
    """The different values at an axis."""
    return list({_key(point[axis]): point[axis] for point in points}.values())


def spread(values: Sequence[Raw], number: int) -> list[Raw]:
    """So many of the values, evenly from the smallest to the largest, or in their order where they have no size."""
    ordered = _by_size(values)
    if len(ordered) <= number:
        return ordered
    return [ordered[round(index * (len(ordered) - 1) / (number - 1))] for index in range(number)]


def _by_size(values: Sequence[Raw]) -> list[Raw]:
    sizes = []
    units = set()
    for value in values:
        found = _NUMBER.fullmatch(str(value))
        try:
            sizes.append(float(found["number"]) if found else 0.0)
        except ValueError:
            found = None
        if found is None:
            return list(values)
        units.add(found["unit"].strip())
    if len(units) > 1:
        return list(values)
    return [values[index] for index in sorted(range(len(values)), key=sizes.__getitem__)]


def _key(value: Raw) -> str:
    return repr(value)  # True, 1 and 1.0 are equal to Python


def _differ(one: Raw, other: Raw) -> bool:
    return one is not other and _key(one) != _key(other)
