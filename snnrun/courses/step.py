"""A course of steps."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from snnrun.courses.base import Course
from snnrun.datafiles import FloatArray
from snnrun.quantities import NonNegativeNumber, NonNegativeTime
from snnrun.stimuli.steps import held, steps_problem


class Step(Course):
    """Steps: from each time on its factor holds, until the next; before the first time the factor is 1.

    A time between two time steps counts as the nearest one.
    """

    example: ClassVar[str] = "{course: step, times: [500 ms, 600 ms], factors: [3, 1]}"

    course: Literal["step"] = "step"
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False, min_length=1)]
    """When the factor changes, in ascending order."""
    factors: Annotated[tuple[NonNegativeNumber, ...], Field(strict=False, min_length=1)]
    """The factor from each of the times on."""

    @model_validator(mode="after")
    def each_time_has_a_factor(self) -> Self:
        if problem := steps_problem(self.times, "factors", self.factors):
            raise ValueError(problem)
        return self

    def values(self, n_ticks: int, dt: float) -> FloatArray:
        return held(self.times, self.factors, 1.0, n_ticks, dt)

    def largest(self) -> float:
        return float(np.max([1.0, *(factor.value for factor in self.factors)]))
