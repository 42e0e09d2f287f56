"""Searches on a cluster: the job that collects a round submits the next one."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from snnrun.errors import UserError
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.plan.makefile import program
from snnrun.sweep.plan.planning import Planned, is_same_search
from snnrun.sweep.slurm.commands import own_job
from snnrun.sweep.slurm.record import read_record

NEXT_ROUND: Final = "--next-round"


def submit_command(made: Planned, file: Path, options: Mapping[str, object]) -> list[str]:
    """The command that submits the same sweep from anywhere.

    Parameters
    ----------
    file
        The experiment.
    options
        Values of further options; None for those that were not given.
    """
    words = [str(program()), "sweep", "submit", str(file.absolute()), *made.words]
    for option, chosen in {"-o": made.folder.results, **options}.items():
        if chosen is not None:
            words += [option, str(chosen)]
    return words


def is_submitted(folder: SweepFolder) -> bool:
    """Whether the job in which we are has submitted a round already, and runs once more."""
    record = read_record(folder)
    return bool(record.by and record.collect) and record.by == own_job()


def refuse_gaps(made: Planned, command: list[str]) -> None:
    """Refuse to go on with a search of which points are missing: what has ended their tasks may end any.

    Parameters
    ----------
    made
        The plan of the next round, not yet written.
    command
        Submits the search by hand.

    Raises
    ------
    UserError
        If points are missing that were submitted, or this is not the search that was.
    ResultsError
        If the plan or the record of the search cannot be read.
    """
    folder, by_hand = made.folder, shlex.join(command)
    if not made.plan.shares:
        raise UserError(f"{folder.path}: this sweep is no search: it has no next round. Leave out {NEXT_ROUND}.")
    before = read_plan(folder)
    if not is_same_search(before, made.plan):
        raise UserError(
            f"{folder.path}: the plan is not of the search that shall go on: another sweep was planned here, or the "
            f"experiment was edited. Submit the search that you want, such as\n  {by_hand}"
        )
    scan = folder.scan()
    submitted = [point.id for point in before.points[: read_record(folder).planned]]
    missing = [point for point in submitted if point not in scan.done | scan.failed]
    if missing:
        raise UserError(
            f"{folder.path}: {len(missing)} of {len(submitted)} points are neither done nor failed, so the search "
            f"stops here. Look into {folder.slurm / 'logs'} why their tasks have ended. It goes on when they are "
            f"submitted again:\n  {by_hand}"
        )
