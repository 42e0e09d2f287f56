"""Claims: who is working on which point.

A claim is the lock of the file ``<id>.running``, which the kernel releases when its owner ends in whatever way; what
stands in the file tells people who the owner is. Where a file system knows no locks, claims are granted to everybody:
two writers of one point do the work twice, and end with one whole file.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from snnrun.results.atomic import WORK_PREFIX, cannot_write
from snnrun.sweep.files.folder import SweepFolder

# What file systems without locks answer: NFS without its lock service, Lustre mounted without `flock`, others.
_NO_LOCKS: Final = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}


@contextmanager
def claimed(folder: SweepFolder, point: str) -> Iterator[bool]:
    """Claim a point for the block; False when another living process has it.

    What a killed owner has left of the point is removed.

    Raises
    ------
    WriteError
        If the claim cannot be written.
    """
    path = folder.claim(point)
    try:
        descriptor = _acquire(path, folder, point)
    except OSError as error:
        raise cannot_write(path, error) from error
    if descriptor is None:
        yield False
        return
    try:
        _describe(descriptor, path)
        yield True
    finally:
        # While the lock is held: afterwards the file may be somebody else's.
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def is_alive(folder: SweepFolder, point: str) -> bool:
    """Whether somebody is working on a point; not so when he was killed.

    Where a file system knows no locks, whoever has left a claim is taken to be alive.
    """
    return not _has_shared_lock(folder.claim(point), fcntl.LOCK_NB)


def wait_for(folder: SweepFolder, point: str) -> None:
    """Wait until nobody is working on a point."""
    _has_shared_lock(folder.claim(point), 0)


def clear_done(folder: SweepFolder) -> None:
    """Remove the claims of workers that were killed when their points were just done: nobody claims those any more."""
    for path in folder.points.glob("*.running"):
        if folder.result(path.stem).exists():
            with claimed(folder, path.stem):
                pass


def _has_shared_lock(path: Path, flag: int) -> bool:
    """Whether nobody holds the claim; looking, one does not see others who look."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | flag)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _acquire(path: Path, folder: SweepFolder, point: str) -> int | None:
    """The open file that is the claim; None when somebody else has it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return descriptor
            os.close(descriptor)
            raise
        # Its owner may have removed it after we opened it: then this is the lock of a file that is gone.
        if _is_at(path, descriptor):
            if os.fstat(descriptor).st_size:  # the last owner wrote into it, and could not remove it
                _remove_leftovers(folder, point)
            return descriptor
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove_leftovers(folder: SweepFolder, point: str) -> None:
    """Remove the temporary files of a point; only for whom has its claim."""
    for path in folder.points.glob(f".{point}.*.tmp"):
        with suppress(OSError):  # what cannot be removed does no harm
            path.unlink()
    for path in folder.points.glob(f"{work_prefix(point)}*"):
        if not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def work_prefix(point: str) -> str:
    """How the name of the folder begins in which a point is simulated."""
    return f"{WORK_PREFIX}{point}-"


def _describe(descriptor: int, path: Path) -> None:
    owner = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "job": os.environ.get("SLURM_JOB_ID", ""),
    }
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(owner).encode(), 0)
    except OSError as error:
        raise cannot_write(path, error) from error
