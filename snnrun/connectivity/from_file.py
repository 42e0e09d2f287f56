"""From a file."""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import field_validator, model_validator

from snnrun.connectivity.base import Connections, ConnectivityRule, Ends, FloatArray, Side
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
    the connection from source neuron i to target neuron j, none where it is 0. Neurons are counted from 0, or called
    by their labels. Autapses and multapses are what the file says.
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

    neurons: Literal["numbers", "labels"] = "numbers"
    """What stands in these columns: numbers from 0, or the `labels` of the populations' neurons."""

    symmetric: bool = False
    """Whether each synapse that the file lists has another one back, as gap junctions have; within one population."""

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
        if self.neurons == "labels" and self.layout == "matrix":
            raise ValueError("the rows and columns of a matrix have numbers, not labels")
        if self.delay and unit(self.delay.unit).dimension != unit("s").dimension:
            raise ValueError(f"the unit of the delay is a time such as 'ms', not {self.delay.unit!r}")
        return self

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        sources, targets = self._numbers(ends, "source"), self._numbers(ends, "target")
        back = (sources != targets) & self.symmetric
        order = np.lexsort((np.concatenate([targets, sources[back]]), np.concatenate([sources, targets[back]])))

        def both_ways(there: FloatArray, back_again: FloatArray) -> FloatArray:
            joined: FloatArray = np.concatenate([there, back_again[back]])[order]
            return joined

        def si(name: str, column: FileColumn | None) -> FloatArray | None:
            if column is None:
                return None
            return both_ways(self._columns[name], self._columns[name]) * unit(column.unit).value

        return Connections(
            both_ways(sources, targets).astype(np.int32),
            both_ways(targets, sources).astype(np.int32),
            si("weight", self.weight),
            si("delay", self.delay),
        )

    def expected_synapses(self, ends: Ends) -> float:
        sources, targets = self._numbers(ends, "source"), self._numbers(ends, "target")
        return len(sources) + (int((sources != targets).sum()) if self.symmetric else 0)

    def problem(self, ends: Ends) -> str | None:
        try:
            wrong = self._matrix_problem(ends) if self.layout == "matrix" else self._edges_problem(ends)
        except DataFileError as error:
            return str(error)
        return wrong or (self._symmetry_problem(ends) if self.symmetric else None)

    def weights(self) -> ArrayFile | None:
        return self._values("weight", self.weight)

    def delays(self) -> ArrayFile | None:
        return self._values("delay", self.delay)

    @cached_property
    def _table(self) -> Table:
        return self.file.open(self.dataset)

    @cached_property
    def _matrix(self) -> FloatArray:
        return np.stack(list(self._table.columns().values()), axis=1)

    @cached_property
    def _columns(self) -> dict[str, FloatArray]:
        """The numbers of each synapse as they stand in the file: where wanted weight and delay, and its neurons."""
        if self.layout == "matrix":
            sources, targets = np.nonzero(self._matrix)
            entries = self._matrix[sources, targets]
            return {
                "source": sources.astype(np.float64),
                "target": targets.astype(np.float64),
                "weight": entries,
                "delay": entries,
            }
        wanted = {"source": self.source, "target": self.target} if self.neurons == "numbers" else {}
        for name, value in (("weight", self.weight), ("delay", self.delay)):
            if value is not None and value.column is not None:
                wanted[name] = value.column
        found = self._table.columns(list(wanted.values()))
        return {name: found[column] for name, column in wanted.items()}

    @cached_property
    def _called(self) -> dict[str, tuple[str, ...]]:
        """Labels of the source and of the target of each synapse."""
        return {"source": self._table.texts(self.source), "target": self._table.texts(self.target)}

    def _numbers(self, ends: Ends, side: Side) -> FloatArray:
        """Number of the neuron at one end of each synapse; NaN for a label that no neuron has."""
        if self.neurons == "numbers":
            return self._columns[side]
        number = {label: float(index) for index, label in enumerate(ends.neurons(side).labels or ())}
        return np.array([number.get(label, np.nan) for label in self._called[side]], np.float64)

    def _values(self, name: str, column: FileColumn | None) -> ArrayFile | None:
        if column is None or not self._columns[name].size:
            return None
        factor = unit(column.unit)
        return ArrayFile(self._columns[name] * factor.value, factor.dimension, {"file": self.file.file})

    def _matrix_problem(self, ends: Ends) -> str | None:
        if self._matrix.shape == (ends.n_source, ends.n_target):
            return None
        rows, columns = self._matrix.shape
        return (
            f"the matrix in {self.file.file} is {rows} × {columns}, the populations have {ends.n_source} (source) and "
            f"{ends.n_target} (target) neurons. Make the sizes equal; rows are source neurons."
        )

    def _edges_problem(self, ends: Ends) -> str | None:
        sides: tuple[tuple[Side, int], ...] = (("source", ends.n_source), ("target", ends.n_target))
        for side, size in sides:
            labels = ends.neurons(side).labels
            if self.neurons == "labels" and labels is None:
                return f"the neurons of the {side} have no labels. Write 'labels: {{file: …, column: …}}' there."
            ids = self._numbers(ends, side)
            # Written so that NaN, which stands for an unknown label, is wrong.
            wrong = np.flatnonzero(~((ids >= 0) & (ids < size) & (ids == np.floor(ids))))
            if not wrong.size:
                continue
            row = int(wrong[0])
            where = f"{self.file.file}: {self._table.place(row)}"
            if self.neurons == "labels":
                label = self._called[side][row]
                close = difflib.get_close_matches(label, labels or (), n=1)
                hint = f"Did you mean {close[0]!r}?" if close else "Correct the file or the labels."
                return f"{where}: no neuron of the {side} is called {label!r}. {hint}"
            return (
                f"{where}: there is no {side} neuron {ids[row]:g}; the {side} has {size} neurons, counted from 0. "
                "Correct the file or the size of the population."
            )
        return None

    def _symmetry_problem(self, ends: Ends) -> str | None:
        if not ends.same:
            return "'symmetric: true' adds synapses back to the source: 'from' and 'to' must be the same population."
        sources, targets = self._numbers(ends, "source"), self._numbers(ends, "target")
        others = sources != targets
        there, back = sources * ends.n_source + targets, targets * ends.n_source + sources
        twice = np.flatnonzero(np.isin(there, back) & others)
        if not twice.size:
            return None
        row = int(twice[0])
        place = self._table.place(row) if self.layout == "edges" else f"row {sources[row]:g}, column {targets[row]:g}"
        return (
            f"{self.file.file}: {place}: this pair is listed in both directions already. "
            "List each pair once, or remove 'symmetric'."
        )
