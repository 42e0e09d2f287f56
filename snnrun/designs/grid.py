"""A full grid."""

from __future__ import annotations

import math
from itertools import product
from typing import ClassVar, Literal

from snnrun.designs.base import Axes, Combination, Design, listed, range_among, repeated_value
from snnrun.designs.steps import MAX_POINTS
from snnrun.errors import Problem


class Grid(Design):
    """Grid: each value of each axis with each of the others; the last axis varies fastest."""

    example: ClassVar[str] = "grid"

    design: Literal["grid"] = "grid"

    def problem(self, axes: Axes) -> Problem | None:
        if problem := range_among(axes) or repeated_value(axes):
            return problem
        n_points = math.prod(len(values) for values in listed(axes).values())
        if n_points > MAX_POINTS:
            message = f"The grid has {n_points} points, more than {MAX_POINTS}."
            return Problem((), message, "Take fewer values, or a design that draws, such as sobol.")
        return None

    def combinations(self, axes: Axes) -> list[Combination]:
        values = listed(axes)
        return [dict(zip(values, row, strict=True)) for row in product(*values.values())]
