"""What the user sees: the only place that prints.

Results go to standard output, everything else to standard error, so that ``snnrun … --json | jq`` works. Colours are
used on a terminal only, never carry meaning alone, and stay away when ``NO_COLOR`` is set.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shlex
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from snnrun.simulation.listener import Listener

_BOLD: Final = "\033[1m"
_RED: Final = "\033[31m"
_PLAIN: Final = "\033[0m"
_CLEAR_LINE: Final = "\r\033[K"
_CLEAR_SCREEN: Final = "\033[H\033[2J"
_BAR_WIDTH: Final = 30
# Lines about progress in a log file: often enough to see that it goes on, and no more.
_PARTS_IN_A_LOG: Final = 10


def say(text: str = "") -> None:
    """A line of the result."""
    print(_printable(text))


def remark(text: str) -> None:
    """Something about the work, not part of its result."""
    print(_printable(text), file=sys.stderr)


def error(text: str) -> None:
    """What went wrong; a text of several lines begins with the place and needs no announcement."""
    announced = "" if "\n" in text else _styled("Error: ", _RED, sys.stderr)
    print(f"{announced}{_printable(text)}", file=sys.stderr)


def interrupted() -> None:
    """The user has pressed Ctrl-C."""
    begin = "\n" if sys.stderr.isatty() else ""  # the terminal has shown ^C in the line of the progress bar
    print(f"{begin}Interrupted; nothing half-written was kept.", file=sys.stderr)


def heading(text: str) -> None:
    """A line above a part of the result."""
    print(_styled(_printable(text), _BOLD, sys.stdout))


def table(rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Rows in columns, the first of them the head; the first column and the last are words, the others numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        say(f"{indent}{'  '.join(cells)}".rstrip())


def show_json(value: Any) -> None:
    """The result for other programs."""
    print(json.dumps(_plain(value), indent=2, allow_nan=False))


def shown(path: Path) -> str:
    """A path as one would type it: relative when it lies below the working folder."""
    path, here = path.absolute(), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def typed(path: Path) -> str:
    """A path as one types it into a shell."""
    return shlex.quote(shown(path))


def clear() -> None:
    """Empty the terminal, for what is shown again and again; in a log, what was shown stays."""
    if sys.stdout.isatty():
        print(_CLEAR_SCREEN, end="")


def in_bytes(number: float) -> str:
    """``1.5 GB``: a size for people."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 999.5:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"


def in_time(seconds: float) -> str:
    """``3 min``: a duration for people."""
    for unit, length, most in (("s", 1, 90), ("min", 60, 90), ("h", 3600, 48)):
        if seconds < most * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / 86400:.3g} d"


def about(seconds: float) -> str:
    """``about 3 min``: a duration that is known roughly."""
    return f"about {in_time(seconds)}" if seconds > 1 else "less than 1 s"


def counted(number: int, one: str) -> str:
    """``3 points``: a number of things by the name of one."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def listener(quiet: bool = False) -> Listener:
    """Who tells the user how a run goes: a bar on a terminal, lines in a log, nothing when quiet."""
    if quiet:
        return Listener()
    return _Bar() if sys.stderr.isatty() else _Log()


class _Log(Listener):
    """Lines: for files and pipes."""

    def __init__(self) -> None:
        self._told = 0

    def stage(self, message: str) -> None:
        self._told = 0
        remark(message)

    def progress(self, fraction: float) -> None:
        part = int(fraction * _PARTS_IN_A_LOG)
        if part > self._told:
            self._told = part
            remark(f"  {part * 100 // _PARTS_IN_A_LOG} %")

    def remark(self, message: str) -> None:
        remark(f"note: {message}")


class _Bar(Listener):
    """One line that is drawn anew: for terminals."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._drawn = False

    def stage(self, message: str) -> None:
        self._clear()
        self._begun = time.monotonic()
        remark(message)

    def progress(self, fraction: float) -> None:
        width = max(5, min(_BAR_WIDTH, shutil.get_terminal_size().columns - 35))
        filled = round(width * fraction)
        left = (time.monotonic() - self._begun) * (1 - fraction) / fraction if fraction > 0 else math.nan
        bar = f"  {'█' * filled}{'░' * (width - filled)} {fraction:4.0%}  {_time_left(left)}"
        print(f"{_CLEAR_LINE}{bar}", end="", file=sys.stderr, flush=True)
        self._drawn = True
        if fraction >= 1:
            self._clear()

    def remark(self, message: str) -> None:
        self._clear()
        remark(f"note: {message}")

    def _clear(self) -> None:
        if self._drawn:
            print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
            self._drawn = False


def _time_left(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    minutes, rest = divmod(math.ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d} left" if hours else f"{minutes}:{rest:02d} left"


def _styled(text: str, style: str, stream: TextIO) -> str:
    return f"{style}{text}{_PLAIN}" if stream.isatty() and not os.environ.get("NO_COLOR") else text


def _printable(text: str) -> str:
    """Nothing that a terminal would obey: titles and messages come from files of other people."""
    return "".join(char if char.isprintable() or char == "\n" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _plain(value: Any) -> Any:
    """A value as JSON has it; NaN and infinity, which JSON lacks, become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    assert isinstance(value, Path), f"{type(value)} has no JSON"
    return str(value)
