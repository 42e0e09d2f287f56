"""The C++ compiler: found, named, and driven directly, without make."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from snnrun.errors import BuildError
from snnrun.simulation.device.source_files import PROGRAM_SOURCE
from snnrun.simulation.process import Limits, child

_LIMITS: Final = Limits(cpu_seconds=1800, memory_bytes=16 * 2**30)
_SHOWN_LINES: Final = 12
_ERROR: Final = re.compile(r"\berror\b|undefined reference")
_KILLED: Final = 128 + signal.SIGKILL


@dataclass(frozen=True)
class Compiler:
    """A C++ compiler and what it says its version is."""

    path: str
    version: str


@cache
def find_compiler() -> Compiler:
    """The compiler named in ``$CXX``, else ``g++``, else ``clang++``.

    Raises
    ------
    BuildError
        If there is none; the message says what to install.
    """
    wanted = os.environ.get("CXX")
    for name in [wanted] if wanted else ["g++", "clang++"]:
        path = shutil.which(name)
        if path:
            return Compiler(path, _version(path))
    raise BuildError(
        (f"The C++ compiler named in $CXX, {wanted!r}, was not found." if wanted else "No C++ compiler was found.")
        + "\nsnnrun compiles each network to a fast program and needs one. Install it:\n"
        "  Debian, Ubuntu   sudo apt install g++\n"
        "  Fedora, RHEL     sudo dnf install gcc-c++\n"
        "  conda            conda install -c conda-forge gxx\n"
        "or name one that you have: CXX=/path/to/g++ snnrun …"
    )


def _version(path: str) -> str:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise BuildError(f"The C++ compiler {path} does not work: {error}") from error
    return said.partition("\n")[0].strip()


def compile_program(folder: Path, program: Path, flags: Sequence[str], *objects: Path) -> None:
    """Compile the generated sources in a folder, and link them with object files to one program.

    Raises
    ------
    BuildError
        With the first error line of the compiler, the part of the experiment it belongs to, and its last lines.
    """
    source = folder / PROGRAM_SOURCE
    log = folder / "compiler.log"
    with _compiling(log, [*flags, f"-I{folder}", str(source), *map(str, objects), "-o", str(program)]) as finish:
        finish()


@contextmanager
def compiling(source: Path, made: Path, flags: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Compile a source file to an object file while the block goes on; what it gets waits for the end.

    Raises
    ------
    BuildError
        As of `compile_program`, when the end is waited for.
    """
    with _compiling(made.with_suffix(".log"), [*flags, "-c", str(source), "-o", str(made)]) as finish:
        yield finish


@contextmanager
def _compiling(log: Path, arguments: Sequence[str]) -> Iterator[Callable[[], None]]:
    command = [find_compiler().path, *arguments]
    with (
        log.open("w") as output,
        child(
            command, folder=log.parent, limits=_LIMITS, has_children=True, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        yield lambda: _check(process.wait(), log)


def _check(status: int, log: Path) -> None:
    if status == _KILLED:
        raise BuildError(
            "The C++ compiler was killed; the machine may have run out of memory.\nClose other programs and try again."
        )
    if status:
        raise BuildError(_explain(log.read_text(errors="replace"), log.parent))


def _explain(log: str, folder: Path) -> str:
    lines = log.replace(f"{folder}/", "").splitlines()
    first = next((line.strip() for line in lines if _ERROR.search(line)), "the compiler gave no reason")
    quoted = "\n".join(f"  {line}" for line in lines[-_SHOWN_LINES:])
    last = f"\nIts last lines:\n{quoted}" if quoted else ""
    return f"The C++ compiler refused the program{_part_of(first)}.\n  {first}{last}"


def _part_of(error: str) -> str:
    """Which part of the experiment the source file in an error line was generated from."""
    match = re.search(r"/(population|projection|update)_(\w+)__\w*\.cpp", error)
    if not match:
        return ""
    kind, names = match[1], match[2].split("__")
    return " generated for the " + {
        "population": "population '{0}'",
        "projection": "projection '{0}' onto '{1}'",
        "update": "input '{1}' of population '{0}'",
    }[kind].format(*names, "")
