"""A current of steps."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from snnrun.datafiles import FloatArray
from snnrun.inputs.shared_current import SharedCurrent
from snnrun.quantities import Current, NonNegativeTime
from snnrun.stimuli.steps import held, steps_problem


class StepCurrent(SharedCurrent):
    """Steps of current: from each time on its amplitude flows, until the next; before the first time none.

    A time between two time steps counts as the nearest one.
    """

    example: ClassVar[str] = "{model: step_current, to: exc, times: [50 ms, 150 ms], amplitudes: [200 pA, 0 pA]}"

    model: Literal["step_current"] = "step_current"
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False, min_length=1)]
    """When the current changes, in ascending order."""
    amplitudes: Annotated[tuple[Current, ...], Field(strict=False, min_length=1)]
    """The current from each of the times on; positive depolarises."""

    @model_validator(mode="after")
    def each_time_has_an_amplitude(self) -> Self:
        if problem := steps_problem(self.times, "amplitudes", self.amplitudes):
            raise ValueError(problem)
        return self

    def amperes(self, n_ticks: int, dt: float) -> FloatArray:
        return held(self.times, self.amplitudes, 0.0, n_ticks, dt)
