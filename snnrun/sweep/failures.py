"""Why points failed: one small file for each, beside where its result would be."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from snnrun.errors import SnnrunError
from snnrun.results.atomic import write_whole
from snnrun.sweep.folder import SweepFolder


@dataclass(frozen=True)
class Failure:
    """Why the last attempt at a point failed.

    Parameters
    ----------
    message
        What the user is told.
    kind
        The error's name.
    exit_code
        With which the command ended that ran the point alone.
    session
        The invocation of make in which it failed.
    host
        Name of the machine.
    when
        In ISO format, UTC.
    """

    message: str
    kind: str
    exit_code: int
    session: str
    host: str
    when: str

    @classmethod
    def of(cls, error: BaseException, session: str, host: str) -> Failure:
        """What to remember of an error."""
        code = error.exit_code if isinstance(error, SnnrunError) else 1
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(str(error) or type(error).__name__, type(error).__name__, code, session, host, now)


def write_failure(folder: SweepFolder, point: str, failure: Failure) -> None:
    """Remember why a point failed, in the place of an earlier failure.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_whole(folder.failure(point), json.dumps(asdict(failure)).encode())


def read_failure(folder: SweepFolder, point: str) -> Failure | None:
    """Why a point failed; None if it did not, or has been done since."""
    try:
        raw = json.loads(folder.failure(point).read_bytes())
        return Failure(
            message=str(raw["message"]),
            kind=str(raw["kind"]),
            exit_code=int(raw["exit_code"]),
            session=str(raw["session"]),
            host=str(raw["host"]),
            when=str(raw["when"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Failure("The file that says why is damaged.", "unknown", 1, "", "", "")


def forget_failure(folder: SweepFolder, point: str) -> None:
    """Remove what is remembered of a failure, if anything."""
    with suppress(OSError):
        folder.failure(point).unlink()
