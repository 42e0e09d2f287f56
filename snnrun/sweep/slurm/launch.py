"""From a plan to jobs that are submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from snnrun.errors import UserError
from snnrun.simulation.listener import Listener
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.slurm.chunks import Chunked, chunked, limits
from snnrun.sweep.slurm.durations import read_duration
from snnrun.sweep.slurm.record import Record
from snnrun.sweep.slurm.rounds import NEXT_ROUND, is_submitted, refuse_gaps, submit_command
from snnrun.sweep.slurm.site import Site, chosen_file, read_site
from snnrun.sweep.slurm.submission import refuse_twice, submit_chunks, write_scripts
from snnrun.sweep.slurm.timing import prepare


@dataclass(frozen=True)
class Order:
    """How a sweep is to be submitted.

    Parameters
    ----------
    file
        The experiment.
    name
        Name of the sweep, if the experiment has several.
    site
        A file of site settings; None for the one that is found.
    tasks
        At least so many; None for what the work is worth.
    point_time
        How long a point takes, such as ``30 s``; None to measure it.
    dry_run
        Whether only the scripts are written.
    rewrite
        Whether scripts are written anew that the user has edited.
    force
        Whether jobs of this sweep may be left.
    next_round
        Whether this is the next round of a search, which goes on only if no point is missing.
    """

    file: Path
    name: str | None = None
    site: Path | None = None
    tasks: int | None = None
    point_time: str | None = None
    dry_run: bool = False
    rewrite: bool = False
    force: bool = False
    next_round: bool = False

    def command(self, made: Planned) -> list[str]:
        """The command that orders the same from anywhere, once more."""
        site = chosen_file(self.site)
        options = {
            "--name": self.name,
            "--site": site and site.absolute(),
            "--tasks": self.tasks,
            "--point-time": self.point_time,
        }
        return submit_command(made, self.file, options)


@dataclass(frozen=True)
class Launch:
    """What came of an order.

    Parameters
    ----------
    planned
        The plan, as it is written.
    division
        The points as tasks; None when none is left to be computed, and a search is over.
    kept
        Scripts that the user has edited, and that are as they were.
    record
        What was submitted; None when nothing was.
    """

    planned: Planned
    division: Chunked | None = None
    kept: tuple[Path, ...] = ()
    record: Record | None = None


def launch(plan: Callable[[], Planned], order: Order, listener: Listener) -> Launch | None:
    """Submit the points of a sweep that are not done yet.

    Parameters
    ----------
    plan
        Makes the plan; of a search, that of the next round when a round is over.

    Returns
    -------
    What came of it; None when the job in which we are has submitted the next round before.

    Raises
    ------
    UserError
        If jobs of this sweep are left, points are missing before a next round, or SLURM refuses.
    BuildError, ResultsError
        If a program cannot be compiled, or a file not be read or written.
    """
    site, seconds = _site(order), _seconds(order)
    made = plan()
    if order.next_round and is_submitted(made.folder):
        return None
    if not order.force:
        refuse_twice(made.folder)
    accepted = limits()  # before anything that takes long
    if order.next_round:
        refuse_gaps(made, order.command(made))
    made, points, seconds = _ready(made, plan, seconds, listener, retried=not order.next_round)
    if not points:
        return Launch(made)
    division = chunked(points, seconds, site, accepted)
    next_round = [*order.command(made), NEXT_ROUND] if made.plan.shares else None
    kept = write_scripts(made.folder, site, division.time, next_round, rewrite=order.rewrite)
    record = None if order.dry_run else submit_chunks(made.folder, division, len(made.plan.points))
    return Launch(made, division, tuple(kept), record)


def _site(order: Order) -> Site:
    site = read_site(order.site)
    return site if order.tasks is None else site.model_copy(update={"tasks": order.tasks})


def _seconds(order: Order) -> float | None:
    try:
        return None if order.point_time is None else read_duration(order.point_time)
    except ValueError as error:
        raise UserError(f"--point-time {error}") from None


def _ready(
    made: Planned, plan: Callable[[], Planned], seconds: float | None, listener: Listener, *, retried: bool
) -> tuple[Planned, list[str], float]:
    """The plan, written; the points that are left, failed ones if they are retried; and what a point takes.

    Of a search it may be a later round, since points may be done that were not submitted.
    """
    before = None
    while made.plan.points != before:
        made.write()
        if left := _left(made, retried):
            seconds = prepare(made, left, seconds, listener)
            if left := _left(made, retried):  # without one that may have been run to time it
                return made, left, seconds
        before = made.plan.points
        if made.plan.shares:
            made = plan()
    return made, [], 0.0


def _left(made: Planned, retried: bool) -> list[str]:
    scan = made.folder.scan()
    settled = scan.done if retried else scan.done | scan.failed
    return [point.id for point in made.plan.points if point.id not in settled]
