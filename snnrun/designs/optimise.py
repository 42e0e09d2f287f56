"""A search for the best point."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from snnrun.designs.base import Axes, DrawnDesign, PointCount, n_combinations
from snnrun.designs.sobol import sobol_points
from snnrun.quantities import AnyValue, Count


class Optimise(DrawnDesign):
    """Optimise: the points of each round are chosen by what those before have measured.

    The first round is made of scrambled Sobol' points. What is sought is the largest or the smallest value of a
    measure, or the one that is nearest to a target.
    """

    example: ClassVar[str] = "{design: optimise, points: 40, round: 8, target: {exc.mean_rate: 5 Hz}}"

    design: Literal["optimise"] = "optimise"
    points: PointCount
    """Number of points in all rounds."""
    round: PointCount = 8
    """Number of points in a round; they are computed side by side."""
    maximise: str | None = None
    """Measure that shall be as large as possible, such as `exc.cv_isi`."""
    minimise: str | None = None
    """Measure that shall be as small as possible."""
    target: Annotated[dict[str, AnyValue], Field(min_length=1, max_length=1)] | None = None
    """Measure and the value that it shall reach, as `{exc.mean_rate: 5 Hz}`."""
    seed: Count = 1
    """Other seeds search in other ways."""

    @model_validator(mode="after")
    def has_one_aim(self) -> Self:
        aims = [aim for aim in (self.maximise, self.minimise, self.target) if aim is not None]
        if len(aims) != 1:
            raise ValueError(f"one of maximise, minimise and target says what is sought; there are {len(aims)}")
        return self

    def remark(self, axes: Axes) -> str | None:
        number = self.n_sets(axes)
        if number == self.points:
            return None
        return f"The axes have {number} sets of values: the search ends with these, before {self.points} points."

    def n_sets(self, axes: Axes) -> int:
        """How many sets of values are tried in all rounds: no more than there are."""
        number = n_combinations(axes)
        return self.points if number is None else min(self.points, number)

    def shares(self, n_axes: int) -> NDArray[np.float64]:
        return sobol_points(min(self.round, self.points), n_axes, self.seed)
