"""The table of a sweep and its figures, as files."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from snnrun.errors import WriteError
from snnrun.results.atomic import write_whole
from snnrun.results.csv_text import csv_text
from snnrun.results.store.sweep_tables import write_sweep_table
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.simulation.listener import Listener
from snnrun.spec.entries import read_entry
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.table.gathering import gather

if TYPE_CHECKING:
    from snnrun.sweep_figures.base import SweepFigure


def collect_and_draw(plan: Plan, folder: SweepFolder, listener: Listener) -> tuple[SweepTable, list[Path]]:
    """Write ``sweep.h5``, ``sweep.csv`` and the figures of a sweep, as far as it is done.

    Returns
    -------
    The table, and the figures that were drawn.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    from snnrun.sweep_figures.drawing import draw_sweep

    listener.stage("collecting")
    table = collect(plan, folder)
    _tell_damaged(table, folder, listener)
    say, asked = listener.remark, plan.collect
    return table, draw_sweep(table, folder.results, _figures(plan), folder.figures, say, collect=asked)


def _tell_damaged(table: SweepTable, folder: SweepFolder, listener: Listener) -> None:
    """Results that are there, and of no use, would else be seen in the table alone."""
    there = folder.scan().done
    damaged = [
        error
        for point, status, error in zip(table.ids.tolist(), table.status, table.errors.tolist(), strict=True)
        if status == "failed" and point in there
    ]
    if damaged:
        more = f" So it is with {len(damaged) - 1} more." if len(damaged) > 1 else ""
        listener.remark(f"{damaged[0]}{more}")


def collect(plan: Plan, folder: SweepFolder) -> SweepTable:
    """Write ``sweep.h5`` and ``sweep.csv``, each whole or not at all.

    Raises
    ------
    ResultsError
        If a file cannot be written.
    """
    table, _ = gather(plan, folder)
    _write(table, folder)
    return table


def current_table(plan: Plan, folder: SweepFolder) -> SweepTable:
    """The table of a sweep as it is now.

    What had to be read for it is collected, where that can be written, so that it need not be read again.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    table, n_read = gather(plan, folder)
    if n_read and os.access(folder.path, os.W_OK):
        with suppress(WriteError):  # on a full disk, too, one may look
            _write(table, folder)
    return table


def _write(table: SweepTable, folder: SweepFolder) -> None:
    write_sweep_table(table, folder.table_file)
    write_whole(folder.csv_file, csv_text(all_columns(table)).encode())


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
