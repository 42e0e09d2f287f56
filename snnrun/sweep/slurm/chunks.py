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
from snnrun.sweep.slurm.scripts import GRACE
from snnrun.sweep.slurm.site import Site

# A task that takes less is not worth being queued for the sake of more nodes …
_WORTH_A_TASK: Final = 60.0
# … nor are more tasks than these, which give most clusters enough to share out.
_ENOUGH_TASKS: Final = 32
# A task may take so many times what is expected; should it take longer it is queued again.
_MARGIN: Final = 2.0
_SHORTEST: Final = 600.0


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


@dataclass(frozen=True)
class Chunked:
    """How the missing points of a sweep become tasks.

    Parameters
    ----------
    chunks
        Ids of the points of each task.
    seconds
        Expected wall time of the longest task.
    time
        Wall time after which SLURM ends a task.
    array_size
        Tasks that one array may have.
    """

    chunks: Sequence[Sequence[str]]
    seconds: float
    time: float
    array_size: int


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


def chunked(points: Sequence[str], seconds: float, site: Site, accepted: Limits) -> Chunked:
    """Divide points into tasks.

    Parameters
    ----------
    seconds
        Expected time of a point.
    accepted
        What SLURM accepts.

    Raises
    ------
    UserError
        If no point would be done before its task is ended.
    """
    if site.time is not None and seconds > site.time - GRACE:
        raise UserError(
            f"A point takes about {seconds:.3g} s, and 'time' of the site file ends each task after {site.time:.3g} s, "
            f"of which {GRACE} s are for ending. Give tasks more time."
        )
    number = n_chunks(
        len(points), seconds, cpus=site.cpus, chunk=_chunk_time(site), tasks=site.tasks, most=accepted.jobs
    )
    chunks = divide(points, number)
    expected = -(-len(chunks[0]) // site.cpus) * seconds
    time = site.time or max(_MARGIN * expected + GRACE, _SHORTEST)
    return Chunked(chunks, expected, time, accepted.array_size)


def _chunk_time(site: Site) -> float:
    """How long a task should take: shorter than the time after which it is ended."""
    return site.chunk if site.time is None else max(min(site.chunk, (site.time - GRACE) / _MARGIN), 1.0)


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
