"""Spikes at given times, written in the experiment or listed in a file."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from snnrun.datafiles import DataFileError, FloatArray, TableFile
from snnrun.entry import Strict
from snnrun.quantities import NonNegativeTime
from snnrun.stimuli.stimulus import Events
from snnrun.stimuli.time_unit import seconds_per


class SpikeList(Strict):
    """Times at which every neuron has a spike, or a file with a row for each spike."""

    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False)] = ()
    """Times at which every neuron has a spike."""
    file: TableFile | None = None
    """CSV, NPY or HDF5 file with a row for each spike, instead of `times`."""
    dataset: str | None = None
    """Dataset of an HDF5 file that holds the table; without it, each column is a dataset."""
    node_id: str | int = "node_id"
    """Column of the neurons in the file, counted from 0: its name, or its number from 0."""
    time: str | int = "time"
    """Column of the times in the file."""
    time_unit: str = "ms"
    """Unit of the times in the file."""

    @model_validator(mode="after")
    def times_or_file(self) -> Self:
        if bool(self.times) == (self.file is not None):
            raise ValueError("give either 'times' or 'file'")
        seconds_per(self.time_unit)
        return self

    def list_problem(self, n_neurons: int) -> str | None:
        """Why the spikes cannot be those of so many neurons; None if they can."""
        if self.file is None:
            return None
        try:
            node_ids, times = self._columns
        except DataFileError as error:
            return str(error)
        wrong = np.flatnonzero((node_ids < 0) | (node_ids >= n_neurons) | (node_ids != np.rint(node_ids)))
        if wrong.size:
            row = int(wrong[0])
            return (
                f"{self.file.file}: spike {row + 1} is for neuron {node_ids[row]:g}, but they are 0 to {n_neurons - 1}."
            )
        if (times < 0).any():
            return f"{self.file.file}: spike {int(np.argmax(times < 0)) + 1} comes before the start of the run."
        return None

    def listed(self, n_neurons: int, n_ticks: int, dt: float) -> Events:
        """The spikes of the run; a time between two steps counts as the nearest one."""
        if self.file is None:
            steps = np.rint(np.sort([time.value for time in self.times]) / dt)
            ticks = steps[steps < n_ticks].astype(np.int64)
            return Events(np.repeat(ticks, n_neurons), np.tile(np.arange(n_neurons, dtype=np.int32), len(ticks)))
        node_ids, times = self._columns
        steps = np.rint(times / dt)
        within = steps < n_ticks  # asked before whole numbers are made: these end at 2**63
        return Events.sorted(steps[within].astype(np.int64), node_ids[within].astype(np.int32))

    def number_listed(self, n_neurons: int) -> float:
        """How many spikes there are, with those after the end of the run."""
        return float(len(self.times) * n_neurons if self.file is None else len(self._columns[0]))

    @cached_property
    def _columns(self) -> tuple[FloatArray, FloatArray]:
        """Neuron and time in seconds of each spike in the file."""
        assert self.file is not None
        columns = self.file.open(self.dataset).columns([self.node_id, self.time])
        return columns[self.node_id], columns[self.time] * seconds_per(self.time_unit)
