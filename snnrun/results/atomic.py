"""Files that appear whole or not at all.

Written under a temporary name in the same folder, flushed to the disk, renamed: a full disk, a crash or ``kill -9``
leaves the file as it was before, or leaves none.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from snnrun.errors import WriteError

_ADVICE: Final = {
    errno.ENOSPC: "Free some space, or choose a results folder on another disk.",
    errno.EDQUOT: "Your quota is used up: remove old results, or choose a results folder on another disk.",
    errno.EFBIG: "Record fewer neurons or less often, or raise the limit on the size of files (ulimit -f).",
    errno.EACCES: "Choose a results folder that you may write to.",
    errno.EPERM: "Choose a results folder that you may write to.",
    errno.EROFS: "The disk is mounted read-only: choose another results folder.",
    errno.ENOTDIR: "A file stands where a folder is needed: move it away, or choose another results folder.",
    errno.EEXIST: "A file stands where a folder is needed: move it away, or choose another results folder.",
    errno.ENOENT: "The folder is gone: was it removed while snnrun was running?",
    errno.EISDIR: "A folder stands where the file belongs: move it away.",
}
# No file name of ours begins with a dot, so that these can be told from results.
_TEMPORARY: Final = ".{name}.{token}.tmp"

WORK_PREFIX: Final = ".run-"
"""How the names of folders begin in which runs keep what they need until they are done."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that other processes see the old content or the new one, never a part.

    Raises
    ------
    WriteError
        If it cannot be written; then the old file is untouched and nothing new is left in the folder. Only when the
        very last step fails, flushing the folder, the new file is there already.
    """

    def create(temporary: Path) -> None:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            remaining = memoryview(data)
            while remaining:  # one call writes 2 GiB at most
                remaining = remaining[os.write(descriptor, remaining) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    _put_in_place(path, create)


def link_whole(path: Path, target: str) -> None:
    """Point a symbolic link to another target, without a moment in which it is missing.

    Raises
    ------
    WriteError
        If that is not possible; the old link is untouched.
    """
    _put_in_place(path, lambda temporary: temporary.symlink_to(target))


def make_folder(path: Path) -> None:
    """Make a folder with its parents, unless it is there.

    Raises
    ------
    WriteError
        If that is not possible.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of writers and runs that were killed; only for whom knows that none is at work."""
    for path in folder.glob(_TEMPORARY.format(name="*", token="*")):
        with suppress(OSError):  # what cannot be removed does no harm
            path.unlink()
    for path in folder.glob(f"{WORK_PREFIX}*"):
        if not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def cannot_write(path: Path, error: OSError) -> WriteError:
    """The error as told to the user: which file, why, and what to do."""
    advice = _ADVICE.get(error.errno or 0, "")
    return WriteError(f"{path}: cannot be written: {error.strerror or error}. {advice}".rstrip())


def _put_in_place(path: Path, create: Callable[[Path], None]) -> None:
    temporary = path.with_name(_TEMPORARY.format(name=path.name, token=secrets.token_hex(8)))
    try:
        try:
            create(temporary)
            temporary.replace(path)
        except BaseException:  # Ctrl-C leaves nothing behind either
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error


def _sync_folder(folder: Path) -> None:
    """Flush the folder: without it a power cut can undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems flush folders by themselves and refuse the call
            raise
    finally:
        os.close(descriptor)
