"""Where data files may lie: an experiment from somebody else must not read what lies outside its own folder."""

from __future__ import annotations

import difflib
import stat
from pathlib import Path, PurePosixPath
from typing import Final

MAX_BYTES: Final = 4 * 1024**3


class DataFileError(ValueError):
    """A data file cannot be used; the message is for the user."""


def resolve(folder: Path | None, text: str) -> Path:
    """The data file that an experiment names.

    Parameters
    ----------
    folder
        Folder of the experiment; None for an experiment that did not come from a file.
    text
        What the user wrote.

    Raises
    ------
    DataFileError
        If the text does not lead to a regular file of acceptable size below the folder, without any symbolic link
        on the way.
    """
    if folder is None:
        raise DataFileError(
            f"{text!r} cannot be found: an experiment not read from a file needs the folder of its data (--data)"
        )
    steps = PurePosixPath(text)
    if not text.strip() or not text.isprintable():
        raise DataFileError(f"{text!r} is not the name of a file")
    if steps.is_absolute() or ".." in steps.parts or "\\" in text:
        raise DataFileError(f"{text!r} must be relative, without '..': data files lie below the experiment's folder")
    path = folder
    for step in steps.parts:
        path = _step(path, step, text)
    return _checked(path, text)


def _step(folder: Path, step: str, text: str) -> Path:
    path = folder / step
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        raise DataFileError(f"{text!r} does not exist in {folder}.{_neighbour(folder, step)}") from None
    except OSError as error:
        raise DataFileError(f"{text!r} cannot be reached ({error.strerror})") from None
    if stat.S_ISLNK(kind):
        raise DataFileError(f"{text!r} leads over a symbolic link ({step}); put the file itself there")
    return path


def _neighbour(folder: Path, step: str) -> str:
    close = difflib.get_close_matches(step, [path.name for path in folder.iterdir()], n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _checked(path: Path, text: str) -> Path:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise DataFileError(f"{text!r} is not a file")
    if found.st_size > MAX_BYTES:
        raise DataFileError(f"{text!r} is larger than {MAX_BYTES // 1024**3} GiB")
    return path
