"""A worker: computes the point that make asks for, then works ahead along the list.

Python takes longer to start than a small point to compute. What a worker has done ahead, make finds done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from snnrun.errors import SnnrunError, UserError, WriteError
from snnrun.sweep.files.claims import claimed, clear_done, wait_for
from snnrun.sweep.files.failures import Failure, forget_failure, read_failure, write_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.run.stopping import stoppable

if TYPE_CHECKING:
    from snnrun.sweep.files.points import Plan
    from snnrun.sweep.run.computing import Computer

SLICE: Final = 30.0
"""Seconds for which a worker works ahead: long against its start, and short enough for make to look after it."""


@dataclass(frozen=True)
class Outcome:
    """What became of the point that was asked for.

    Parameters
    ----------
    failure
        Why it failed; None when it is done.
    is_earlier
        Whether it had failed in this session before.
    """

    failure: Failure | None = None
    is_earlier: bool = False


def settled(folder: SweepFolder, point: str, session: str) -> Outcome | None:
    """What became of a point in this session before; None when it is still to be computed."""
    if folder.result(point).exists():
        return Outcome()
    failure = read_failure(folder, point) if session else None
    return Outcome(failure, is_earlier=True) if failure and failure.session == session else None


def work(
    folder: SweepFolder,
    first: str,
    queue: Sequence[str],
    session: str,
    slice_seconds: float | None = SLICE,
    on_bug: Callable[[Exception], None] = lambda error: None,
) -> Outcome:
    """Compute a point, then others while the time lasts.

    Points that are done, that failed in this session, or at which somebody else is working are left alone. When
    somebody is working on the first, others are computed meanwhile, and he is waited for.

    Parameters
    ----------
    first, queue
        Ids of the point that must be done, and of those that may.
    session
        Name of the invocation of make that this is part of; empty outside of any.
    slice_seconds
        Until when points are begun; None for as long as there are some.
    on_bug
        Is told of errors that snnrun does not explain.

    Raises
    ------
    Stopped
        At SIGINT and SIGTERM; nothing half-written is left, nor a process or a claim.
    WriteError
        If results cannot be written.
    UserError
        If the first is no point of the sweep.
    """
    until = math.inf if slice_seconds is None else time.monotonic() + slice_seconds
    worker = _Worker(folder, session, on_bug)
    with stoppable():
        return worker.run(first, queue, until)


@dataclass
class _Worker:
    folder: SweepFolder
    session: str
    on_bug: Callable[[Exception], None]
    _failed: dict[str, Failure] = field(default_factory=dict)

    @cached_property
    def _plan(self) -> Plan:
        from snnrun.sweep.files.plan_file import read_plan  # as below: not for points that are settled

        return read_plan(self.folder)

    @cached_property
    def _computer(self) -> Computer:
        from snnrun.sweep.run.computing import Computer

        return Computer(self.folder, self._plan)

    def run(self, first: str, queue: Sequence[str], until: float) -> Outcome:
        if first not in self._plan.by_id:
            raise UserError(
                f"{self.folder.path}: {first!r} is no point of this sweep. Plan it again: snnrun sweep plan"
            )
        if self._outcome(first) is None:
            self._attempt(first)
        self._work_ahead(_behind(first, queue), until)
        while (outcome := self._outcome(first)) is None:
            wait_for(self.folder, first)
            self._attempt(first)
        return outcome

    def _outcome(self, point: str) -> Outcome | None:
        """What became of a point in this session, by whomever; None when it is still to be computed."""
        failure = self._failed.get(point)
        return Outcome(failure) if failure else settled(self.folder, point, self.session)

    def _work_ahead(self, points: Iterable[str], until: float) -> None:
        if time.monotonic() >= until:
            return
        clear_done(self.folder)
        done = self.folder.scan().done
        for point in points:
            if time.monotonic() >= until:
                return
            if point not in done and point in self._plan.by_id and self._outcome(point) is None:
                self._attempt(point)

    def _attempt(self, point: str) -> None:
        """Compute a point unless it is taken; an error is written down."""
        with claimed(self.folder, point) as is_ours:
            if not is_ours or self._outcome(point) is not None:  # its last owner may just have finished
                return
            try:
                self._computer.compute(self._plan.by_id[point])
            except WriteError:  # of no use to go on
                raise
            except (SnnrunError, MemoryError) as error:
                self._fail(point, error)
            except Exception as error:  # noqa: BLE001 - the other points may still be computed
                self.on_bug(error)
                self._fail(point, error)
            else:
                forget_failure(self.folder, point)

    def _fail(self, point: str, error: Exception) -> None:
        self._failed[point] = Failure.of(error, self.session)
        write_failure(self.folder, point, self._failed[point])


def _behind(first: str, queue: Sequence[str]) -> Sequence[str]:
    """The queue from behind a point on, then from its beginning: workers that start apart stay apart."""
    start = queue.index(first) + 1 if first in queue else 0
    return [*queue[start:], *queue[: max(start - 1, 0)]]
