"""The programs of a sweep, compiled before its points need them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from snnrun.errors import BuildError
from snnrun.network.blueprint import Blueprint
from snnrun.network.compose import compose
from snnrun.simulation.build_cache import cached
from snnrun.simulation.fingerprint import fingerprint
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import processors
from snnrun.sweep.files.points import Build, Plan, Point
from snnrun.sweep.plan.experiments import point_experiment
from snnrun.sweep.run.compilers import compiled
from snnrun.sweep.run.stopping import stoppable


@dataclass(frozen=True)
class Built:
    """What came of compiling.

    Parameters
    ----------
    fresh
        How many programs were compiled now.
    errors
        Why others could not be, by their number in the plan.
    """

    fresh: int
    errors: Mapping[int, BuildError]


def build_programs(plan: Plan, points: Iterable[Point], listener: Listener, jobs: int | None = None) -> Built:
    """Compile what is not in the cache of this machine, several at a time.

    Parameters
    ----------
    points
        Those that will be computed: what others need is left alone.
    jobs
        How many; None for one on each processor.

    Raises
    ------
    BuildError
        If none of the plan's programs can be compiled.
    Stopped
        At SIGINT and SIGTERM; no process is left.
    """
    blueprints = _missing(plan, {point.build for point in points})
    if not blueprints:
        return Built(0, {})
    programs = "program" if len(blueprints) == 1 else "programs"
    listener.stage(f"compiling {len(blueprints)} {programs} (once for each structure)")
    fresh, errors = 0, {}
    with stoppable(), compiled(blueprints, jobs or processors()) as outcomes:
        for done, (number, outcome) in enumerate(outcomes, start=1):
            if isinstance(outcome, BuildError):
                errors[number] = outcome
            else:
                fresh += outcome
            listener.progress(done / len(blueprints))
    if len(errors) == len(plan.builds):
        raise errors[0]
    return Built(fresh, errors)


def missing_builds(plan: Plan) -> list[Build]:
    """The programs that are not in the cache of the machine on which the sweep was planned."""
    return [build for build in plan.builds if cached(build.fingerprint) is None]


def _missing(plan: Plan, needed: Collection[int]) -> dict[int, Blueprint]:
    """What this machine lacks, by number in the plan: for another processor it may be another program."""
    examples = {number: plan.by_id[plan.builds[number].point] for number in sorted(needed)}
    blueprints = {number: compose(point_experiment(plan, point)).blueprint for number, point in examples.items()}
    return {number: blueprint for number, blueprint in blueprints.items() if cached(fingerprint(blueprint)) is None}
