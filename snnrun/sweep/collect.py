"""From the results of points to one table and its figures."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.atomic import write_whole
from snnrun.results.csv_text import csv_text
from snnrun.results.point_result import PointSummary
from snnrun.results.store.points import read_summary
from snnrun.results.store.sweep_tables import read_sweep_table, write_sweep_table
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.simulation.listener import Listener
from snnrun.spec.entries import read_entry
from snnrun.sweep.claims import is_alive
from snnrun.sweep.columns import axis_columns
from snnrun.sweep.failures import read_failure
from snnrun.sweep.folder import SweepFolder
from snnrun.sweep.plan_file import read_plan
from snnrun.sweep.points import Plan

if TYPE_CHECKING:
    from snnrun.sweep_figures.base import SweepFigure

# A table has room for a sentence or two; `snnrun sweep why` shows all of it.
_LONGEST_ERROR: Final = 300


def collect_and_draw(folder: SweepFolder, listener: Listener) -> tuple[SweepTable, list[Path]]:
    """Write ``sweep.h5``, ``sweep.csv`` and the figures of a sweep, as far as it is done.

    Returns
    -------
    The table, and the figures that were drawn.

    Raises
    ------
    ResultsError
        If there is no plan, or a file cannot be written.
    """
    from snnrun.sweep_figures.drawing import draw_sweep

    listener.stage("collecting")
    table = collect(folder)
    plan = read_plan(folder)
    say, asked = listener.remark, plan.collect
    return table, draw_sweep(table, folder.results, _figures(plan), folder.figures, say, collect=asked)


def collect(folder: SweepFolder) -> SweepTable:
    """Write ``sweep.h5`` and ``sweep.csv``, each whole or not at all.

    Raises
    ------
    ResultsError
        If there is no plan, or a file cannot be written.
    """
    table, _ = _gather(read_plan(folder), folder)
    _write(table, folder)
    return table


def current_table(plan: Plan, folder: SweepFolder) -> SweepTable:
    """The table of a sweep as it is now.

    What had to be read for it is collected, where one may write, so that it need not be read again.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    table, n_read = _gather(plan, folder)
    if n_read and os.access(folder.path, os.W_OK):
        _write(table, folder)
    return table


