"""What of a table is shown: rows by condition, in an order, and the columns that say something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import UserError, suggestion
from snnrun.results.sweep_table import Column, Folded, SweepTable
from snnrun.sweep.table.columns import known_columns, rows_where


@dataclass(frozen=True)
class Shown:
    """A column as it is shown.

    Parameters
    ----------
    column
        The numbers or texts; over replicates the mean, or the text of most of them.
    sd, n
        Over replicates: the standard deviation, and of how many replicates; None for single points.
    """

    column: Column
    sd: NDArray[np.float64] | None = None
    n: NDArray[np.int64] | None = None

    def apart(self) -> list[Column]:
        """Mean, standard deviation and number as columns of their own."""
        name, unit = self.column.name, self.column.unit
        columns = [self.column]
        if self.sd is not None:
            columns.append(Column(f"{name}.sd", unit, self.sd))
        if self.n is not None:
            columns.append(Column(f"{name}.n", "1", self.n))
        return columns

    def taken(self, rows: NDArray[np.intp]) -> Shown:
        """Some of the rows, in another order."""
        column = Column(self.column.name, self.column.unit, self.column.data[rows])
        return Shown(column, None if self.sd is None else self.sd[rows], None if self.n is None else self.n[rows])


def select(
    table: SweepTable,
    *,
    where: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    sort: str | None = None,
    fold: bool = False,
) -> list[Shown]:
    """The columns to show, with their rows chosen and sorted.

    Parameters
    ----------
    where
        Conditions that the rows fulfil: ``g=4``.
    columns
        Names of the columns, whether or not they vary; without them those that vary, and the measures.
    measures
        Which measures are shown then; all if None.
    sort
        The column by which rows are sorted, after ``-`` downwards; undefined ones come last.
    fold
        Whether the replicates of the same values become one row.

    Raises
    ------
    UserError
        If a column is unknown or a value not of its kind.
    """
    chosen = table.taken(rows_where(known_columns(table), where, "--where"))
    available = _folded(chosen) if fold else _single(chosen)
    names = _asked(columns, available) if columns is not None else _telling(table, available, measures)
    shown = [available[name] for name in names]
    if sort is None:
        return shown
    by = sort.removeprefix("-")
    if by not in available:
        raise UserError(f"--sort {sort}: there is no column {by!r}. {suggestion(by, available)}")
    order = _order(available[by].column, downwards=sort.startswith("-"))
    return [each.taken(order) for each in shown]


def _single(table: SweepTable) -> dict[str, Shown]:
    return {name: Shown(column) for name, column in known_columns(table).items()}


def _folded(table: SweepTable) -> dict[str, Shown]:
    folded = table.folded
    replicates = Column("replicates", "1", np.array([len(rows) for rows in folded.rows], np.int64))
    done = np.array([np.count_nonzero(table.status[rows] == "done") for rows in folded.rows], np.int64)
    shown = {axis.name: Shown(axis) for axis in folded.axes}
    shown |= {replicates.name: Shown(replicates), "done": Shown(Column("done", "1", done))}
    for column in table.measures:
        if column.is_text:
            shown[column.name] = _most_frequent(column, folded)
        else:
            mean = Column(column.name, column.unit, folded.mean[column.name])
            shown[column.name] = Shown(mean, folded.sd[column.name], folded.n[column.name])
    return shown


def _most_frequent(column: Column, folded: Folded) -> Shown:
    """The text of most replicates, and of how many."""
    counted = [Counter(column.data[rows][column.data[rows] != ""].tolist()).most_common(1) for rows in folded.rows]
    texts = [most[0][0] if most else "" for most in counted]
    n = [most[0][1] if most else 0 for most in counted]
    return Shown(Column(column.name, "", np.array(texts, np.str_)), n=np.array(n, np.int64))


def _asked(names: Sequence[str], available: dict[str, Shown]) -> list[str]:
    for name in names:
        if name not in available:
            raise UserError(f"--columns {name}: there is no such column. {suggestion(name, available)}")
    return list(names)


def _telling(table: SweepTable, available: dict[str, Shown], measures: Sequence[str] | None) -> list[str]:
    """Point, axes and replicates as far as they vary, whether all are done, and the measures."""
    told = [axis.name for axis in table.axes if len(np.unique(axis.data)) > 1]
    if "point" in available:
        told = ["point", *told]
        if len(np.unique(table.replicate)) > 1:
            told.append("replicate")
        if not np.all(table.status == "done"):
            told.append("status")
    elif not np.all(available["done"].column.data == available["replicates"].column.data):
        told += ["done", "replicates"]
    if measures is None:
        measures = [column.name for column in table.measures]
    return told + [name for name in measures if name in available and name not in told]


def _order(column: Column, *, downwards: bool) -> NDArray[np.intp]:
    """Indices of the rows, sorted; equal ones keep their order."""
    _, ranks = np.unique(column.data, return_inverse=True)
    ranks = -ranks if downwards else ranks
    if not column.is_text:
        ranks = np.where(np.isnan(column.data), len(ranks), ranks)
    order: NDArray[np.intp] = np.argsort(ranks, kind="stable")
    return order
