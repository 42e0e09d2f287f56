"""What is the same in every program of the fast engine: compiled once, and kept beside the programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.cache_folder import cache_folder, find, lock, private_folder, publish
from snnrun.simulation.compiler import compiling, find_compiler
from snnrun.simulation.device.source_files import RUNTIME_SOURCE
from snnrun.simulation.fingerprint import runtime_fingerprint
from snnrun.simulation.flags import flags_for

_OBJECT: Final = "runtime.o"


@contextmanager
def runtime_for(blueprint: Blueprint, announce: Callable[[str], None]) -> Iterator[Callable[[], list[Path]]]:
    """The object files that a program is linked with: none, or one from the cache, compiled in the course of the block.

    The block gets a function that waits until it is there.

    Raises
    ------
    BuildError
        If it cannot be compiled or written.
    """
    if blueprint.engine == "reference":  # all of it is one unit
        yield list
        return
    name = f"runtime-{runtime_fingerprint(blueprint)}"
    path = cache_folder() / name / _OBJECT
    if find(path):
        yield lambda: [path]
        return
    with lock(name, announce):
        if find(path):
            yield lambda: [path]
            return
        with (
            private_folder(name) as folder,
            compiling(RUNTIME_SOURCE, folder / _OBJECT, flags_for(blueprint)) as finish,
        ):

            def finished() -> list[Path]:
                finish()
                return [publish(folder / _OBJECT, name, {"compiler": find_compiler().version})]

            yield finished