def gather(plan: Plan, folder: SweepFolder) -> SweepTable:
    """The table of a sweep as it is now; nothing is written.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    return _gather(plan, folder)[0]


def _write(table: SweepTable, folder: SweepFolder) -> None:
    write_sweep_table(table, folder.table_file)
    write_whole(folder.csv_file, csv_text(all_columns(table)).encode())


def _gather(plan: Plan, folder: SweepFolder) -> tuple[SweepTable, int]:
    """The table, and how many results were read for it: those that ``sweep.h5`` does not have yet.

    A result that cannot be read counts as failed.
    """
    scan = folder.scan()
    ids = [point.id for point in plan.points]
    status = np.full(len(ids), "missing", "U7")
    errors = [""] * len(ids)
    measures = _Measures(len(ids))
    known = _known_rows(plan, folder)
    if known is not None:
        measures.take(*known)
    already = frozenset(known[1].tolist()) if known is not None else frozenset()
    for row, point in enumerate(ids):
        if point in scan.done:
            status[row] = "done"
            if row not in already:
                try:
                    measures.add(row, read_summary(folder.result(point)))
                except ResultsError as error:
                    status[row], errors[row] = "failed", _damaged(error)
        elif point in scan.claimed and is_alive(folder, point):
            status[row] = "running"
        elif point in scan.failed:
            failure = read_failure(folder, point)
            status[row], errors[row] = "failed", failure.message if failure else ""
    table = SweepTable(
        experiment=plan.experiment,
        title=str(plan.data.get("title", "")),
        ids=np.array(ids, np.str_),
        run_ids=np.array([point.run_id for point in plan.points], np.str_),
        status=status,
        replicate=np.array([point.replicate for point in plan.points], np.int64),
        seed=np.array([point.seed for point in plan.points], np.int64),
        axes=axis_columns(plan),
        measures=measures.columns(),
        errors=np.array([_clipped(error) for error in errors], np.str_),
        recordings=_recordings(plan, folder),
    )
    return table, int(np.count_nonzero(status == "done")) - len(already)


def all_columns(table: SweepTable) -> list[Column]:
    """Everything in a table, as columns."""
    return [
        Column("point", "", table.ids),
        Column("status", "", table.status),
        Column("replicate", "1", table.replicate),
        Column("seed", "1", table.seed),
        *table.axes,
        *table.measures,
        Column("error", "", table.errors),
        Column("recording", "", table.recordings),
        Column("run_id", "", table.run_ids),
    ]


def _figures(plan: Plan) -> list[SweepFigure] | None:
    from snnrun.sweep_figures.base import SweepFigure

    if plan.figures is None:
        return None
    found = [read_entry("sweep_figures", dict(raw), "sweep.figures", plan.folder) for raw in plan.figures]
    return [figure for figure in found if isinstance(figure, SweepFigure)]


class _Measures:
    """Columns that fill up: numbers, and texts such as a regime.

    Parameters
    ----------
    n_rows
        The number of points.
    """

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        self._units: dict[str, str] = {}
        self._data: dict[str, NDArray[np.float64] | NDArray[np.object_]] = {}

    def take(self, table: SweepTable, rows: NDArray[np.intp], theirs: NDArray[np.intp]) -> None:
        """Rows of an earlier table: the row `theirs` there is one of `rows` here."""
        for column in table.measures:
            self._column(column.name, column.unit)[rows] = column.data[theirs]

    def add(self, row: int, summary: PointSummary) -> None:
        """The numbers of a point."""
        for population, measured in summary.measurements.items():
            for metric, one in measured.items():
                column = self._column(f"{population}.{metric}", one.unit)
                if isinstance(one.value, str) == (column.dtype == np.object_):  # an undefined text is NaN
                    column[row] = one.value

    def columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(name, self._units[name], data.astype(np.str_) if data.dtype == np.object_ else data)
            for name, data in self._data.items()
        )

    def _column(self, name: str, unit: str) -> NDArray[np.float64] | NDArray[np.object_]:
        if name not in self._data:
            self._units[name] = unit
            self._data[name] = np.full(self._n_rows, "", np.object_) if unit == "" else np.full(self._n_rows, np.nan)
        return self._data[name]


def _known_rows(plan: Plan, folder: SweepFolder) -> tuple[SweepTable, NDArray[np.intp], NDArray[np.intp]] | None:
    """The rows of ``sweep.h5`` that still hold: those of points that are done, and not done again since."""
    try:
        written = folder.table_file.stat().st_mtime_ns
        table = read_sweep_table(folder.table_file)
    except (OSError, ResultsError):
        return None  # the results are the truth: the table can be made anew at any time
    older = _older_results(folder.points, written)
    row_of = {point.id: row for row, point in enumerate(plan.points)}
    pairs = [
        (row_of[point], their)
        for their, (point, status) in enumerate(zip(table.ids.tolist(), table.status.tolist(), strict=True))
        if status == "done" and point in row_of and point in older
    ]
    if not pairs:
        return None
    rows, theirs = np.array(pairs, np.intp).T
    return table, rows, theirs


def _older_results(points: Path, than: int) -> frozenset[str]:
    try:
        with os.scandir(points) as entries:
            return frozenset(
                entry.name.removesuffix(".h5")
                for entry in entries
                if entry.name.endswith(".h5") and entry.stat().st_mtime_ns <= than
            )
    except OSError:
        return frozenset()


def _damaged(error: ResultsError) -> str:
    return f"The result cannot be used; snnrun sweep retry computes it again. {error}"


def _clipped(error: str) -> str:
    text = " ".join(error.replace("\0", " ").split())
    return text if len(text) <= _LONGEST_ERROR else f"{text[: _LONGEST_ERROR - 1]}…"


def _recordings(plan: Plan, folder: SweepFolder) -> NDArray[np.str_]:
    """Path of each recording below the results folder; a run may also be there because somebody simulated it."""
    with os.scandir(folder.path.parent) as entries:
        there = frozenset(entry.name for entry in entries)
    found: Iterable[str] = (_recording(folder, point.run_id) if point.run_id in there else "" for point in plan.points)
    return np.array(list(found), np.str_)


def _recording(folder: SweepFolder, run_id: str) -> str:
    recording = folder.run(run_id).recording
    return str(recording.relative_to(folder.results)) if recording.is_file() else ""
