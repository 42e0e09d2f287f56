"""From a file."""

from __future__ import annotations

import difflib
from functools import cached_property
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from snnrun.connectivity.base import Connections, ConnectivityRule, Ends, FloatArray, IntArray, Side
from snnrun.connectivity.file_column import FileColumn
from snnrun.datafiles import ArrayFile, DataFileError, Table, TableFile
from snnrun.entry import Reference
from snnrun.units import unit


class FromFile(ConnectivityRule):
    """The synapses that a file lists: a measured or a published connectome.

    As ``layout: edges``, each row is a synapse: source neuron, target neuron, and if wanted its weight and delay, in
    columns of a CSV, an NPY or datasets of an HDF5 file. As ``layout: matrix``, row i and column j of the table is
    the connection from source neuron i to target neuron j, none where it is 0. Neurons are counted from 0, or called
    by their labels; one file may then hold the synapses of several populations. Autapses and multapses are what the
    file says.
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

    subset: bool = False
    """Whether the file lists neurons of other populations, too, whose synapses are left out."""

    symmetric: bool = False
    """Whether each synapse that the file lists has another one back, as gap junctions have. Between two populations,
    of which the file lists a `subset`, this is the way from source to target; the way back is another projection."""

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
        if self.subset and self.neurons == "numbers":
            raise ValueError(
                "subset: true needs 'neurons: labels'; numbers do not tell to which population they belong"
            )
        if self.delay and self.delay.scale.dimension != unit("s").dimension:
            raise ValueError(f"the unit of the delay is a time such as 'ms', not {self.delay.unit!r}")
        return self

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        rows, sources, targets = self._listed(ends)
        order = np.lexsort((targets, sources))

        def si(name: str, column: FileColumn | None) -> FloatArray | None:
            return None if column is None else self._columns[name][rows[order]] * column.scale.value

        return Connections(
            np.bincount(sources.astype(np.int32), minlength=ends.n_source).astype(np.int32),
            targets[order].astype(np.int32),
            si("weight", self.weight),
            si("delay", self.delay),
        )

    def expected_synapses(self, ends: Ends) -> float:
        rows, _, _ = self._listed(ends)
        return len(rows)

    def problem(self, ends: Ends) -> str | None:
        try:
            _ = self._columns  # where labels name the neurons, nothing below would miss weights and delays
            wrong = self._matrix_problem(ends) if self.layout == "matrix" else self._edges_problem(ends)
        except DataFileError as error:
            return str(error)
        return wrong or (self._symmetry_problem(ends) if self.symmetric else None)

    def weights(self, ends: Ends | None = None) -> ArrayFile | None:
        return self._values("weight", self.weight, ends)

    def delays(self, ends: Ends | None = None) -> ArrayFile | None:
        return self._values("delay", self.delay, ends)

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

    @cached_property
    def _pairs(self) -> tuple[IntArray, IntArray]:
        """The neurons at both ends of each row, by numbers that are equal where the neurons are."""
        names = self._columns if self.neurons == "numbers" else self._called
        both = np.concatenate([np.asarray(names["source"]), np.asarray(names["target"])])
        first, second = np.split(np.unique(both, return_inverse=True)[1], 2)
        return first, second

    def _listed(self, ends: Ends) -> tuple[IntArray, FloatArray, FloatArray]:
        """Row in the file, source neuron and target neuron of each synapse."""
        rows = np.arange(len(self._pairs[0]))
        sources, targets = self._numbers(ends, "source"), self._numbers(ends, "target")
        if self.symmetric:
            first, second = self._pairs
            back = np.flatnonzero(first != second)
            rows = np.concatenate([rows, back])
            sources = np.concatenate([sources, self._numbers(ends, "source", "target")[back]])
            targets = np.concatenate([targets, self._numbers(ends, "target", "source")[back]])
        found = np.isfinite(sources) & np.isfinite(targets) if self.subset else slice(None)
        return rows[found], sources[found], targets[found]

    def _numbers(self, ends: Ends, side: Side, column: Side | None = None) -> FloatArray:
        """Numbers in the population at one end of the neurons in a column; NaN for a label that none of it has."""
        if self.neurons == "numbers":
            return self._columns[column or side]
        number = {label: float(index) for index, label in enumerate(ends.neurons(side).labels or ())}
        return np.array([number.get(label, np.nan) for label in self._called[column or side]], np.float64)

    def _values(self, name: str, column: FileColumn | None, ends: Ends | None) -> ArrayFile | None:
        if column is None:
            return None
        values = self._columns[name] if ends is None else self._columns[name][self._listed(ends)[0]]
        if not values.size:
            return None
        return ArrayFile(values * column.scale.value, column.scale.dimension, {"file": self.file.file})

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
            if self.subset:
                if not set(labels or ()) & {*self._called["source"], *self._called["target"]}:
                    return f"{self.file.file} has no neuron of the {side}. Correct the file or the labels."
                continue
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
        if not ends.same and not self.subset:
            return (
                "'symmetric: true' adds synapses back to the source: 'from' and 'to' must be the same population, or "
                "'subset: true' must take those between two populations out of a file about both."
            )
        first, second = self._pairs
        n = len(first)
        twice = np.flatnonzero(np.isin(first * 2 * n + second, second * 2 * n + first) & (first != second))
        if not twice.size:
            return None
        row = int(twice[0])
        place = (
            self._table.place(row)
            if self.layout == "edges"
            else f"row {self._columns['source'][row]:g}, column {self._columns['target'][row]:g}"
        )
        return (
            f"{self.file.file}: {place}: this pair is listed in both directions already. "
            "List each pair once, or remove 'symmetric'."
        )
