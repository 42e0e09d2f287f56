"""Starts the generator: a blueprint becomes C++ sources, in an isolated process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from snnrun.errors import BuildError
from snnrun.network.blueprint import Blueprint
from snnrun.simulation.process import Limits, child

# Started by `-I`, Python knows neither the current folder nor what the environment names, but neither what the user has
# installed for himself: so it is told where this process has found its modules.
_START: Final = (
    "import runpy, sys; sys.path += sys.argv[1:]; "
    "runpy.run_module('snnrun.simulation.device.generate', run_name='__main__')"
)
_EXCEPTION: Final = re.compile(r"(?:[A-Za-z_]\w*\.)*\w*(?:Error|Exception): (.+)")
# A hundred populations take seconds; what takes minutes is an expression that the algebra chokes on.
_LIMITS: Final = Limits(cpu_seconds=600, memory_bytes=16 * 2**30)


def generate_sources(blueprint: Blueprint, folder: Path) -> None:
    """Write the C++ sources for a blueprint into an empty folder.

    Raises
    ------
    BuildError
        If the generator refuses the blueprint; its last words are quoted.
    """
    request = folder / "blueprint.json"
    request.write_text(json.dumps(blueprint.to_plain()), encoding="utf-8")
    log = folder / "generator.log"
    command = [sys.executable, "-I", "-c", _START, *_module_folders()]
    with (
        request.open() as stdin,
        log.open("w") as output,
        child(command, folder=folder, limits=_LIMITS, stdin=stdin, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        status = process.wait()
    if status:
        raise BuildError(_explain(status, log.read_text(errors="replace")))


def _module_folders() -> list[str]:
    """Folders of modules, without the current one: what lies there by chance is not to be imported."""
    here = Path.cwd()
    return [entry for entry in sys.path if Path(entry).is_absolute() and Path(entry).resolve() != here]


def _explain(status: int, log: str) -> str:
    lines = [line for line in log.splitlines() if line.strip()]
    # Of exceptions that led to each other Python prints the first cause first; the last says only that there was one.
    cause = next((match[1] for line in lines if (match := _EXCEPTION.match(line))), None)
    said = cause or (lines[-1] if lines else f"it ended with status {status}")
    return (
        f"Brian could not turn the equations into a program.\n  {said}\n"
        "Check the equations of the experiment with 'snnrun describe'; if they are right, another integration 'method' "
        "may do."
    )
