"""The folder of compiled files: each stands there whole or not at all, and is made by one process at a time."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from snnrun.errors import BuildError

CACHE_VARIABLE: Final = "SNNRUN_CACHE"
_ELSEWHERE: Final = f"Name another folder: {CACHE_VARIABLE}=/path/to/folder snnrun …"
_RECORD: Final = "build.json"


def cache_folder() -> Path:
    """Folder of the cache: ``$SNNRUN_CACHE``, else ``snnrun`` in the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "snnrun"


@contextmanager
def lock(name: str, announce: Callable[[str], None]) -> Iterator[None]:
    """One builder of an entry at a time; the kernel releases the lock of a process that dies.

    Raises
    ------
    BuildError
        If the folder cannot be written, now or in the course of the block.
    """
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        file = (cache_folder() / f"{name}.lock").open("w")
    except OSError as error:
        raise BuildError(
            f"The cache of compiled programs, {cache_folder()}, cannot be written ({error.strerror}).\n{_ELSEWHERE}"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            announce("waiting: another process compiles the same network")
            fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        except OSError as error:
            raise BuildError(
                f"The program could not be written to {cache_folder()}: {error.strerror}.\n{_ELSEWHERE}"
            ) from error


@contextmanager
def private_folder(name: str) -> Iterator[Path]:
    """A folder in which an entry is made by who holds its lock; it is gone after the block."""
    for leftover in cache_folder().glob(f".{name}-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # of a killed build: we hold its lock
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache_folder()) as temporary:
        yield Path(temporary)


def publish(made: Sequence[Path], name: str, about: Mapping[str, Any]) -> Path:
    """Put files that have been made into the entry of this name, with what is known about them.

    Returns
    -------
    Folder of the entry.

    Raises
    ------
    BuildError
        If they cannot be read back.
    """
    entry = cache_folder() / name
    finished = made[0].parent / "entry"
    finished.mkdir()
    files = [path.rename(finished / path.name) for path in made]
    record = {**about, "sha256": _digest(files)}
    (finished / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
    for path in finished.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    if entry.exists():
        shutil.rmtree(entry)  # damaged: it was not found
    finished.rename(entry)
    if find([entry / path.name for path in made]) is None:
        raise BuildError(f"The program was built but cannot be read back from {entry}; is the disk full?")
    return entry


def find(files: Sequence[Path]) -> dict[str, Any] | None:
    """What is known about the files of an entry; None when one is missing or damaged."""
    try:
        record: dict[str, Any] = json.loads((files[0].parent / _RECORD).read_text(encoding="utf-8"))
        return record if record["sha256"] == _digest(files) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
