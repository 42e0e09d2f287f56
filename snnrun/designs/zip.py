"""Axes side by side."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.designs.base import Axes, Combination, Design, listed, range_among, repeated_row
from snnrun.errors import Problem


class Zip(Design):
    """Zip: the first value of each axis together, then the second of each, and so on."""

    example: ClassVar[str] = "zip"

    design: Literal["zip"] = "zip"

    def problem(self, axes: Axes) -> Problem | None:
        if problem := range_among(axes):
            return problem
        lengths = {name: len(values) for name, values in listed(axes).items()}
        if len(set(lengths.values())) > 1:
            shown = ", ".join(f"{name} {length}" for name, length in lengths.items())
            hint = "Make them equal, or choose the design grid."
            return Problem(("design",), f"The axes have different numbers of values: {shown}.", hint)
        return repeated_row(self.combinations(axes))

    def combinations(self, axes: Axes) -> list[Combination]:
        values = listed(axes)
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)] or [{}]
