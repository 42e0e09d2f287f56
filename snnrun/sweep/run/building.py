"""The programs of a sweep, compiled before its points need them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from snnrun.network.compose import compose
from snnrun.simulation.build_cache import cached, program_for
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import processors
from snnrun.sweep.files.points import Build, Plan
from snnrun.sweep.plan.experiments import point_experiment


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
    """
    needed = missing_builds(plan)
    if not needed:
        return 0
    listener.stage(f"compiling {len(needed)} program{'s' if len(needed) > 1 else ''} (once for each structure)")

    def compiled(build: Build) -> bool:
        experiment = point_experiment(plan, plan.by_id[build.point])
        return program_for(compose(experiment).blueprint).fresh

    # Threads: the work is done by the generator and the compiler, in processes of their own.
    with ThreadPoolExecutor(jobs or processors()) as pool:
        fresh = 0
        for number, is_fresh in enumerate(pool.map(compiled, needed), start=1):
            fresh += is_fresh
            listener.progress(number / len(needed))
    return fresh


def missing_builds(plan: Plan) -> list[Build]:
    """The programs that are not in the cache of this machine."""
    return [build for build in plan.builds if cached(build.fingerprint) is None]
