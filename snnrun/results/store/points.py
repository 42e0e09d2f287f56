"""``<id>.h5``: the result of a point of a sweep as a tree, and back.

``/analysis`` is what ``analysis.h5`` holds, or only its table ``/analysis/summary``. Whatever depends on machine and
hour is in attributes, so that the datasets of the same point are the same wherever and whenever it was computed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis
from snnrun.results.point_result import PointResult, PointSummary
from snnrun.results.store.analyses import SUMMARY, analysis_to_tree, check_names, read_table, tree_to_analysis
from snnrun.results.store.reading import read_dataset, read_tree
from snnrun.results.store.tree import Dataset, Group, TreeError, parse_json
from snnrun.results.store.writing import write_tree

FORMAT: Final = "snnrun point"
VERSION: Final = 1
_ANALYSIS: Final = "analysis"


def write_point(result: PointResult, path: Path) -> None:
    """Write the result of a point, whole or not at all.

    Raises
    ------
    ResultsError
        If the file cannot be written, or a population is called ``summary``.
    """
    check_names(result.analysis, path)
    write_tree(point_to_tree(result), path)


def read_point(path: Path) -> PointResult:
    """Read the result of a point, from whomever it comes.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no result of a point or of a newer version.
    """
    tree = read_tree(path, {FORMAT: VERSION})
    try:
        return tree_to_point(tree)
    except TreeError as error:
        raise _not_valid(path, error) from None


def read_summary(path: Path) -> PointSummary:
    """Read only the numbers of a point; of the file, only these are checked.

    It takes 1 ms, where `read_point` takes 3 ms and more, with the number of series.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no result of a point or of a newer version.
    """
    root, table = read_dataset(path, {FORMAT: VERSION}, f"{_ANALYSIS}/{SUMMARY}")
    try:
        return PointSummary(root.text("point"), root.text("run_id"), root.number("seconds"), read_table(table))
    except TreeError as error:
        raise _not_valid(path, error) from None


def _not_valid(path: Path, error: TreeError) -> ResultsError:
    return ResultsError(
        f"{path}: is not a valid result of a point: {error}. Remove it; the next run of the sweep computes it again."
    )


def point_to_tree(result: PointResult) -> Group:
    """The result as it lies in the file."""
    analysis = analysis_to_tree(result.analysis)
    if result.is_summary:
        analysis = Group({SUMMARY: analysis.members[SUMMARY]}, analysis.attributes)
    resolved = Dataset(json.dumps(dict(result.spec_resolved)), {"encoding": "JSON"})
    return Group(
        {
            _ANALYSIS: analysis,
            "spec": Group({"resolved": resolved}),
            "provenance": Group({}, result.provenance),
        },
        {
            "format": FORMAT,
            "version": VERSION,
            "point": result.point,
            "run_id": result.run_id,
            "seconds": float(result.seconds),
        },
    )


def tree_to_point(tree: Group) -> PointResult:
    """The result in a tree, which may come from anybody.

    Raises
    ------
    TreeError
        If the tree is not what `point_to_tree` makes.
    """
    analysis = tree.group(_ANALYSIS)
    is_summary = list(analysis.members) == [SUMMARY]
    resolved: Any = parse_json(tree.group("spec").document("resolved"))
    if not isinstance(resolved, dict):
        raise TreeError("'resolved' should be a JSON object")
    return PointResult(
        point=tree.text("point"),
        run_id=tree.text("run_id"),
        seconds=tree.number("seconds"),
        analysis=_summary_alone(analysis) if is_summary else tree_to_analysis(analysis),
        spec_resolved=resolved,
        provenance=tree.group("provenance").attributes,
        is_summary=is_summary,
    )


def _summary_alone(analysis: Group) -> Analysis:
    window = analysis.number("window_start"), analysis.number("window_stop")
    return Analysis(analysis.text("run_id"), window, read_table(analysis.dataset(SUMMARY)), {})
