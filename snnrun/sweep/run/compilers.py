"""Processes that compile programs side by side.

Not threads: what a thread has started ends with the thread (see `snnrun.simulation.process`), and not with Ctrl-C.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final

from snnrun.errors import BuildError
from snnrun.network.blueprint import Blueprint
from snnrun.simulation.build_cache import program_for
from snnrun.simulation.process import end_with_parent
from snnrun.sweep.run.stopping import Stopped, stoppable

Outcome = tuple[int, bool | BuildError]
"""The key of a blueprint, and whether its program was compiled now or was there, or why it could not be."""

# Fresh interpreters: a copy of this one would inherit its locks and open files.
_FRESH: Final = get_context("spawn")
_SIGNALS: Final = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def compiled(blueprints: Mapping[int, Blueprint], jobs: int) -> Iterator[Iterator[Outcome]]:
    """Compile programs, so many at a time; the block gets the outcomes as they come. It leaves no process behind.

    Raises
    ------
    BuildError
        If one of the processes was killed.
    """
    todo = list(blueprints.items())
    shares = [todo[first::jobs] for first in range(min(jobs, len(todo)))]
    if len(shares) == 1:
        yield map(_outcome, todo)
        return
    pipes = [_FRESH.Pipe(duplex=False) for _ in shares]
    workers = [
        _FRESH.Process(target=_work, args=(share, there)) for share, (_, there) in zip(shares, pipes, strict=True)
    ]
    try:
        for worker, (_, there) in zip(workers, pipes, strict=True):
            with _signals_later():
                worker.start()
            there.close()  # here, so that the end of the other one is seen
        yield _heard(workers, [here for here, _ in pipes])
    finally:
        started = [worker for worker in workers if worker.pid is not None]
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.join()


def _heard(workers: Sequence[SpawnProcess], open_ends: list[Connection]) -> Iterator[Outcome]:
    """What the processes tell, until all have ended."""
    while open_ends:
        ready = wait(open_ends)
        for end in [end for end in open_ends if end in ready]:
            try:
                yield end.recv()
            except EOFError:
                open_ends.remove(end)
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise BuildError(
                f"A process that compiled programs was ended (status {worker.exitcode}), maybe for want of memory. "
                "What it has compiled is kept; the same command goes on. 'snnrun sweep run -j1' compiles one at a time."
            )


@contextmanager
def _signals_later() -> Iterator[None]:
    """Signals come after the block, and what is started in it has them blocked: half started, Python shows where."""
    resource_tracker.ensure_running()  # its own start would let them through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(share: Iterable[tuple[int, Blueprint]], there: Connection) -> None:
    """What one of the processes does."""
    parent = parent_process()
    assert parent is not None and parent.pid is not None
    try:
        with stoppable():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            end_with_parent(parent.pid)
            for item in share:
                there.send(_outcome(item))
    except Stopped as stop:
        sys.exit(stop.exit_code)


def _outcome(item: tuple[int, Blueprint]) -> Outcome:
    key, blueprint = item
    try:
        return key, program_for(blueprint).fresh
    except BuildError as error:
        return key, error
