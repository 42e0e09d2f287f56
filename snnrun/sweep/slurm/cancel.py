"""Ending the jobs of a sweep before they are over."""

from __future__ import annotations

import time
from typing import Final

from snnrun.errors import UserError
from snnrun.sweep.files.claims import claimed
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.commands import call
from snnrun.sweep.slurm.state import Jobs, jobs

# SLURM gives a task 30 s to end before it kills it, or what the site has set.
_PATIENCE: Final = 180.0
_LOOK_EVERY: Final = 0.5


def cancel_jobs(folder: SweepFolder) -> Jobs:
    """End the jobs of a sweep and wait until they are gone; what is done stays.

    Returns
    -------
    What there was to end.

    Raises
    ------
    UserError
        If nothing was submitted, SLURM does not answer, or a job does not end.
    """
    found = jobs(folder)
    if found is None:
        raise UserError(f"{folder.path}: nothing of this sweep was submitted. 'snnrun sweep run' is ended by Ctrl-C.")
    if not found.over:
        _end(folder)
        for point in folder.scan().claimed:
            with claimed(folder, point):  # which removes what a killed worker has left of it
                pass
    return found


def _end(folder: SweepFolder) -> None:
    end = time.monotonic() + _PATIENCE
    told: set[str] = set()
    while (left := jobs(folder)) is not None and not left.over:
        if new := [job for job in left.ids if job not in told]:  # of a search, its next round may have come just now
            call("scancel", *new)
            told.update(new)
        if time.monotonic() > end:
            raise UserError(
                f"{folder.path}: jobs {', '.join(left.ids)} have been told to end and do not. "
                "'squeue --me' shows them; a node that is lost keeps its jobs until SLURM notices."
            )
        time.sleep(_LOOK_EVERY)
