"""The programs of a sweep, compiled before its points need them."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Final

from snnrun.errors import BuildError, SnnrunError
from snnrun.network.compose import compose
from snnrun.simulation.build_cache import cached, program_for
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import processors
from snnrun.spec.experiment import Experiment
from snnrun.sweep.files.points import Build, Plan
from snnrun.sweep.plan.experiments import point_experiment
from snnrun.sweep.run.stopping import Stopped, stoppable

# Fresh interpreters: a copy of this one would inherit its locks and open files.
_PROCESSES: Final = get_context("spawn")


def build_programs(plan: Plan, listener: Listener, jobs: int | None = None) -> int:
    """Compile what is not in the cache of this machine, several at a time.

    Parameters
    ----------
    jobs
        How many; None for one on each processor.

    Returns
    -------
    How many were compiled.

    Raises
    ------
    BuildError
        If one of them cannot be compiled.
    Stopped
        At SIGINT and SIGTERM; no process is left.
    """
    needed = missing_builds(plan)
    if not needed:
        return 0
    listener.stage(f"compiling {len(needed)} program{'s' if len(needed) > 1 else ''} (once for each structure)")
    experiments = [point_experiment(plan, plan.by_id[build.point]) for build in needed]
    fresh = 0
    with stoppable():
        for number, is_fresh in enumerate(_built(experiments, min(jobs or processors(), len(needed))), start=1):
            fresh += is_fresh
            listener.progress(number / len(needed))
    return fresh


def missing_builds(plan: Plan) -> list[Build]:
    """The programs that are not in the cache of this machine."""
    return [build for build in plan.builds if cached(build.fingerprint) is None]


def _built(experiments: Sequence[Experiment], jobs: int) -> Iterator[bool]:
    """Compile one program after the other in so many processes; for each, as it comes, whether it was compiled now."""
    if jobs == 1:
        yield from map(_is_fresh, experiments)
        return
    # Not in threads: what a thread has started lives no longer than the thread, and does not end with Ctrl-C.
    with _shared_out([experiments[first::jobs] for first in range(jobs)]) as open_ends:
        while open_ends:
            ready = wait(open_ends)
            for end in [end for end in open_ends if end in ready]:
                try:
                    said = end.recv()
                except EOFError:
                    open_ends.remove(end)
                    continue
                if isinstance(said, SnnrunError):
                    raise said
                yield said


@contextmanager
def _shared_out(shares: Sequence[Sequence[Experiment]]) -> Iterator[list[Connection]]:
    """Processes that compile a share each; the ends of pipes on which they tell of each program."""
    pipes = [_PROCESSES.Pipe(duplex=False) for _ in shares]
    workers = [
        _PROCESSES.Process(target=_compile, args=(share, there))
        for share, (_, there) in zip(shares, pipes, strict=True)
    ]
    try:
        for worker, (_, there) in zip(workers, pipes, strict=True):
            with _deaf_to_ctrl_c():
                worker.start()
            there.close()  # so that its end is seen here
        yield [here for here, _ in pipes]
        for worker in workers:
            worker.join()
            if worker.exitcode:
                raise BuildError(
                    f"A process that compiled programs has ended with status {worker.exitcode}; it may have been "
                    "killed for want of memory. The same command goes on; -j1 compiles one program at a time."
                )
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
                worker.join()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started here is; Python would show where it was interrupted while starting. We end it ourselves."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _compile(experiments: Sequence[Experiment], there: Connection) -> None:
    """What one of the processes does."""
    try:
        with stoppable():
            for experiment in experiments:
                there.send(_is_fresh(experiment))
    except SnnrunError as error:
        there.send(error)
    except (Stopped, BrokenPipeError):  # whoever stops us, or is gone, need not hear why
        return


def _is_fresh(experiment: Experiment) -> bool:
    return program_for(compose(experiment).blueprint).fresh
