"""Compiled programs, kept for the next run of the same structure."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from snnrun.errors import BuildError
from snnrun.network.blueprint import Blueprint
from snnrun.simulation.compiler import compile_program, find_compiler
from snnrun.simulation.fingerprint import fingerprint
from snnrun.simulation.flags import flags_for
from snnrun.simulation.generator import generate_sources
from snnrun.simulation.processor import refuse_foreign

CACHE_VARIABLE: Final = "SNNRUN_CACHE"
_ELSEWHERE: Final = f"Name another folder: {CACHE_VARIABLE}=/path/to/folder snnrun …"
_PROGRAM: Final = "program"
_RECORD: Final = "build.json"


@dataclass(frozen=True)
class Build:
    """A program in the cache.

    Parameters
    ----------
    program
        The executable.
    seconds
        How long generating and compiling it took, when it was built.
    fresh
        Whether it was built just now.
    """

    fingerprint: str
    program: Path
    compiler: str
    seconds: float
    size: int
    populations: tuple[str, ...]
    fresh: bool = False


def cache_folder() -> Path:
    """Folder of the cache: ``$SNNRUN_CACHE``, else ``snnrun`` in the user's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "snnrun"


def program_for(blueprint: Blueprint, announce: Callable[[str], None] = lambda message: None) -> Build:
    """The program for a blueprint: from the cache, or generated and compiled now.

    Two processes that want the same program build it once; the second waits for the first.

    Raises
    ------
    BuildError
        If it cannot be built, could not run on this processor, or the cache folder cannot be written.
    """
    refuse_foreign(blueprint.arch)
    name = fingerprint(blueprint)
    found = _load(cache_folder() / name)
    if found:
        return found
    with _lock(name, announce):
        found = _load(cache_folder() / name)
        if found:
            return found
        try:
            return _build(name, blueprint, announce)
        except OSError as error:
            raise BuildError(
                f"The program could not be written to {cache_folder()}: {error.strerror}.\n{_ELSEWHERE}"
            ) from error


def _build(name: str, blueprint: Blueprint, announce: Callable[[str], None]) -> Build:
    announce("compiling (once for this structure)")
    find_compiler()  # before the generator, which takes seconds
    started = time.monotonic()
    for leftover in cache_folder().glob(f".{name}-*"):
        shutil.rmtree(leftover, ignore_errors=True)  # of a killed build: we hold its lock
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=cache_folder()) as temporary:
        sources, finished = Path(temporary) / "sources", Path(temporary) / "finished"
        sources.mkdir()
        finished.mkdir()
        generate_sources(blueprint, sources)
        compile_program(sources, finished / _PROGRAM, flags_for(blueprint))
        record = {
            "compiler": find_compiler().version,
            "seconds": round(time.monotonic() - started, 3),
            "sha256": _digest(finished / _PROGRAM),
            "populations": [f"{p.name} ({p.size})" for p in blueprint.populations],
            "blueprint": blueprint.to_plain(),
        }
        (finished / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        _publish(finished, cache_folder() / name)
    built = _load(cache_folder() / name)
    if built is None:
        raise BuildError(
            f"The program was built but cannot be read back from {cache_folder() / name}; is the disk full?"
        )
    return Build(**{**built.__dict__, "fresh": True})


def _publish(finished: Path, final: Path) -> None:
    if final.exists():
        shutil.rmtree(final)  # a damaged entry: _load refused it
    for path in finished.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    finished.rename(final)


def _load(folder: Path) -> Build | None:
    """The program in a folder of the cache; None when it is missing or damaged."""
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        program = folder / _PROGRAM
        if _digest(program) != record["sha256"] or not os.access(program, os.X_OK):
            return None
        return Build(
            fingerprint=folder.name,
            program=program,
            compiler=record["compiler"],
            seconds=record["seconds"],
            size=program.stat().st_size,
            populations=tuple(record["populations"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _lock(name: str, announce: Callable[[str], None]) -> Iterator[None]:
    """One builder at a time; the kernel releases the lock of a process that dies."""
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
        yield


def cached_builds() -> list[Build]:
    """Everything in the cache."""
    folders = sorted(cache_folder().glob("[0-9a-f]*")) if cache_folder().is_dir() else []
    return [build for build in map(_load, (folder for folder in folders if folder.is_dir())) if build]


def clear_cache() -> int:
    """Remove every program that is not being built at this moment.

    Returns
    -------
    Number of programs removed.
    """
    builds = cached_builds()
    for path in cache_folder().glob("*") if cache_folder().is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)
    return len(builds)
