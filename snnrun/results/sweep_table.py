"""The table of a sweep: one row for each point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import UserError, suggestion

Texts = NDArray[np.str_]


@dataclass(frozen=True)
class Column:
    """Something known of each point.

    Parameters
    ----------
    name
        An axis such as ``g``, or population and metric such as ``exc.mean_rate``.
    unit
        Of the numbers, ``1`` for plain ones; empty for texts.
    data
        Numbers, NaN where undefined or not there, or texts, empty likewise; shape (n_rows,).
    """

    name: str
    unit: str
    data: NDArray[Any]

    @property
    def is_text(self) -> bool:
        return self.data.dtype.kind == "U"


@dataclass(frozen=True)
class Folded:
    """Replicates of the same values as one row each.

    Parameters
    ----------
    axes
        The values; shape (n_sets,) each.
    rows
        The rows of the table that each set of values has.
    mean, sd
        Over the replicates in which a number is defined, by the name of the column; NaN where there is none, or for the
        standard deviation only one; shape (n_sets,).
    n
        In how many replicates it is defined.
    """

    axes: tuple[Column, ...]
    rows: tuple[NDArray[np.intp], ...]
    mean: dict[str, NDArray[np.float64]]
    sd: dict[str, NDArray[np.float64]]
    n: dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class SweepTable:
    """What is known of each point of a sweep, in the order of its plan; points that failed or are missing included.

    Parameters
    ----------
    ids, run_ids
        Names of the points and of their runs; shape (n_points,), as all that follow.
    status
        ``done``, ``failed``, ``running`` or ``missing``.
    replicate, seed
        Number of the seed among those of the same values, from 0; the seed.
    axes
        What varies, in the unit in which the user wrote it; texts where values are no numbers.
    measures
        What was measured, in SI units.
    errors
        Why points failed; empty for the others.
    recordings
        Path of the recording below the results folder; empty where there is none.
    """

    experiment: str
    title: str
    ids: Texts
    run_ids: Texts
    status: Texts
    replicate: NDArray[np.int64]
    seed: NDArray[np.int64]
    axes: tuple[Column, ...]
    measures: tuple[Column, ...]
    errors: Texts
    recordings: Texts

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        done = int((self.status == "done").sum())
        axes = ", ".join(axis.name for axis in self.axes)
        points = f"{done} of {len(self)} points done"
        return f"SweepTable({self.experiment}: {points}, axes {axes}, {len(self.measures)} measures)"

    def column(self, name: str) -> Column:
        """An axis or a measure by its name.

        Raises
        ------
        UserError
            If there is none of this name.
        """
        columns = {column.name: column for column in (*self.axes, *self.measures)}
        if name not in columns:
            raise UserError(f"The sweep has no column {name!r}. {suggestion(name, columns)}")
        return columns[name]

    @cached_property
    def folded(self) -> Folded:
        """Replicates of the same values as one row each, in the order in which they come first."""
        sets: dict[tuple[Any, ...], list[int]] = {}
        for row, values in enumerate(zip(*(axis.data.tolist() for axis in self.axes), strict=True)):
            sets.setdefault(values, []).append(row)
        if not self.axes:
            sets[()] = list(range(len(self)))
        rows = tuple(np.array(each, np.intp) for each in sets.values())
        first = np.array([each[0] for each in rows], np.intp)
        set_of_row = np.zeros(len(self), np.intp)
        for index, each in enumerate(rows):
            set_of_row[each] = index
        numbers = [column for column in self.measures if not column.is_text]
        statistics = {column.name: _statistics(column.data, set_of_row, len(rows)) for column in numbers}
        return Folded(
            axes=tuple(Column(axis.name, axis.unit, axis.data[first]) for axis in self.axes),
            rows=rows,
            mean={name: mean for name, (mean, _, _) in statistics.items()},
            sd={name: sd for name, (_, sd, _) in statistics.items()},
            n={name: n for name, (_, _, n) in statistics.items()},
        )

    def taken(self, rows: NDArray[Any]) -> SweepTable:
        """Some of the rows: their indices, or whether each is taken."""

        def of(columns: Iterable[Column]) -> tuple[Column, ...]:
            return tuple(replace(column, data=column.data[rows]) for column in columns)

        return replace(
            self,
            ids=self.ids[rows],
            run_ids=self.run_ids[rows],
            status=self.status[rows],
            replicate=self.replicate[rows],
            seed=self.seed[rows],
            axes=of(self.axes),
            measures=of(self.measures),
            errors=self.errors[rows],
            recordings=self.recordings[rows],
        )


def _statistics(
    data: NDArray[np.float64], set_of_row: NDArray[np.intp], n_sets: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Mean, standard deviation (of a sample) and number of what is defined in each set of rows."""
    defined = ~np.isnan(data)
    numbers, sets = data[defined], set_of_row[defined]
    n = np.bincount(sets, minlength=n_sets)
    with np.errstate(invalid="ignore", divide="ignore"):  # undefined where there is none, or only one
        mean = np.bincount(sets, numbers, n_sets) / n
        variance = np.bincount(sets, (numbers - mean[sets]) ** 2, n_sets) / (n - 1)
    return mean, np.sqrt(np.where(n > 1, variance, np.nan)), n.astype(np.int64)
