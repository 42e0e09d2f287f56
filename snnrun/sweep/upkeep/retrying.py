"""Failed points once more."""

from __future__ import annotations

from pathlib import Path

from snnrun.results.atomic import cannot_write
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.plan.makefile import write_makefile
from snnrun.sweep.run.local import incomplete
from snnrun.sweep.run.making import run_points
from snnrun.sweep.table.collect import collect_and_draw, current_table


def retry(folder: SweepFolder, jobs: int | None, listener: Listener) -> int:
    """Run exactly the points again that failed, and collect.

    Results that cannot be used count as failed: they are removed.

    Parameters
    ----------
    jobs
        As in `run_points`.

    Returns
    -------
    How many points were run.

    Raises
    ------
    SweepIncomplete
        If points failed again; the others are done and collected.
    ResultsError, UserError
        If the folder cannot be written, or make is missing.
    """
    plan, done = read_plan(folder), folder.scan().done
    table = current_table(plan, folder)
    failed = table.ids[table.status == "failed"].tolist()
    if not failed:
        return 0
    for damaged in done.intersection(failed):
        _remove(folder.result(damaged))
    write_makefile(folder)
    still = run_points(folder, failed, jobs, listener)
    table, _ = collect_and_draw(plan, folder, listener)
    if still:
        raise incomplete(folder, still, table)
    return len(failed)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
