"""A course from a file."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.courses.base import Course
from snnrun.datafiles import FloatArray
from snnrun.stimuli.samples import Samples


class FromFile(Samples, Course):
    """A factor sampled in a file, with the time in one column and the factor in another.

    Before the first sample the factor is that of the first, after the last that of the last.
    """

    example: ClassVar[str] = "{course: from_file, file: course.csv, between: held}"

    course: Literal["from_file"] = "from_file"
    factor: str | int = "factor"
    """Column of the factors in the file."""

    def column(self) -> str | int:
        return self.factor

    def problem(self) -> str | None:
        if problem := self.samples_problem():
            return problem
        lowest, _ = self.extremes()
        return f"{self.file.file}: a factor must not be negative, but one is {lowest:g}." if lowest < 0 else None

    def values(self, n_ticks: int, dt: float) -> FloatArray:
        return self.sampled(n_ticks, dt)

    def largest(self) -> float:
        return self.extremes()[1]
