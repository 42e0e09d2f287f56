"""``plan.json``: the plan of a sweep as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, get_args

from snnrun.errors import ResultsError
from snnrun.results.atomic import write_whole
from snnrun.spec.sweep import Keep
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Build, Plan, Point

_FORMAT: Final = "snnrun plan"
_VERSION: Final = 1
# Ids become names of files.
_ID: Final = re.compile(r"[0-9a-f]{8,64}\Z")
_AGAIN: Final = "Plan the sweep again: snnrun sweep plan FILE AXIS=VALUES …; results that are there stay."


def write_plan(plan: Plan, folder: SweepFolder) -> None:
    """Write the plan and, for make, the list of its points.

    Raises
    ------
    ResultsError
        If they cannot be written.
    """
    folder.create()
    write_list(folder.points_file, [point.id for point in plan.points])
    write_whole(folder.plan_file, json.dumps(_plain(plan), separators=(",", ":")).encode())


def write_list(path: Path, ids: Sequence[str]) -> None:
    """Write a list of points, one in a line, as make and workers read it.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    write_whole(path, "".join(f"{one}\n" for one in ids).encode())


def read_list(path: Path) -> list[str]:
    """Read a list of points.

    Raises
    ------
    ResultsError
        If it cannot be read, or is no such list.
    """
    try:
        ids = path.read_text(encoding="ascii").split()
    except OSError as error:
        raise ResultsError(f"{path}: the list of points cannot be read: {error.strerror}. {_AGAIN}") from error
    except ValueError:
        raise ResultsError(f"{path}: the list of points is damaged. {_AGAIN}") from None
    for one in ids:
        if not _ID.match(one):
            raise ResultsError(f"{path}: {one[:80]!r} is not the id of a point. {_AGAIN}")
    return ids


def read_plan(folder: SweepFolder) -> Plan:
    """Read the plan of a sweep.

    Raises
    ------
    ResultsError
        If it is missing, damaged or of a newer version.
    """
    path = folder.plan_file
    try:
        plain = json.loads(path.read_bytes())
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error.strerror}. {_AGAIN}") from error
    except ValueError:
        raise ResultsError(f"{path}: is damaged. {_AGAIN}") from None
    if not isinstance(plain, dict) or plain.get("format") != _FORMAT:
        raise ResultsError(f"{path}: is no plan of a sweep. {_AGAIN}")
    if plain.get("version") != _VERSION:
        raise ResultsError(f"{path}: was made by another version of snnrun. {_AGAIN}")
    try:
        return _from_plain(plain)
    except (KeyError, TypeError, ValueError):
        raise ResultsError(f"{path}: is damaged. {_AGAIN}") from None


def _plain(plan: Plan) -> dict[str, Any]:
    points = plan.points
    columns = {
        "id": [point.id for point in points],
        "run_id": [point.run_id for point in points],
        "replicate": [point.replicate for point in points],
        "seed": [point.seed for point in points],
        "build": [point.build for point in points],
        "values": [point.values for point in points],
    }
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "experiment": plan.experiment,
        "data": plan.data,
        "yaml": plan.yaml,
        "folder": str(plan.folder),
        "axes": plan.axes,
        "builds": [asdict(build) for build in plan.builds],
        "keep": plan.keep,
        "collect": plan.collect,
        "figures": plan.figures,
        "design": plan.design,
        "request": plan.request,
        "shares": plan.shares,
        "points": columns,
    }


def _from_plain(plain: Mapping[str, Any]) -> Plan:
    columns = plain["points"]
    names = ("id", "run_id", "values", "replicate", "seed", "build")
    points = [
        Point(point, run_id, tuple(values), replicate, seed, build)
        for point, run_id, values, replicate, seed, build in zip(*(columns[name] for name in names), strict=True)
    ]
    axes = tuple(plain["axes"])
    for point in points:
        if not _ID.match(point.id) or len(point.values) != len(axes):
            raise ValueError(point.id)
    if plain["keep"] not in get_args(Keep):
        raise ValueError(plain["keep"])
    collect, figures = plain["collect"], plain["figures"]
    return Plan(
        experiment=str(plain["experiment"]),
        data=plain["data"],
        yaml=str(plain["yaml"]),
        folder=Path(plain["folder"]),
        axes=axes,
        points=tuple(points),
        builds=tuple(Build(**build) for build in plain["builds"]),
        keep=plain["keep"],
        collect=None if collect is None else tuple(collect),
        figures=None if figures is None else tuple(figures),
        design=plain["design"],
        request=plain["request"],
        shares=tuple(map(tuple, plain["shares"])),
    )
