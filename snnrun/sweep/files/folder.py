"""Where a sweep lies: everything of it in one folder, ``<results>/<experiment>/sweep/``."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from snnrun.errors import ResultsError, UserError
from snnrun.results.layout import RunFolder, is_safe_name, make_real_folder

_FOLDER: Final = "sweep"
_PLAN: Final = "plan.json"
_POINTS: Final = "points"


@dataclass(frozen=True)
class Scan:
    """What the folder says about points, by their ids.

    Parameters
    ----------
    done
        Those whose results are there.
    failed
        Those whose last attempt failed.
    claimed
        Those that somebody is working on, or was when he was killed.
    """

    done: frozenset[str]
    failed: frozenset[str]
    claimed: frozenset[str]


@dataclass(frozen=True)
class SweepFolder:
    """The folder of one sweep.

    Parameters
    ----------
    path
        ``<results>/<experiment>/sweep``, or ``sweep-<name>`` for a second one of the same experiment.
    """

    path: Path

    @classmethod
    def of(cls, results: Path, experiment: str, name: str | None = None) -> SweepFolder:
        """The folder of a sweep by its name.

        Raises
        ------
        UserError
            If the name cannot be that of a folder.
        """
        folder = _FOLDER if name is None else f"{_FOLDER}-{name}"
        if not is_safe_name(folder):
            raise UserError(
                f"--name {name!r} cannot be part of the name of a folder. Use letters, digits, '_', '-' and '.'."
            )
        return cls(results.absolute() / experiment / folder)

    @property
    def results(self) -> Path:
        """The folder of all results."""
        return self.path.parent.parent

    @property
    def plan_file(self) -> Path:
        return self.path / _PLAN

    @property
    def points_file(self) -> Path:
        return self.path / "points.txt"

    @property
    def makefile(self) -> Path:
        return self.path / "sweep.mk"

    @property
    def points(self) -> Path:
        return self.path / _POINTS

    @property
    def table_file(self) -> Path:
        return self.path / "sweep.h5"

    @property
    def csv_file(self) -> Path:
        return self.path / "sweep.csv"

    @property
    def figures(self) -> Path:
        return self.path / "figures"

    @property
    def slurm(self) -> Path:
        return self.path / "slurm"

    def result(self, point: str) -> Path:
        """What a point leaves when it is done."""
        return self.points / f"{point}.h5"

    def failure(self, point: str) -> Path:
        """Why its last attempt failed, if it did."""
        return self.points / f"{point}.failed"

    def claim(self, point: str) -> Path:
        """Who is working on it: whoever holds the lock of this file."""
        return self.points / f"{point}.running"

    def run(self, run_id: str) -> RunFolder:
        """Where the run of a point lies that is kept in full, or was simulated by itself."""
        return RunFolder(self.results, self.path.parent.name, run_id)

    def create(self) -> None:
        """Make the folder and its ``points/``, unless they are there.

        Raises
        ------
        ResultsError
            If it cannot be made, or if a symbolic link below the results folder leads elsewhere.
        """
        for folder in (self.path.parent, self.path, self.points):
            make_real_folder(folder)

    def scan(self) -> Scan:
        """Which points are done, failed or claimed: one look into the folder, however many there are.

        Raises
        ------
        ResultsError
            If the folder cannot be read.
        """
        found: Mapping[str, set[str]] = {"h5": set(), "failed": set(), "running": set()}
        try:
            with os.scandir(self.points) as entries:  # with a Path for each of many it takes twice as long
                for entry in entries:
                    point, _, suffix = entry.name.partition(".")
                    if suffix in found:
                        found[suffix].add(point)
        except FileNotFoundError:
            pass  # nothing has begun
        except OSError as error:
            raise ResultsError(f"{self.points}: cannot be read: {error.strerror}.") from error
        done = frozenset(found["h5"])
        return Scan(done, frozenset(found["failed"]) - done, frozenset(found["running"]) - done)


def find_sweep(target: Path, output: Path, name: str | None = None) -> SweepFolder:
    """The sweep that a user means.

    Parameters
    ----------
    target
        The experiment file, the folder of a sweep, or a file in it.
    output
        The results folder, for experiment files.
    name
        Name of the sweep, for experiment files.

    Raises
    ------
    UserError
        If there is none.
    """
    for place in (target, target.parent):
        if (place / _PLAN).is_file():
            return SweepFolder(place.resolve())  # the results and the experiment are read off its path
    if target.is_dir() or not target.exists():
        known = sorted(plan.parent for plan in output.glob(f"*/{_FOLDER}*/{_PLAN}"))
        there = "holds no sweep" if target.is_dir() else "does not exist"
        advice = f"Did you mean {known[0]}?" if known else "Plan one first: snnrun sweep plan FILE AXIS=VALUES …"
        raise UserError(f"{target}: {there}. {advice}")
    from snnrun.network.loading import name_of

    folder = SweepFolder.of(output, name_of(target), name)
    if not folder.plan_file.is_file():
        which, option = ("its sweep", "") if name is None else (f"its sweep {name!r}", f" --name {name}")
        command = f"snnrun sweep plan {shlex.quote(str(target))}{option}"
        raise UserError(f"{target}: {which} has not been planned yet in {output}. Do it first: {command}")
    return folder
