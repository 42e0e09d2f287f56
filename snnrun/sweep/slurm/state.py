"""What SLURM says about the jobs of a sweep: only a hint, the result files are the truth."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from getpass import getuser
from typing import Final

from snnrun.errors import UserError
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.slurm.commands import call
from snnrun.sweep.slurm.record import Record, read_record

_WAITING: Final = frozenset({"PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT"})
_ASK_EVERY: Final = 15.0
# Reasons for which a task waits that need somebody to do something; all others pass by themselves.
_HELD: Final = frozenset(
    {"JobHeldUser", "JobHeldAdmin", "launch_failed_requeued_held", "DependencyNeverSatisfied", "BadConstraints"}
)


@dataclass(frozen=True)
class Jobs:
    """The jobs of a sweep that are not over.

    Parameters
    ----------
    pending, running
        Number of tasks that wait, and that are at work or just ending.
    held
        Number of those waiting that will never start by themselves.
    reasons
        Why tasks wait, in SLURM's words, with their numbers.
    ids
        Jobs to which tasks belong.
    """

    pending: int = 0
    running: int = 0
    held: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether none is left."""
        return not self.ids


def jobs(folder: SweepFolder) -> Jobs | None:
    """The jobs of a sweep that are not over; None when none was ever submitted.

    Raises
    ------
    UserError
        If SLURM does not answer.
    """
    record = read_record(folder)
    if not record.ids:
        return None
    # By user, not by job: squeue fails when the one job that it is asked for is long over.
    listed = call("squeue", "--noheader", "--array", "--user", getuser(), "--format=%F|%T|%r")
    return counted(listed.splitlines(), record)


def counted(lines: Iterable[str], record: Record) -> Jobs:
    """The jobs of a record among those that squeue lists as ``job|state|reason``."""
    own = [(job, state, reason) for job, state, reason in (line.split("|", 2) for line in lines) if job in record.ids]
    waiting = [reason for job, state, reason in own if state in _WAITING and job in record.arrays]
    running = [job for job, state, _ in own if state not in _WAITING and job in record.arrays]
    return Jobs(
        pending=len(waiting),
        running=len(running),
        held=sum(reason in _HELD for reason in waiting),
        reasons=Counter(waiting),
        ids=tuple(dict.fromkeys(job for job, _, _ in own)),
    )


def in_words(folder: SweepFolder) -> str:
    """What SLURM says about a sweep, in one line: ``2 tasks running, 17 waiting (Resources)``; empty without jobs."""
    # Who watches looks every second or two; that is too often to ask the controller of a cluster.
    return _asked(folder, int(time.monotonic() / _ASK_EVERY))


@lru_cache(maxsize=1)
def _asked(folder: SweepFolder, moment: int) -> str:
    try:
        found = jobs(folder)
    except UserError as error:
        return f"SLURM cannot be asked: {error}"
    if found is None:
        return ""
    if found.over:
        ended = ", ".join(f"{number} {how.lower()}" for how, number in endings(folder).items())
        return f"all tasks are over{f': {ended}' if ended else ''}"
    if found.running + found.pending == 0:
        return "all tasks are over, the results are being collected"
    reasons = f" ({', '.join(found.reasons)})" if found.reasons else ""
    held = f", of which {found.held} will never start: see 'squeue --me'" if found.held else ""
    tasks = "task" if found.running == 1 else "tasks"
    return f"{found.running} {tasks} running, {found.pending} waiting{reasons}{held}"


def endings(folder: SweepFolder) -> Mapping[str, int]:
    """How tasks have ended, ``{"COMPLETED": 9, "TIMEOUT": 1}``; nothing where SLURM keeps no accounts."""
    record = read_record(folder)
    if not record.arrays:
        return {}
    try:
        said = call(
            "sacct", "--noheader", "--parsable2", "--allocations", "--format=State", f"--jobs={','.join(record.arrays)}"
        )
    except UserError:
        return {}
    return Counter(line.split()[0] for line in said.splitlines() if line.strip())
