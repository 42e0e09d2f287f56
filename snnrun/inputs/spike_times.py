"""Spikes at given times."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from snnrun.datafiles import DataFileError, FloatArray, TableFile
from snnrun.inputs.base import Contribution, Events, InputModel
from snnrun.quantities import NonNegativeTime
from snnrun.registry import OneOf
from snnrun.synapses.base import SynapseModel
from snnrun.units import UnitError, unit


class SpikeTimes(InputModel):
    """Spikes at given times: the same for every neuron, or listed for each in a file.

    A spike at time t acts in the time step that begins at t; a time between two steps counts as the nearest one. A file
    has a row for each spike, with the neuron (counted from 0) in one column and the time in another.
    """

    example: ClassVar[str] = "{model: spike_times, to: exc, times: [10 ms], synapse: {model: delta, weight: 5 mV}}"

    model: Literal["spike_times"] = "spike_times"
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False)] = ()
    """Times at which every neuron of the target receives a spike."""
    file: TableFile | None = None
    """CSV, NPY or HDF5 file with a row for each spike, instead of `times`."""
    dataset: str | None = None
    """Dataset of an HDF5 file that holds the table; without it, each column is a dataset."""
    node_id: str | int = "node_id"
    """Column of the neurons in the file: its name, or its number from 0."""
    time: str | int = "time"
    """Column of the times in the file."""
    time_unit: str = "ms"
    """Unit of the times in the file."""
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """The synapse through which the spikes act."""

    @model_validator(mode="after")
    def times_or_file(self) -> Self:
        if bool(self.times) == (self.file is not None):
            raise ValueError("give either 'times' or 'file'")
        try:
            is_time = unit(self.time_unit).dimension == unit("s").dimension
        except UnitError as error:
            raise ValueError(str(error)) from None
        if not is_time:
            raise ValueError(f"'time_unit' is a time such as 'ms', not {self.time_unit!r}")
        return self

    def contribution(self) -> Contribution:
        return Contribution(
            parameters={"weight": self.synapse.weight_value()},
            equations="count : 1",
            update="target += weight * count",
            when="synapses",
            synapse=self.synapse,
            driven="count",
        )

    def problem(self, n_neurons: int) -> str | None:
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

    @cached_property
    def _columns(self) -> tuple[FloatArray, FloatArray]:
        """Neuron and time in seconds of each spike in the file."""
        assert self.file is not None
        columns = self.file.open(self.dataset).columns([self.node_id, self.time])
        return columns[self.node_id], columns[self.time] * unit(self.time_unit).value

    def events(self, n_neurons: int, dt: float) -> Events | None:
        if self.file is None:
            ticks = np.rint(np.sort([time.value for time in self.times]) / dt).astype(np.int64)
            return Events(np.repeat(ticks, n_neurons), np.tile(np.arange(n_neurons, dtype=np.int32), len(ticks)))
        node_ids, times = self._columns
        ticks = np.rint(times / dt).astype(np.int64)
        order = np.lexsort((node_ids, ticks))
        return Events(ticks[order], node_ids[order].astype(np.int32))
