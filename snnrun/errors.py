"""The error tree: what can go wrong, told as where, what, and what to do.

Every error that a user can cause or mend is an `SnnrunError`; its ``exit_code`` is what the command line
returns. Anything else that reaches the top is a bug and shows its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an experiment.

    Parameters
    ----------
    path
        Key path in the YAML file, such as ``("populations", "exc", "size")``; empty for the file as a whole.
    message
        What is wrong, a sentence.
    hint
        What to do about it, a sentence; empty when the message says it.
    line, column
        Place in the file, from 1, where the reader knows it better than the key path does.
    """

    path: KeyPath
    message: str
    hint: str = ""
    line: int | None = None
    column: int | None = None

    @property
    def key(self) -> str:
        """The key path as a user writes it: ``projections.exc_to_all.to[1]``."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        return text.removeprefix(".")

    def __str__(self) -> str:
        where = f"{self.key}: " if self.path else ""
        return f"{where}{self.message}{' ' + self.hint if self.hint else ''}"


# The catalog's longest list of names is shown; that of a thousand labels would hide the problem.
_MAX_SHOWN: Final = 60


def suggestion(name: object, known: Iterable[object]) -> str:
    """What to do about an unknown name: ``Did you mean 'lif'?``, or the list when nothing is close."""
    names = [str(candidate) for candidate in known]
    # To difflib 'u' is as far from 'U' as from any other letter.
    alike = [candidate for candidate in names if candidate.casefold() == str(name).casefold()]
    close = alike or difflib.get_close_matches(str(name), names, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    shown = names if len(names) <= _MAX_SHOWN else [*names[: _MAX_SHOWN - 1], f"… ({len(names)} in all)"]
    return f"Known: {', '.join(shown)}."


class SnnrunError(Exception):
    """Base of all errors that snnrun explains to its user."""

    exit_code = 1


class UserError(SnnrunError):
    """Something in the user's hands: no traceback."""

    exit_code = 2


class SpecError(UserError):
    """An experiment file cannot be used; carries every problem found.

    Parameters
    ----------
    problems
        All problems, in the order of the file.
    report
        The problems as shown to the user, with places and lines of the file.
    """

    def __init__(self, problems: Iterable[Problem], report: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__(report if report is not None else "\n".join(map(str, self.problems)))


class ResultsError(UserError):
    """A result is missing, damaged, foreign or of another version; or cannot be written."""


class WriteError(ResultsError):
    """A file cannot be written: the disk is full, or it is not ours."""


class BuildError(SnnrunError):
    """The compiler is missing or refused the generated program."""

    exit_code = 3


class SimulationError(SnnrunError):
    """The compiled program failed, or a state variable left the real numbers."""

    exit_code = 3


class SweepIncomplete(SnnrunError):  # noqa: N818 - it tells how far the sweep is
    """Some points of a sweep failed; the others are done."""

    exit_code = 4
