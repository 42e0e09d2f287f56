"""Results of points: read, and refused when they are those of other points."""

from __future__ import annotations

from pathlib import Path

from snnrun.errors import ResultsError
from snnrun.results.point_result import PointResult, PointSummary
from snnrun.results.store.points import read_point, read_summary
from snnrun.sweep.files.folder import SweepFolder


def result_of(folder: SweepFolder, point: str) -> PointResult:
    """The result of a point.

    Raises
    ------
    ResultsError
        If it is missing, damaged, of a newer version or that of another point.
    """
    path = folder.result(point)
    result = read_point(path)
    _refuse_that_of_another(result, point, path)
    return result


def summary_of(folder: SweepFolder, point: str) -> PointSummary:
    """Only the numbers of a point, which are read faster.

    Raises
    ------
    ResultsError
        As `result_of`.
    """
    path = folder.result(point)
    summary = read_summary(path)
    _refuse_that_of_another(summary, point, path)
    return summary


def _refuse_that_of_another(found: PointResult | PointSummary, point: str, path: Path) -> None:
    if found.point != point:
        raise ResultsError(f"{path}: is the result of another point ({found.point}), copied or renamed. Remove it.")
