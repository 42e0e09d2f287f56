"""A named pipe into a program: what it reads never lies on a disk, nor as a whole in anybody's memory."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

# As much as the system allows without privileges: the fewer turns writer and reader take, the less time they lose.
_CAPACITY: Final = 1 << 20
_PATIENCE: Final = 1e-3


def write_into(process: subprocess.Popen[str], pipe: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write into a pipe from which a program reads; what is left is dropped when the program ends before.

    Why it ended, its exit status and its complaint will tell.

    Parameters
    ----------
    process
        The program; nobody else has the pipe open for reading, so that writing fails once it has ended.
    """
    descriptor = _open(process, pipe)
    if descriptor is None:
        return
    file = os.fdopen(descriptor, "wb", _CAPACITY)
    try:
        with suppress(BrokenPipeError):
            write(file)
    finally:
        with suppress(BrokenPipeError):  # it writes what is left in its buffer
            file.close()


def _open(process: subprocess.Popen[str], pipe: Path) -> int | None:
    """The end for writing, once the program has opened the other; None if it ends without."""
    # Opened as usual, a pipe waits for a reader, and would wait forever for one that has died.
    while process.poll() is None:
        with suppress(OSError):
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            os.set_blocking(descriptor, True)
            with suppress(OSError):
                fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _CAPACITY)
            return descriptor
        time.sleep(_PATIENCE)
    return None
