"""``slurm/jobs.json``: what was submitted, so that it can be watched and cancelled from any login node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from snnrun.errors import ResultsError
from snnrun.results.atomic import write_whole
from snnrun.sweep.files.folder import SweepFolder

JOBS = "jobs.json"


@dataclass(frozen=True)
class Record:
    """What was submitted last.

    Parameters
    ----------
    submitted
        When, in UTC; empty when only the scripts were written.
    arrays
        Job ids of the arrays, with the number of tasks of each.
    collect
        Job id of the job that collects; empty when there is none.
    by
        Job id of the one that has submitted them, the collecting job of the round before; empty when the user did.
    points
        How many points the arrays compute.
    planned
        How many points the plan had when its missing ones were submitted, all of them.
    scripts
        SHA-256 of each script as snnrun has written it, by file name: another one is the user's work.
    """

    submitted: str = ""
    arrays: Mapping[str, int] = field(default_factory=dict)
    collect: str = ""
    by: str = ""
    points: int = 0
    planned: int = 0
    scripts: Mapping[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> tuple[str, ...]:
        """The jobs that were submitted."""
        return (*self.arrays, *([self.collect] if self.collect else []))

    @property
    def ids(self) -> tuple[str, ...]:
        """All jobs of the sweep that may not be over: those, and the one that has submitted them."""
        return (*self.jobs, *([self.by] if self.by else []))


def read_record(folder: SweepFolder) -> Record:
    """What was submitted last; an empty record when nothing was.

    Raises
    ------
    ResultsError
        If the file cannot be read or is damaged.
    """
    path = folder.slurm / JOBS
    try:
        plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Record(**plain)
    except FileNotFoundError:
        return Record()
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError):
        raise ResultsError(
            f"{path}: is damaged. Look with 'squeue --me' whether jobs of this sweep are left, then remove the file."
        ) from None


def write_record(record: Record, folder: SweepFolder) -> None:
    """Write it, whole.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    write_whole(folder.slurm / JOBS, (json.dumps(asdict(record), indent=1) + "\n").encode())
