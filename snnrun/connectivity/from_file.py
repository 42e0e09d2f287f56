"""From a file."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import field_validator, model_validator

from snnrun.connectivity.base import Connections, ConnectivityRule, Ends, FloatArray
from snnrun.datafiles import ArrayFile, DataFileError, Table, TableFile
from snnrun.entry import Reference, Strict
from snnrun.units import UnitError, unit


class FileColumn(Strict):
    """Where a value for each synapse stands."""

    column: str | int | None = None
    """Name of the column, or its number from 0; nothing for a matrix, whose entries are the values."""

    unit: str = "1"
    """Unit of the values in the file."""

    @field_validator("unit")
    @classmethod
    def must_be_a_unit(cls, text: str) -> str:
        try:
            unit(text)
        except UnitError as error:
            raise ValueError(str(error)) from None
        return text


class FromFile(ConnectivityRule):
    """The synapses that a file lists: a measured or a published connectome.

    As ``layout: edges``, each row is a synapse: source neuron, target neuron, and if wanted its weight and delay, in
    columns of a CSV, an NPY or datasets of an HDF5 file. As ``layout: matrix``, row i and column j of the table is
    the connection from source neuron i to target neuron j, none where it is 0. Neurons are counted from 0. Autapses
    and multapses are what the file says.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Varshney et al. 2011, PLoS Comput Biol 7(2): e1001066", "10.1371/journal.pcbi.1001066"),
    )
    example: ClassVar[str] = "{rule: from_file, file: edges.csv, source: pre, target: post}"

    rule: Literal["from_file"] = "from_file"

    file: TableFile
    """CSV, NPY or HDF5 file, relative to the folder of the experiment."""

    layout: Literal["edges", "matrix"] = "edges"
    """A list of synapses, or a matrix with a row for each source neuron and a column for each target neuron."""

    dataset: str | None = None
    """Dataset of an HDF5 file that holds the table; without it, each column is a dataset."""

    source: str | int = "source"
    """Column of the source neurons: its name, or its number from 0. Not used by a matrix."""

    target: str | int = "target"
    """Column of the target neurons."""

    weight: FileColumn | None = None
    """Where the weights stand and their unit; the synapse's own weight is used when absent."""

    delay: FileColumn | None = None
    """Where the delays stand and their unit; the synapse's own delay is used when absent."""

    @model_validator(mode="after")
    def must_name_columns(self) -> Self:
        for name, value in (("weight", self.weight), ("delay", self.delay)):
            if value is not None and (value.column is None) == (self.layout == "edges"):
                remedy = "name its 'column'" if self.layout == "edges" else "leave 'column' out: its entries are meant"
                raise ValueError(f"{name} from {'a list' if self.layout == 'edges' else 'a matrix'}: {remedy}")
        if self.weight and self.delay and self.layout == "matrix":
            raise ValueError("the entries of a matrix are weights or delays, not both")
        if self.delay and unit(self.delay.unit).dimension != unit("s").dimension:
            raise ValueError(f"the unit of the delay is a time such as 'ms', not {self.delay.unit!r}")
        return self

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        return self._connections

    def expected_synapses(self, ends: Ends) -> float:
        return self._connections.n

    def problem(self, ends: Ends) -> str | None:
        try:
            if self.layout == "matrix":
                return self._matrix_problem(ends)
            return self._edges_problem(ends)
        except DataFileError as error:
            return str(error)

    def weights(self) -> ArrayFile | None:
        return self._values(self.weight, self._connections.weight)

    def delays(self) -> ArrayFile | None:
        return self._values(self.delay, self._connections.delay)

    @cached_property
    def _table(self) -> Table:
        return self.file.open(self.dataset)

    @cached_property
    def _matrix(self) -> FloatArray:
        return np.stack(list(self._table.columns().values()), axis=1)

    @cached_property
    def _columns(self) -> dict[str, FloatArray]:
        """Source, target, and where wanted weight and delay of each synapse, as they stand in the file."""
        if self.layout == "matrix":
            sources, targets = np.nonzero(self._matrix)
            entries = self._matrix[sources, targets]
            return {
                "source": sources.astype(np.float64),
                "target": targets.astype(np.float64),
                "weight": entries,
                "delay": entries,
            }
        wanted = {"source": self.source, "target": self.target}
        for name, value in (("weight", self.weight), ("delay", self.delay)):
            if value is not None and value.column is not None:
                wanted[name] = value.column
        found = self._table.columns(list(wanted.values()))
        return {name: found[column] for name, column in wanted.items()}

    @cached_property
    def _connections(self) -> Connections:
        order = np.lexsort((self._columns["target"], self._columns["source"]))

        def si(name: str, column: FileColumn | None) -> FloatArray | None:
            return None if column is None else self._columns[name][order] * unit(column.unit).value

        return Connections(
            self._columns["source"][order].astype(np.int32),
            self._columns["target"][order].astype(np.int32),
            si("weight", self.weight),
            si("delay", self.delay),
        )

    def _values(self, column: FileColumn | None, values: FloatArray | None) -> ArrayFile | None:
        if column is None or values is None or not values.size:
            return None
        return ArrayFile(values, unit(column.unit).dimension, {"file": self.file.file})

    def _matrix_problem(self, ends: Ends) -> str | None:
        if self._matrix.shape == (ends.n_source, ends.n_target):
            return None
        rows, columns = self._matrix.shape
        return (
            f"the matrix in {self.file.file} is {rows} × {columns}, the populations have {ends.n_source} (source) and "
            f"{ends.n_target} (target) neurons. Make the sizes equal; rows are source neurons."
        )

    def _edges_problem(self, ends: Ends) -> str | None:
        for side, size in (("source", ends.n_source), ("target", ends.n_target)):
            ids = self._columns[side]
            wrong = np.flatnonzero((ids < 0) | (ids >= size) | (ids != np.floor(ids)))
            if wrong.size:
                row = int(wrong[0])
                return (
                    f"{self.file.file}: {self._table.place(row)}: there is no {side} neuron {ids[row]:g}; the "
                    f"{side} has {size} neurons, counted from 0. Correct the file or the size of the population."
                )
        return None
