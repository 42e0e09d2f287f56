"""How points become array tasks: each task has a chunk of them, and is worth its queueing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from getpass import getuser
from typing import Final

from snnrun.errors import UserError
from snnrun.sweep.slurm.commands import call

# A task that takes less is not worth being queued for the sake of more nodes …
_WORTH_A_TASK: Final = 60.0
# … nor are more tasks than these, which give most clusters enough to share out.
_ENOUGH_TASKS: Final = 32


@dataclass(frozen=True)
class Limits:
    """What SLURM accepts.

    Parameters
    ----------
    array_size
        Tasks of one array.
    jobs
        Tasks that this user may still submit; None for any number.
    """

    array_size: int
    jobs: int | None = None


def limits() -> Limits:
    """What this cluster accepts from this user.

    Raises
    ------
    UserError
        If SLURM does not answer, or accepts no more jobs.
    """
    user = getuser()
    size = array_size(call("scontrol", "show", "config"))
    try:
        said = call(
            "sacctmgr", "--noheader", "--parsable2", "show", "associations", "where", f"user={user}", "format=MaxSubmit"
        )
    except UserError:
        return Limits(size)  # without accounting nobody counts
    bounds = [int(line) for line in said.split() if line.isdigit()]
    if not bounds:
        return Limits(size)
    queued = len(call("squeue", "--noheader", "--array", "--user", user, "--format=%i").split())
    left = min(bounds) - queued - 1  # the job that collects
    if left < 1:
        raise UserError(
            f"SLURM lets you have {min(bounds)} jobs at a time, and {queued} are there already. "
            "Wait until they are done, or end some: scancel JOB"
        )
    return Limits(size, left)


def array_size(config: str) -> int:
    """How many tasks an array may have, from what ``scontrol show config`` prints."""
    # Indices lie below MaxArraySize, so that from 0 there are as many of them.
    found = [int(number) for number in re.findall(r"\b(?:MaxArraySize\s*=\s*|max_array_tasks=)(\d+)", config)]
    return max(1, min(found, default=1))


def n_chunks(n_points: int, seconds: float, *, cpus: int, chunk: float, tasks: int | None, most: int | None) -> int:
    """Into how many chunks points are divided.

    Parameters
    ----------
    seconds
        Expected time of a point.
    cpus
        How many points of a chunk are computed at a time.
    chunk
        How long a chunk should take, in seconds.
    tasks
        At least so many; None for what the work is worth.
    most
        At most so many; None for any number.
    """
    whole = n_points * seconds / cpus
    wanted = max(math.ceil(whole / chunk), tasks or min(math.ceil(whole / _WORTH_A_TASK), _ENOUGH_TASKS))
    return max(1, min(wanted, n_points, most or n_points))


def divide(points: Sequence[str], number: int) -> list[list[str]]:
    """The points in chunks of equal size, dealt out like cards: neighbours in the plan take equally long."""
    return [list(points[first::number]) for first in range(number)]


def arrays(number: int, size: int) -> list[range]:
    """The numbers of the chunks that each job array takes."""
    return [range(first, min(first + size, number)) for first in range(0, number, size)]
