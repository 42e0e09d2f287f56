"""A sweep on this machine: make runs its points, one on each processor."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from snnrun.errors import ResultsError, SweepIncomplete
from snnrun.results.sweep_table import SweepTable
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.failures import Failure, write_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.plan.search import best_of
from snnrun.sweep.run.building import build_programs
from snnrun.sweep.run.making import at_a_time, run_points
from snnrun.sweep.table.collect import collect_and_draw

_SHOWN: Final = 5


def run_sweep(
    plan: Callable[[], Planned], jobs: int | None, listener: Listener
) -> tuple[Planned, SweepTable, list[Path]]:
    """Run the points of a sweep that are not done yet, and collect what is there.

    Parameters
    ----------
    plan
        Makes the plan; of a search, that of the next round when a round is over.
    jobs
        How many points are computed at a time; None for as many as the make above allows, else one on each processor.

    Returns
    -------
    The last plan, the table of all points, and the figures.

    Raises
    ------
    SweepIncomplete
        If points failed; the others are done and collected.
    BuildError, ResultsError
        If a program cannot be compiled, or the folder cannot be written.
    """
    failures: dict[str, Failure] = {}
    made, before = plan(), None
    while made.plan.points != before:
        made.write()
        failures |= _compile(made, at_a_time(jobs), listener)
        ids = [point.id for point in made.plan.points if point.id not in failures]
        failures |= run_points(made.folder, ids, jobs, listener)
        before = made.plan.points
        if made.plan.shares:
            made = plan()
    table, figures = collect_and_draw(made.plan, made.folder, listener)
    failures = _unusable(table) | failures
    if failures:
        if best := best_of(made.plan, table):
            listener.remark(f"the best of the others: {best}")
        raise incomplete(made.folder, failures, table)
    return made, table, figures


def _compile(made: Planned, jobs: int, listener: Listener) -> dict[str, Failure]:
    """Compile what the points to come need; those fail whose program cannot be: each would try it in vain."""
    done = made.folder.scan().done
    left = [point for point in made.plan.points if point.id not in done]
    failed: dict[str, Failure] = {}
    for number, error in build_programs(made.plan, left, listener, jobs).errors.items():
        points = [point.id for point in left if point.build == number]
        listener.remark(f"{len(points)} points fail, because their program cannot be compiled: {error}")
        for point in points:
            failed[point] = Failure.of(error, session="")
            write_failure(made.folder, point, failed[point])
    return failed


def _unusable(table: SweepTable) -> dict[str, Failure]:
    """Points of which there is a result that cannot be read, or a failure."""
    rows = zip(table.ids.tolist(), table.status.tolist(), table.errors.tolist(), strict=True)
    return {one: Failure.of(ResultsError(error), session="") for one, status, error in rows if status == "failed"}


def incomplete(folder: SweepFolder, failures: Mapping[str, Failure], table: SweepTable) -> SweepIncomplete:
    """The error for points that failed: which, why, and how to run only these again."""
    reasons: dict[str, list[str]] = {}
    for one, failure in failures.items():
        reasons.setdefault(failure.message, []).append(one)
    lines = []
    for reason, ids in list(reasons.items())[:_SHOWN]:
        more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
        lines.append(f"  {', '.join(ids[:_SHOWN])}{more}: {reason}")
    place = shlex.quote(_shown(folder.path))
    n_others = len(table) - len(failures) - int((table.status == "done").sum())
    others = f", {n_others} others are not done" if n_others else "; all others are done"
    return SweepIncomplete(
        f"{folder.path}: {len(failures)} of {len(table)} points failed{others}.\n"
        + "\n".join(lines)
        + f"\nOnly these again: snnrun sweep retry {place}\n"
        f"What one of them is: snnrun sweep why {place} {next(iter(failures))}"
    )


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
