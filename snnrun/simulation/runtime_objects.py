"""What is the same in every program of the fast engine: compiled once, and kept beside the programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.cache_folder import cache_folder, find, lock, private_folder, publish
from snnrun.simulation.compiler import compiling, find_compiler
from snnrun.simulation.device.source_files import RUNTIME, RUNTIME_UNITS
from snnrun.simulation.fingerprint import runtime_fingerprint
from snnrun.simulation.flags import flags_for


@contextmanager
def runtime_for(blueprint: Blueprint, announce: Callable[[str], None]) -> Iterator[Callable[[], list[Path]]]:
    """The object files that a program is linked with, from the cache or compiled in the course of the block.

    The block gets a function that waits until they are there.

    Raises
    ------
    BuildError
        If they cannot be compiled or written.
    """
    if blueprint.engine == "reference":  # all of it is one unit
        yield list
        return
    name = f"runtime-{runtime_fingerprint(blueprint)}"
    objects = [cache_folder() / name / f"{unit}.o" for unit in RUNTIME_UNITS]
    if find(objects):
        yield lambda: objects
        return
    with lock(name, announce):
        if find(objects):
            yield lambda: objects
            return
        with private_folder(name) as folder, ExitStack() as compilers:
            made = [folder / path.name for path in objects]
            waits = [
                compilers.enter_context(compiling(RUNTIME / f"{unit}.cpp", path, [*flags_for(blueprint), *own]))
                for (unit, own), path in zip(RUNTIME_UNITS.items(), made, strict=True)
            ]

            def finished() -> list[Path]:
                for wait in waits:
                    wait()
                publish(made, name, {"compiler": find_compiler().version})
                return objects

            yield finished
