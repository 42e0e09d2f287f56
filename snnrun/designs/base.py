"""What a design is: a way in which axes make points."""

from __future__ import annotations

import json
import math
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.axis import Axis, Listed, Range, Raw, meaning
from snnrun.designs.steps import MAX_POINTS
from snnrun.entry import Entry
from snnrun.errors import Problem
from snnrun.quantities import QuantityType

Axes = Mapping[str, Axis]
Combination = dict[str, Raw]
"""A value for each axis."""
PointCount = Annotated[int, QuantityType("1", minimum=1, maximum=MAX_POINTS, integer=True)]


class Design(Entry):
    """A way in which the axes of a sweep make its points."""

    def names(self, axes: Axes) -> tuple[str, ...]:
        """What varies, in order."""
        return tuple(axes)

    def problem(self, axes: Axes) -> Problem | None:
        """Why it cannot make points of these axes; None if it can.

        Returns
        -------
        With the path below the section ``sweep``.
        """
        return None

    def remark(self, axes: Axes) -> str | None:
        """What could be chosen better; None if nothing."""
        return None

    @abstractmethod
    def combinations(self, axes: Axes) -> list[Combination]:
        """The points, all different; without an axis a single one, without values."""


class DrawnDesign(Design):
    """A design that draws its points from the whole range of each axis."""

    points: PointCount
    """Number of points."""

    @abstractmethod
    def shares(self, n_axes: int) -> NDArray[np.float64]:
        """Points in the unit cube, one a row, each below 1; shape (n_points, n_axes)."""

    def problem(self, axes: Axes) -> Problem | None:
        if not axes:
            return Problem((), "There are no axes to draw from.", "Name some under 'axes'.")
        return repeated_value(axes)

    def combinations(self, axes: Axes) -> list[Combination]:
        rows = self.shares(len(axes)).tolist()
        drawn = [{name: axis.at(share) for (name, axis), share in zip(axes.items(), row, strict=True)} for row in rows]
        return distinct(drawn)


def n_combinations(axes: Axes) -> int | None:
    """How many sets of values there are; None where an axis has all between two ends."""
    numbers = [axis.n_values for axis in axes.values()]
    counted = [number for number in numbers if number is not None]
    return math.prod(counted) if len(counted) == len(numbers) else None


def distinct(combinations: Iterable[Combination]) -> list[Combination]:
    """Combinations without those that came before: of a few values, some are drawn again."""
    first: dict[str, Combination] = {}
    for combination in combinations:
        first.setdefault(json.dumps(combination), combination)
    return list(first.values())


def listed(axes: Axes) -> dict[str, tuple[Raw, ...]]:
    """The values of axes that all have some, by name."""
    return {name: axis.values for name, axis in axes.items() if isinstance(axis, Listed)}


def range_among(axes: Axes) -> Problem | None:
    """The problem of an axis that has a range instead of values; None if there is none."""
    for name, axis in axes.items():
        if isinstance(axis, Range):
            first, last = axis.ends.written()
            message = f"The values between {first} and {last} are not counted."
            hint = f"Write how many: '{first}:{last}:5', or choose a design that draws, such as sobol."
            return Problem(("axes", name), message, hint)
    return None


def repeated_value(axes: Axes) -> Problem | None:
    """The problem of a value that an axis has twice; None if there is none."""
    for name, values in listed(axes).items():
        seen: dict[str, Raw] = {}
        for value in values:
            key = meaning(value)
            if key in seen:
                message = f"{seen[key]!r} and {value!r} would be the same point twice."
                return Problem(("axes", name), message, "Remove one of them.")
            seen[key] = value
    return None


def repeated_row(combinations: list[Combination]) -> Problem | None:
    """The problem of points with the same values; None if all differ."""
    seen: dict[tuple[str, ...], int] = {}
    for number, combination in enumerate(combinations, start=1):
        first = seen.setdefault(tuple(map(meaning, combination.values())), number)
        if first != number:
            return Problem(("design",), f"The points {first} and {number} have the same values.", "Remove one of them.")
    return None
