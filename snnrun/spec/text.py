"""The text of an experiment file: read whole, of bounded size, UTF-8, with nothing invisible in it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Final, NoReturn

from snnrun.errors import Problem, SpecError

MAX_BYTES: Final = 1_000_000
# Control characters and lone surrogates, which YAML forbids, and the line ends that no editor counts as such.
_FORBIDDEN: Final = re.compile("[^\t\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def read_text(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    SpecError
        If there is no such file, or it cannot be read or is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            # One more than allowed: tells a larger file from a full one, and comes to an end for /dev/zero.
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        _fail(path, "There is no such file.", _similar_file(path))
    except IsADirectoryError:
        _fail(path, "This is a folder.", "Name the experiment file in it.")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        _fail(path, f"The file cannot be read: {reason}.", "Check its name and its permissions.")
    if len(raw) > MAX_BYTES:
        problem = _too_large()
        _fail(path, problem.message, problem.hint)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _fail(path, f"Line {line} is not text in UTF-8.", "Save the file with the encoding UTF-8.")


def normalised(text: str) -> str:
    r"""The text without byte order mark and with ``\n`` between lines, as editors number them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def check_text(text: str) -> None:
    """Refuse what is too large or holds invisible characters.

    Raises
    ------
    SpecError
        With the place of the first such character.
    """
    # The characters are counted first: encoding takes memory.
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SpecError([_too_large()])
    found = _FORBIDDEN.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"There is an invisible character here (U+{ord(found[0]):04X})."
        raise SpecError([Problem((), message, "Remove it; perhaps the file is not a text file.", line, column)])


def _too_large() -> Problem:
    hint = "Keep data in CSV, NPY or HDF5 files and name these in the experiment."
    return Problem((), f"The text is larger than {MAX_BYTES // 1000} kB.", hint)


def _fail(path: Path, message: str, hint: str) -> NoReturn:
    raise SpecError([Problem((), message, hint)], f"{path}\n  {message} {hint}")


def _similar_file(path: Path) -> str:
    neighbours = [other.name for other in path.parent.glob("*.y*ml")] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, neighbours, n=1)
    return f"Did you mean '{path.with_name(close[0])}'?" if close else "Check the path."
