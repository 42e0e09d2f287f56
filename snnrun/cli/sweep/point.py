"""``snnrun sweep point``: what make calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from snnrun.cli import console
from snnrun.cli.options import examples

if TYPE_CHECKING:
    from snnrun.sweep.files.folder import SweepFolder
    from snnrun.sweep.run.worker import Outcome

SweepPath = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of the sweep.", show_default=False)]
PointId = Annotated[str, typer.Argument(metavar="ID", help="The point.", show_default=False)]
ListFile = Annotated[
    Path | None,
    typer.Option("--list", metavar="FILE", help="Which points may be computed ahead; else all of the sweep."),
]
Alone = Annotated[bool, typer.Option("--alone", help="Compute no other points ahead.")]

EXAMPLE = examples("snnrun sweep point results/plane/sweep 0123456789abcdef --alone")


def point(folder: SweepPath, point: PointId, list_file: ListFile = None, alone: Alone = False) -> None:
    """Compute one point of a planned sweep.

    The makefile of a sweep calls this for each point that is missing. Other points are computed ahead for a while. It
    says nothing unless the point fails.
    """
    from snnrun.errors import SweepIncomplete, UserError
    from snnrun.sweep.files.folder import SweepFolder
    from snnrun.sweep.run.worker import settled

    sweep = SweepFolder(folder.resolve())
    if not sweep.plan_file.is_file():
        raise UserError(f"{folder}: holds no sweep. Plan one first: snnrun sweep plan FILE AXIS=VALUES …")
    session = os.environ.get("SNNRUN_SESSION", "")
    outcome = settled(sweep, point, session) or _worked(sweep, point, list_file, alone, session)
    if outcome.failure:
        console.remark(f"{sweep.result(point)}: {outcome.failure.message}")
        raise typer.Exit(SweepIncomplete.exit_code if outcome.is_earlier else outcome.failure.exit_code)


def _worked(sweep: SweepFolder, point: str, list_file: Path | None, alone: bool, session: str) -> Outcome:
    # One processor for a point: the others have workers of their own, and sums are the same however many there are.
    # numpy's BLAS looks here when it is loaded; its threads take as long to start as a small point to compute.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from snnrun.sweep.files.plan_file import read_list
    from snnrun.sweep.run.stopping import Stopped
    from snnrun.sweep.run.worker import SLICE, work

    queue = [] if alone else read_list(list_file or sweep.points_file)
    try:
        return work(sweep, point, queue, session, 0 if alone else SLICE, on_bug=_show_traceback)
    except Stopped as stop:  # who stops many workers need not hear it from each of them
        raise typer.Exit(stop.exit_code) from None


def _show_traceback(error: Exception) -> None:
    import traceback

    console.remark("".join(traceback.format_exception(error)))
