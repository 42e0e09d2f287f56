"""From the results of points to one table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.point_result import PointSummary
from snnrun.results.store.sweep_tables import read_sweep_table
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep.files.claims import is_alive
from snnrun.sweep.files.failures import read_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.files.results import summary_of
from snnrun.sweep.table.columns import axis_columns

# A table has room for a sentence or two; `snnrun sweep why` shows all of it.
_LONGEST_ERROR: Final = 300


def gather(plan: Plan, folder: SweepFolder) -> tuple[SweepTable, int]:
    """The table of a sweep as it is now; nothing is written. A result that cannot be read counts as failed.

    Returns
    -------
    The table, and how many results were read for it: those that ``sweep.h5`` does not have yet.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
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
                    measures.add(row, summary_of(folder, point))
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
        measures=measures.columns(list(plan.data.get("populations", ()))),
        errors=np.array([_clipped(error) for error in errors], np.str_),
        recordings=_recordings(plan, folder),
    )
    return table, int(np.count_nonzero(status == "done")) - len(already)


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

    def columns(self, populations: Sequence[str]) -> tuple[Column, ...]:
        """Those of these populations first: an axis may change which there are, and any of its points be the first."""

        def place(name: str) -> tuple[int, str]:
            population = name.partition(".")[0]
            return (populations.index(population), "") if population in populations else (len(populations), population)

        return tuple(
            Column(name, self._units[name], data.astype(np.str_) if data.dtype == np.object_ else data)
            for name, data in sorted(self._data.items(), key=lambda item: place(item[0]))
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
