"""Where results lie: ``<results>/<experiment>/<run_id>/``, and ``latest`` beside the runs."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from snnrun.errors import ResultsError
from snnrun.results.atomic import cannot_write, link_whole, make_folder, remove_leftovers

RECORDING: Final = "recording.h5"
ANALYSIS: Final = "analysis.h5"
LATEST: Final = "latest"
FIGURES: Final = "figures"
_LOCK: Final = ".lock"
_SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")


def is_safe_name(name: str) -> bool:
    """Whether a name may become a file, a folder or an HDF5 object: no path, no option, not hidden, not too long."""
    return bool(_SAFE_NAME.match(name))


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run.

    Parameters
    ----------
    root
        The results folder; it may be a symbolic link, what lies below it may not.
    experiment
        Name of the experiment.
    run_id
        Derived from the resolved experiment: the same experiment has the same folder.

    Raises
    ------
    ResultsError
        If a name is not safe.
    """

    root: Path
    experiment: str
    run_id: str

    def __post_init__(self) -> None:
        for name in (self.experiment, self.run_id):
            if not is_safe_name(name):
                raise ResultsError(
                    f"{self.root}: {name[:120]!r} cannot be the name of a folder. "
                    "Use letters, digits and '_', after the first also '-' and '.', 100 characters at most."
                )
        if self.run_id == LATEST:
            raise ResultsError(f"{self.root / self.experiment}: a run cannot be called {LATEST!r}.")

    @property
    def path(self) -> Path:
        return self.root / self.experiment / self.run_id

    @property
    def recording(self) -> Path:
        return self.path / RECORDING

    @property
    def analysis(self) -> Path:
        return self.path / ANALYSIS

    @property
    def figures(self) -> Path:
        return self.path / FIGURES

    @property
    def latest(self) -> Path:
        """The symbolic link to the newest run of the experiment."""
        return self.root / self.experiment / LATEST

    def create(self) -> None:
        """Make the folder and its ``figures/``, unless they are there.

        Raises
        ------
        ResultsError
            If it cannot be made, or if a symbolic link below the results folder leads elsewhere.
        """
        for folder in (self.path.parent, self.path, self.figures):
            make_real_folder(folder)

    def mark_latest(self) -> None:
        """Point ``latest`` to this run.

        Raises
        ------
        ResultsError
            If the link cannot be made.
        """
        link_whole(self.latest, self.run_id)

    @contextmanager
    def lock(self, wait: bool = True) -> Iterator[None]:
        """Keep the run to this process, as `locked` does; its folder is made.

        Raises
        ------
        ResultsError
            If another process is at work on the run and `wait` is false, or if the folder cannot be made or locked.
        """
        self.create()
        with locked(self.path, wait):
            yield


@contextmanager
def locked(folder: Path, wait: bool = True) -> Iterator[None]:
    """Keep a folder to this process: everybody who writes into the folder of a run holds the lock meanwhile.

    The kernel releases it when the process ends in whatever way, so no lock outlives its owner. What killed writers
    left there and among the figures is cleared. The folder must not be removed while the lock is held.

    Parameters
    ----------
    wait
        Whether to wait until another process is done with the folder.

    Raises
    ------
    ResultsError
        If another process is at work there and `wait` is false, or if the folder cannot be locked.
    """
    path = folder / _LOCK
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        _acquire(descriptor, path, wait)
        for place in (folder, folder / FIGURES):
            remove_leftovers(place)
        yield
    finally:
        os.close(descriptor)  # releases it


def make_real_folder(folder: Path) -> None:
    """Make a folder unless it is there.

    Raises
    ------
    ResultsError
        If it cannot be made, or is a symbolic link: results that came from somebody else could send what we write to
        any place.
    """
    if folder.is_symlink():
        raise ResultsError(
            f"{folder}: is a symbolic link, and results are written into real folders only. "
            "Remove it, or choose another results folder."
        )
    make_folder(folder)


def _acquire(descriptor: int, path: Path, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResultsError(
            f"{path.parent}: another snnrun is working on this run. Wait until it is done; the result will be the same."
        ) from None
    except OSError as error:
        raise ResultsError(
            f"{path.parent}: cannot be locked: {error.strerror}. Choose a results folder on a local disk."
        ) from error


def find_recordings(path: Path) -> list[Path]:
    """The recordings that a user means by a path, sorted by name.

    Parameters
    ----------
    path
        A recording, the folder of a run (or ``latest``), of an experiment, or of all results.

    Raises
    ------
    ResultsError
        If there is none.
    """
    if path.is_file():
        return [path]
    for pattern in (RECORDING, f"*/{RECORDING}", f"*/*/{RECORDING}"):
        found = sorted(recording for recording in path.glob(pattern) if not _passes_link(recording, path))
        if found:
            return found
    raise missing(path)


def _passes_link(recording: Path, start: Path) -> bool:
    """Whether a folder between is a link: ``latest`` would show its run twice."""
    between = recording.parent
    while between != start:
        if between.is_symlink():
            return True
        between = between.parent
    return False


def missing(path: Path) -> ResultsError:
    """The error for a path without a recording, with the nearest thing that exists."""
    if path.is_dir():
        return ResultsError(f"{path}: holds no {RECORDING}. Run the experiment first: snnrun simulate")
    for folder in path.parents:
        if not folder.is_dir():
            continue
        latest = folder / LATEST / RECORDING
        if latest.is_file():
            return ResultsError(f"{path}: does not exist. Did you mean {latest}?")
        asked = path.relative_to(folder).parts[0]
        close = get_close_matches(asked, sorted(entry.name for entry in folder.iterdir()), n=1)
        if close and close[0] != asked:
            return ResultsError(f"{path}: does not exist. Did you mean {folder / close[0]}?")
        break
    return ResultsError(f"{path}: does not exist.")
