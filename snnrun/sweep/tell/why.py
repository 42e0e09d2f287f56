"""Everything about one point: how it stands and why, what it differs in, how to run it alone."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from snnrun.errors import ResultsError, SnnrunError
from snnrun.network.loading import load, name_of
from snnrun.spec.document import Document
from snnrun.spec.overrides import written_assignment
from snnrun.spec.sweep import Raw
from snnrun.sweep.files.claims import is_alive
from snnrun.sweep.files.failures import read_failure
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan, Point
from snnrun.sweep.files.results import summary_of
from snnrun.sweep.plan.identities import SEED, parameter_axes, split
from snnrun.sweep.table.columns import axis_columns
from snnrun.sweep.tell.status import Worker, worker_at


@dataclass(frozen=True)
class Difference:
    """An axis in which two points differ, with the value of the one and of the other."""

    axis: str
    here: Raw
    there: Raw


@dataclass(frozen=True)
class Why:
    """Everything about one point.

    Parameters
    ----------
    values
        What stands at each axis.
    status
        ``done``, ``failed``, ``running`` or ``missing``.
    message
        Why it failed; empty otherwise.
    worker
        Who is working on it, or was when he was killed; None if nobody.
    files
        What there is of it, by what it is.
    nearest, differences
        The done point that differs in the fewest axes, and of these the nearest in the order of values; and in what it
        differs. None where no other point is done.
    command
        How to run it alone; empty when the experiment file is not where it was.
    is_same_run
        Whether the command gives the same run: not so when the file has changed since the sweep was planned.
    """

    point: Point
    values: Mapping[str, Raw]
    status: str
    message: str
    worker: Worker | None
    files: Mapping[str, Path]
    nearest: Point | None
    differences: tuple[Difference, ...]
    command: str
    is_same_run: bool


def why(plan: Plan, folder: SweepFolder, point: Point, target: Path) -> Why:
    """Everything about one point.

    Parameters
    ----------
    target
        What the user calls the sweep; perhaps the experiment file.

    Raises
    ------
    ResultsError
        If the folder of the sweep cannot be read.
    """
    status, message = _status(folder, point)
    nearest = _nearest_done(plan, folder, point)
    file = _experiment_file(plan, target)
    return Why(
        point=point,
        values=plan.assignment(point),
        status=status,
        message=message,
        worker=worker_at(folder, point.id) if folder.claim(point.id).exists() else None,
        files=_files(folder, point),
        nearest=nearest,
        differences=_differences(plan, point, nearest) if nearest else (),
        command=simulate_command(plan, point, file, folder.results) if file else "",
        is_same_run=file is not None and _gives(plan, point, file),
    )


def simulate_command(plan: Plan, point: Point, file: Path, results: Path) -> str:
    """The command that runs a point alone, ready for the shell."""
    parameters, settings = _values(plan, point)
    words = ["snnrun", "simulate", str(file)]
    words += [word for name, value in parameters.items() for word in ("-p", written_assignment(name, value))]
    words += [word for path, value in settings.items() for word in ("--set", written_assignment(path, value))]
    if results.resolve() != Path("results").resolve():
        words += ["-o", str(results)]
    return shlex.join(words)


def _values(plan: Plan, point: Point) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the user has changed for all points, and what the point changes."""
    parameters, settings = split(plan.assignment(point), parameter_axes(Document(dict(plan.data)), plan.axes))
    parameters = {**plan.request["parameters"], **parameters}
    settings = {**plan.request["settings"], **settings}
    if plan.data.get("simulation", {}).get("seed") != point.seed:
        settings[SEED] = point.seed
    return parameters, settings


def _gives(plan: Plan, point: Point, file: Path) -> bool:
    try:
        return load(file, *_values(plan, point)).run_id == point.run_id
    except SnnrunError:
        return False


def _experiment_file(plan: Plan, target: Path) -> Path | None:
    """The file that was planned, as far as one can tell."""
    places = [target, *sorted(plan.folder.glob("*.y*ml"))]
    named = [path for path in places if path.suffix in (".yaml", ".yml") and name_of(path) == plan.experiment]
    return next((path for path in named if path.is_file()), None)


def _status(folder: SweepFolder, point: Point) -> tuple[str, str]:
    if folder.result(point.id).exists():
        try:
            summary_of(folder, point.id)
        except ResultsError as error:
            return "failed", f"The result cannot be used. {error}"
        return "done", ""
    if is_alive(folder, point.id):
        return "running", ""
    if folder.failure(point.id).exists():
        failure = read_failure(folder, point.id)
        return "failed", failure.message if failure else ""
    return "missing", ""


def _files(folder: SweepFolder, point: Point) -> dict[str, Path]:
    run = folder.run(point.run_id)
    places = {
        "result": folder.result(point.id),
        "failure": folder.failure(point.id),
        "claim": folder.claim(point.id),
        "recording": run.recording,
    }
    return {name: path for name, path in places.items() if path.exists()}


def _nearest_done(plan: Plan, folder: SweepFolder, point: Point) -> Point | None:
    done = folder.scan().done - {point.id}
    rows = np.array([row for row, other in enumerate(plan.points) if other.id in done], np.intp)
    if len(rows) == 0:
        return None
    levels = [np.unique(column.data, return_inverse=True)[1] for column in axis_columns(plan)]
    levels.append(np.array([each.replicate for each in plan.points]))
    steps = np.abs(np.stack(levels) - np.stack(levels)[:, [plan.points.index(point)]])[:, rows]
    order = np.lexsort((steps.sum(axis=0), np.count_nonzero(steps, axis=0)))
    return plan.points[int(rows[order[0]])]


def _differences(plan: Plan, one: Point, other: Point) -> tuple[Difference, ...]:
    found = [
        Difference(axis, here, there)
        for axis, here, there in zip(plan.axes, one.values, other.values, strict=True)
        if here != there
    ]
    if one.replicate != other.replicate:
        found.append(Difference("replicate", one.replicate, other.replicate))
    return tuple(found)
