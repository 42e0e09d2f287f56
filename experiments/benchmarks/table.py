"""Markdown tables of what was measured."""

import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

START, STOP = "<!-- measured: begin -->", "<!-- measured: end -->"


def spread(values: Sequence[float]) -> str:
    """Median of what was measured, and its range."""
    middle = f"{statistics.median(values):.3g}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.3g}–{max(values):.3g})"


class Table:
    """Prints its rows as they come and keeps them."""

    def __init__(self, title: str, columns: Sequence[str], say: Callable[[str], None]) -> None:
        self._say = say
        say(f"\n**{title}**\n")
        say(f"| {' | '.join(columns)} |")
        say(f"|{'---|' * len(columns)}")

    def row(self, *cells: str) -> None:
        """Add a row."""
        self._say(f"| {' | '.join(cells)} |")


class Report:
    """All text of a run: on the console at once, and at the end between the two markers of a file."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def say(self, line: str) -> None:
        """Print a line and keep it."""
        self._lines.append(line)
        print(line, flush=True)

    def table(self, title: str, *columns: str) -> Table:
        """Begin a table."""
        return Table(title, columns, self.say)

    def write(self, path: Path) -> None:
        """Put the text between the markers of a Markdown file."""
        text = path.read_text(encoding="utf-8")
        before, _, rest = text.partition(START)
        _, _, after = rest.partition(STOP)
        path.write_text("\n".join([before + START, *self._lines, STOP + after]), encoding="utf-8")


def machine() -> str:
    """Processor, cores and versions."""
    packages = ", ".join(f"{name} {_version(name)}" for name in ("brian2", "nest-simulator", "numpy"))
    compiler = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"{_cpu_model()}, {len(os.sched_getaffinity(0))} cores; Python {platform.python_version()}, {packages}, "
        f"g++ {compiler or 'not installed'}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _cpu_model() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
