"""With what a recording was made: enough to explain a difference, nothing that tells who made it where.

No host name, no user name, no path of this machine: recordings are given away. No git commit either: it would not tell
of uncommitted changes, and the experiment itself is stored in every recording.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from snnrun import __version__

_PACKAGES: Final = ("brian2", "numpy", "h5py")


def collect(*, started: datetime, compiler: str, wall_times: Mapping[str, float]) -> dict[str, str | int | float]:
    """Versions, machine and times of a run.

    Parameters
    ----------
    started
        Start of the run, with its time zone.
    compiler
        The compiler's name and version as it gives them, and the flags it was called with.
    wall_times
        Seconds by stage: ``{"compile": …, "simulate": …}``; stored as ``wall_time_compile``.
    """
    return {
        "version_snnrun": __version__,
        **{f"version_{package}": _version(package) for package in _PACKAGES},
        "version_python": platform.python_version(),
        "platform": platform.platform(),
        "cpu": _cpu_model(),
        "n_cpus": os.cpu_count() or 0,
        "compiler": compiler,
        "started": started.astimezone(UTC).isoformat(timespec="seconds"),
        **{f"wall_time_{stage}": float(seconds) for stage, seconds in wall_times.items()},
    }


def changed_since(then: Mapping[str, object], now: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """What differs between two provenances and can make numbers differ: programs, compiler, processor; then and now."""
    decisive = {"compiler", "cpu", "engine", "fingerprint"}
    names = [name for name in now if name.startswith("version_") or name in decisive]
    return {name: (str(then.get(name, "unknown")), str(now[name])) for name in names if then.get(name) != now[name]}


@cache  # reading it takes longer than a small simulation
def _version(package: str) -> str:
    """From the package's metadata: importing Brian takes more than a second."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


@cache
def _cpu_model() -> str:
    """The name of the processor; Python itself knows only its family on Linux."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
