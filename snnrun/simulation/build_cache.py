"""Compiled programs, kept for the next run of the same structure."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.cache_folder import cache_folder, find, lock, private_folder, publish
from snnrun.simulation.compiler import compile_program, find_compiler
from snnrun.simulation.fingerprint import fingerprint
from snnrun.simulation.flags import flags_for
from snnrun.simulation.generator import generate_sources
from snnrun.simulation.processor import refuse_foreign
from snnrun.simulation.runtime_objects import runtime_for

_PROGRAM: Final = "program"


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
    with lock(name, announce):
        return _load(cache_folder() / name) or _build(name, blueprint, announce)


def _build(name: str, blueprint: Blueprint, announce: Callable[[str], None]) -> Build:
    announce("compiling (once for this structure)")
    find_compiler()  # before the generator, which takes seconds
    started = time.monotonic()
    with private_folder(name) as folder, runtime_for(blueprint, announce) as runtime:
        sources, program = folder / "sources", folder / _PROGRAM
        sources.mkdir()
        generate_sources(blueprint, sources)
        compile_program(sources, program, flags_for(blueprint), *runtime())
        about = {
            "compiler": find_compiler().version,
            "seconds": round(time.monotonic() - started, 3),
            "populations": [f"{p.name} ({p.size})" for p in blueprint.populations],
            "blueprint": blueprint.to_plain(),
        }
        entry = publish([program], name, about)
    return _describe(entry / _PROGRAM, about, fresh=True)


def _load(folder: Path) -> Build | None:
    """The program in a folder of the cache; None when it is missing or damaged."""
    program = folder / _PROGRAM
    about = find([program])
    if about is None or not os.access(program, os.X_OK):
        return None
    try:
        return _describe(program, about)
    except (KeyError, TypeError):
        return None


def _describe(program: Path, about: Mapping[str, Any], *, fresh: bool = False) -> Build:
    return Build(
        fingerprint=program.parent.name,
        program=program,
        compiler=about["compiler"],
        seconds=about["seconds"],
        size=program.stat().st_size,
        populations=tuple(about["populations"]),
        fresh=fresh,
    )


def cached(fingerprint: str) -> Build | None:
    """The program of this name in the cache; None when it is missing or damaged."""
    return _load(cache_folder() / fingerprint)


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
