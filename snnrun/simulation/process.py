"""Child processes that end with us: a session of their own, killed as a group, and dying when their parent dies."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

_PR_SET_PDEATHSIG: Final = 1
# What compilers installed by module systems and conda need to find their parts.
_PASSED_ON: Final = ("PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "CPATH")
# A shell that passes the end of its parent on to the group it leads: the kernel tells a process of the death of its
# parent, but not of that of its grandparent.
_GUARD: Final = ("sh", "-c", 'trap "kill -9 0" TERM; "$@" & wait $!', "sh")
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Limits:
    """What a child may use: seconds of processor time and bytes of address space; None for no limit."""

    cpu_seconds: int | None = None
    memory_bytes: int | None = None


@contextmanager
def child(
    command: Sequence[str | Path],
    *,
    folder: Path,
    limits: Limits = Limits(),
    has_children: bool = False,
    stdin: IO[Any] | int = subprocess.DEVNULL,
    stdout: IO[Any] | int = subprocess.DEVNULL,
    stderr: IO[Any] | int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[str]]:
    """A running child; whatever is left of it and its own children is killed at the end of the block.

    It gets only the environment that it needs, with ``folder`` as working, home and temporary folder: nothing that lies
    in the user's folders changes what it does.

    Parameters
    ----------
    has_children
        Whether it starts others, as a compiler does, which must not outlive us either. Then a signal that ends it shows
        as status 128 + its number.
    """
    process = subprocess.Popen(
        [*(_GUARD if has_children else ()), *map(str, command)],
        cwd=folder,
        env=_environment(folder),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=True,
        preexec_fn=_prepare(os.getpid(), limits, signal.SIGTERM if has_children else signal.SIGKILL),  # noqa: PLW1509 - snnrun runs no threads of its own
    )
    try:
        yield process
    finally:
        _kill_group(process)


def _environment(folder: Path) -> Mapping[str, str]:
    home = str(folder)
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed_on, "HOME": home, "TMPDIR": home, "LC_ALL": "C.UTF-8"}


def end_with_parent(parent: int, at_death: signal.Signals = signal.SIGTERM) -> None:
    """Let this process be ended when its parent ends in whatever way.

    Parameters
    ----------
    parent
        Its process id.
    """
    # The signal is tied to the thread of the parent that has started us: children are started from main threads only.
    _LIBC.prctl(_PR_SET_PDEATHSIG, at_death)
    if os.getppid() != parent:  # it has ended already
        os._exit(1)


def _prepare(parent: int, limits: Limits, at_death: signal.Signals) -> Callable[[], None]:
    def before_exec() -> None:
        end_with_parent(parent, at_death)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
        _limit(resource.RLIMIT_AS, limits.memory_bytes)

    return before_exec


def _limit(kind: int, value: int | None) -> None:
    if value is not None:
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _kill_group(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # it has ended already
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
