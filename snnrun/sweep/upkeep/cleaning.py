"""What lies in the folder of a sweep that its plan does not need."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from snnrun.sweep.files.claims import claimed, is_alive
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.slurm.record import read_record

# Writers that hold no claim, such as collect, are done with a temporary file long before.
_OLD: Final = 600.0
_ID_DIGITS: Final = 16
# What else lies in the folder is somebody's own.
_ID: Final = re.compile(f"[0-9a-f]{{{_ID_DIGITS}}}")
_TEMPORARY: Final = re.compile(r"\..+\.tmp|\.(run|list)-.+")
# As the scripts for SLURM name them.
_JOB: Final = re.compile(r"(?:collect_)?(\d+)")


@dataclass(frozen=True)
class Rubbish:
    """A file or folder that is not needed.

    Parameters
    ----------
    kind
        What it is, in the plural.
    path, size
        Where it is, and its bytes.
    point
        Whose claim is to be held while it is removed; empty when it belongs to no point.
    """

    kind: str
    path: Path
    size: int
    point: str = ""


def rubbish(plan: Plan, folder: SweepFolder) -> list[Rubbish]:
    """What the plan of a sweep does not need; nothing of points that somebody is working on, and never a run.

    Raises
    ------
    ResultsError
        If the folder cannot be read.
    """
    alive = {path.stem for path in folder.points.glob("*.running") if is_alive(folder, path.stem)}
    found = [*_of_points(plan, folder), *_of_writers(folder.points), *_logs(folder)]
    if not alive:  # a make that runs may have its list there
        found += [one for place in (folder.path, folder.figures, folder.slurm) for one in _of_writers(place)]
    return [one for one in found if one.point not in alive]


def remove(folder: SweepFolder, found: Iterable[Rubbish]) -> list[Rubbish]:
    """Remove what is not needed, unless somebody has begun to work on its point meanwhile.

    Returns
    -------
    What was removed.

    Raises
    ------
    ResultsError
        If a claim cannot be written.
    """
    removed = []
    for one in found:
        if not one.point:
            _remove(one.path)
        else:
            with claimed(folder, one.point) as free:
                if not free:
                    continue
                _remove(one.path)  # a claim that was left has gone by our claiming it
        removed.append(one)
    return removed


def _of_points(plan: Plan, folder: SweepFolder) -> Iterator[Rubbish]:
    scan, planned = folder.scan(), plan.by_id.keys()
    for path in folder.points.iterdir() if folder.points.is_dir() else ():
        point, _, suffix = path.name.partition(".")
        match suffix if _ID.fullmatch(point) else "":
            case "h5" if point not in planned:
                yield _one("results of points that are no longer in the plan", path, point)
            case "failed" if point not in planned:
                yield _one("failures of points that are no longer in the plan", path, point)
            case "failed" if point in scan.done:
                yield _one("failures of points that are done", path, point)
            case "running":
                yield _one("claims of workers that were killed", path, point)


def _of_writers(place: Path) -> Iterator[Rubbish]:
    """What is hidden until it is whole, and the folders of runs and of make."""
    for path in place.glob(".*"):
        if not _TEMPORARY.fullmatch(path.name):
            continue
        with suppress(FileNotFoundError):
            if time.time() - path.lstat().st_mtime > _OLD:
                yield _one("temporary files", path, _point_of(path))


def _point_of(path: Path) -> str:
    """Whose temporary file it is: ``.<id>.h5.<token>.tmp`` or ``.run-<id>-<token>``."""
    point = path.name.removeprefix(".").removeprefix("run-")[:_ID_DIGITS]
    return point if _ID.fullmatch(point) else ""


def _logs(folder: SweepFolder) -> Iterator[Rubbish]:
    """Those of jobs that a later submission has followed: there is none while a job is left."""
    current = read_record(folder).ids
    for path in (folder.slurm / "logs").glob("*.log"):
        job = _JOB.match(path.name)
        if job and job[1] not in current:
            yield _one("logs of earlier submissions", path, "")


def _one(kind: str, path: Path, point: str) -> Rubbish:
    files = path.rglob("*") if path.is_dir() and not path.is_symlink() else (path,)
    return Rubbish(kind, path, sum(file.lstat().st_size for file in files), point)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
