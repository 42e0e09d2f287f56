"""A number that changes over time, sampled in a file."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from snnrun.datafiles import DataFileError, FloatArray, TableFile
from snnrun.entry import Strict
from snnrun.stimuli.time_unit import seconds_per


class Samples(Strict):
    """Samples of a number over time: two columns of a file.

    Before the first sample the number is that of the first, after the last that of the last.
    """

    file: TableFile
    """CSV, NPY or HDF5 file with a row for each sample, in the order of time."""
    dataset: str | None = None
    """Dataset of an HDF5 file that holds the table; without it, each column is a dataset."""
    time: str | int = "time"
    """Column of the times in the file: its name, or its number from 0."""
    time_unit: str = "ms"
    """Unit of the times in the file."""
    between: Literal["linear", "held"] = "linear"
    """Between two samples: a straight line, or the earlier one held until the later."""

    @model_validator(mode="after")
    def unit_is_a_time(self) -> Self:
        seconds_per(self.time_unit)
        return self

    @abstractmethod
    def column(self) -> str | int:
        """Column of the numbers in the file."""

    def samples_problem(self) -> str | None:
        """Why the file cannot be used; None if it can."""
        try:
            times, _ = self._columns
        except DataFileError as error:
            return str(error)
        if not times.size:
            return f"{self.file.file} holds no samples."
        late = np.flatnonzero(np.diff(times) <= 0)
        if late.size:
            return f"{self.file.file}: sample {int(late[0]) + 2} is not later than the one before it."
        return None

    def sampled(self, n_ticks: int, dt: float) -> FloatArray:
        """The number at the beginning of each time step, in the unit of the file; shape (n_ticks,)."""
        times, numbers = self._columns
        # Times and steps are whole multiples of decimal fractions; counted in steps they meet but for rounding.
        position = np.round(times / dt, 9)
        ticks = np.arange(n_ticks)
        if self.between == "linear":
            sampled: FloatArray = np.interp(ticks, position, numbers)
        else:
            sampled = numbers[np.maximum(np.searchsorted(position, ticks, side="right") - 1, 0)]
        return sampled

    def extremes(self) -> tuple[float, float]:
        """Smallest and largest sample, in the unit of the file."""
        return float(self._columns[1].min()), float(self._columns[1].max())

    @cached_property
    def _columns(self) -> tuple[FloatArray, FloatArray]:
        """Time in seconds and number of each sample."""
        columns = self.file.open(self.dataset).columns([self.time, self.column()])
        return columns[self.time] * seconds_per(self.time_unit), columns[self.column()]
