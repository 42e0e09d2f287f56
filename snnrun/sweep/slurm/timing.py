"""What is done at the login node before points are submitted: programs are compiled, and a point is timed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from snnrun.errors import UserError
from snnrun.simulation.listener import Listener
from snnrun.sweep.plan.planning import Planned
from snnrun.sweep.run.building import build_programs
from snnrun.sweep.run.making import run_points
from snnrun.sweep.run.outlook import seconds_per_point


def prepare(planned: Planned, missing: Sequence[str], given: float | None, listener: Listener) -> float:
    """Compile the programs of a sweep, unless nodes must do so for themselves, and find how long a point takes.

    Parameters
    ----------
    missing
        Ids of the points to come.
    given
        Seconds of a point, if the user knows.

    Returns
    -------
    Expected seconds of a point.

    Raises
    ------
    UserError
        If the one point that is run to time it fails.
    BuildError, ResultsError
        If a program cannot be compiled, or a file not be read or written.
    """
    if not is_native(planned.plan.data):
        points = [planned.plan.by_id[one] for one in missing]
        for error in build_programs(planned.plan, points, listener).errors.values():
            listener.remark(f"points will fail, because their program cannot be compiled: {error}")
    folder = planned.folder
    seconds = given or seconds_per_point(folder, folder.scan().done)
    if seconds is not None:
        return seconds
    listener.remark("no point has been timed yet: one is run here; --point-time '30 s' spares it")
    failures = run_points(folder, missing[:1], 1, listener)
    if failures:
        raise UserError(
            f"{folder.path}: the point that was to be timed failed: {failures[missing[0]].message}\n"
            "Should the others be submitted nevertheless, say how long one takes: --point-time '30 s'"
        )
    seconds = seconds_per_point(folder, missing[:1])
    assert seconds is not None
    return seconds


def is_native(data: Mapping[str, Any]) -> bool:
    """Whether an experiment's programs are for the processors on which they are compiled, and no others."""
    simulation = data.get("simulation")
    return not isinstance(simulation, Mapping) or simulation.get("arch", "native") == "native"
