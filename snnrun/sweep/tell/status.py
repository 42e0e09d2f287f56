"""How a sweep stands: told from the files of its points, of which few are opened."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Final

from snnrun.errors import ResultsError
from snnrun.sweep.files.claims import is_alive
from snnrun.sweep.files.failures import read_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.files.results import summary_of

# Enough to know how long a point takes; each has to be opened.
_NEWEST: Final = 50
# Results before a pause of more than so many times what one takes, and than a minute, are of an earlier session.
_PAUSE: Final = 5
_MINUTE: Final = 60.0
# With fewer results of this session, what a point takes says more than how often one is done.
_ENOUGH: Final = 5
_NUMBER: Final = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Worker:
    """Who is working on a point.

    Parameters
    ----------
    point
        Id of the point.
    host, pid
        The machine, and the process there; empty and 0 where it is not known.
    seconds
        For how long; 0 where it is not known.
    job
        Its job on a cluster; empty elsewhere.
    """

    point: str
    host: str
    pid: int
    seconds: float
    job: str


@dataclass(frozen=True)
class FailedAlike:
    """Points that failed for the same reason.

    Parameters
    ----------
    message
        What the first of them tells; those of the others differ in numbers at most.
    points
        Their ids.
    """

    message: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class SweepStatus:
    """How a sweep stands.

    Parameters
    ----------
    n_points, n_done, n_running, n_failed, n_missing
        How many points there are, and in which state: each is in one.
    seconds_left
        Until all are done that have not failed, with the workers that there are, or with a single one if there are
        none; None when no point is done.
    workers
        Who is at work, the longest first.
    disk, disk_expected
        Bytes of what is there, and of what will be when all points are done; None when none is.
    failures
        Why points failed, the most frequent reason first.
    """

    n_points: int
    n_done: int
    n_running: int
    n_failed: int
    n_missing: int
    seconds_left: float | None
    workers: tuple[Worker, ...]
    disk: int
    disk_expected: int | None
    failures: tuple[FailedAlike, ...]


def status_of(plan: Plan, folder: SweepFolder) -> SweepStatus:
    """How a sweep stands.

    Raises
    ------
    ResultsError
        If its folder cannot be read.
    """
    scan, planned = folder.scan(), plan.by_id.keys()
    done = [point for point in plan.by_id if point in scan.done]
    running = [point for point in sorted(scan.claimed & planned) if is_alive(folder, point)]
    still_failed = scan.failed.difference(running)
    failed = [point for point in plan.by_id if point in still_failed]
    n_left = len(plan.points) - len(done) - len(failed)
    sizes, times = _results(folder, done)
    disk = sum(sizes) + (_of_runs(plan, folder, done) if plan.keep == "full" else 0)
    return SweepStatus(
        n_points=len(plan.points),
        n_done=len(done),
        n_running=len(running),
        n_failed=len(failed),
        n_missing=n_left - len(running),
        seconds_left=_seconds_left(folder, times, n_left, len(running)),
        workers=tuple(sorted((worker_at(folder, point) for point in running), key=lambda one: -one.seconds)),
        disk=disk,
        disk_expected=round(disk / len(done) * len(plan.points)) if done else None,
        failures=_failures(plan, folder, failed),
    )


def _results(folder: SweepFolder, done: Iterable[str]) -> tuple[list[int], dict[str, float]]:
    """Sizes of the results, and when each was written."""
    sizes, times = [], {}
    for point in done:
        try:
            found = folder.result(point).stat()
        except OSError:
            continue  # removed this moment
        sizes.append(found.st_size)
        times[point] = found.st_mtime
    return sizes, times


def _of_runs(plan: Plan, folder: SweepFolder, done: Iterable[str]) -> int:
    runs = (folder.run(plan.by_id[point].run_id) for point in done)
    return sum(_size(file) for run in runs for file in (run.recording, run.analysis))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _seconds_left(folder: SweepFolder, times: Mapping[str, float], n_left: int, n_workers: int) -> float | None:
    newest = sorted(times, key=lambda point: times[point], reverse=True)[:_NEWEST]
    taken = list(_seconds(folder, newest))
    if not taken:
        return None
    each = mean(taken)
    session = _without_pause([times[point] for point in newest], max(_MINUTE, _PAUSE * each))
    if n_workers and len(session) >= _ENOUGH and session[0] > session[-1]:
        return n_left * (session[0] - session[-1]) / (len(session) - 1)
    return n_left * each / max(n_workers, 1)


def _seconds(folder: SweepFolder, points: Iterable[str]) -> Iterable[float]:
    for point in points:
        try:
            yield summary_of(folder, point).seconds
        except ResultsError:  # damaged: collecting tells so
            continue


def _without_pause(times: Sequence[float], longest: float) -> Sequence[float]:
    """The newest times, down to where nothing was done for long."""
    times = [time.time(), *times]
    for index, (later, earlier) in enumerate(pairwise(times)):
        if later - earlier > longest:
            return times[1 : index + 1]
    return times[1:]


def worker_at(folder: SweepFolder, point: str) -> Worker:
    """Who says that he is working on a point; whether he still is, `is_alive` knows."""
    try:
        owner = json.loads(folder.claim(point).read_bytes())
        seconds = time.time() - datetime.fromisoformat(owner["started"]).timestamp()
        return Worker(point, str(owner["host"]), int(owner["pid"]), max(seconds, 0.0), str(owner.get("job") or ""))
    except (OSError, ValueError, KeyError, TypeError):
        return Worker(point, "", 0, 0.0, "")  # just taken, or just done


def _failures(plan: Plan, folder: SweepFolder, failed: Iterable[str]) -> tuple[FailedAlike, ...]:
    alike: dict[str, list[tuple[str, str]]] = {}
    for point in failed:
        failure = read_failure(folder, point)
        message = failure.message if failure else ""
        # Messages name the point or its run.
        core = message.replace(point, "").replace(plan.by_id[point].run_id, "")
        alike.setdefault(_NUMBER.sub("#", core), []).append((point, message))
    return tuple(
        FailedAlike(message=found[0][1], points=tuple(point for point, _ in found))
        for found in sorted(alike.values(), key=len, reverse=True)
    )
