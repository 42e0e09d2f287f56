"""Why points failed: one small file for each, beside where its result would be."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from snnrun.errors import SnnrunError, SpecError, UserError
from snnrun.results.atomic import write_whole
from snnrun.sweep.files.folder import SweepFolder


@dataclass(frozen=True)
class Failure:
    """Why the last attempt at a point failed.

    Parameters
    ----------
    message
        What the user is told, in one line.
    kind
        The error's name; ``bug`` for what snnrun cannot explain.
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
    def of(cls, error: Exception, session: str) -> Failure:
        """What to remember of an error."""
        kind, code, message = "bug", 1, f"{type(error).__name__}: {error}"
        if isinstance(error, SnnrunError):
            kind, code = type(error).__name__, error.exit_code
            message = " ".join(map(str, error.problems)) if isinstance(error, SpecError) else str(error)
        elif isinstance(error, MemoryError):
            kind, code = type(error).__name__, UserError.exit_code
            message = f"There was not enough memory ({error}). Run fewer points at a time, or use a larger machine."
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(" ".join(message.split()), kind, code, session, socket.gethostname(), now)


def write_failure(folder: SweepFolder, point: str, failure: Failure) -> None:
    """Remember why a point failed, in the place of an earlier failure.

    Raises
    ------
    WriteError
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
