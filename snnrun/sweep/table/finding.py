"""The point that a user means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from snnrun.errors import UserError
from snnrun.results.sweep_table import Column
from snnrun.sweep.files.points import Plan, Point
from snnrun.sweep.table.columns import as_text, axis_columns, rows_where

_SHOWN: Final = 5


def find_point(plan: Plan, words: Sequence[str]) -> Point:
    """The point that words mean.

    Parameters
    ----------
    words
        Its id or how that begins, or values that only it has: ``g=4``, ``eta=2``, ``replicate=1``.

    Raises
    ------
    UserError
        If there is none, or more than one.
    """
    by_value = all("=" in word for word in words)
    if not by_value and len(words) > 1:
        raise UserError(f"{' '.join(words)}: name a point by the begin of its id, or by values such as g=4 eta=2.")
    found = _by_value(plan, words) if by_value else _by_id(plan, words[0])
    if len(found) > 1:
        shown = "".join(f"\n  {point.id}  {in_words(plan, point)}" for point in found[:_SHOWN])
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise UserError(f"{' '.join(words)}: {len(found)} points are meant. Name more of one of them:{shown}{more}")
    return found[0]


def in_words(plan: Plan, point: Point) -> str:
    """The values of a point as they are typed to name it: ``g=4 eta=2 replicate=1``."""
    words = [f"{axis}={as_text(value)}" for axis, value in plan.assignment(point).items()]
    has_replicates = any(other.replicate for other in plan.points)
    return " ".join([*words, f"replicate={point.replicate}"] if has_replicates else words)


def _by_id(plan: Plan, begin: str) -> list[Point]:
    found = [point for point in plan.points if point.id.startswith(begin)]
    if not found:
        raise UserError(f"{begin}: the id of no point begins so. The ids are in: snnrun sweep table")
    return found


def _by_value(plan: Plan, words: Sequence[str]) -> list[Point]:
    columns = _columns(plan)
    rows = np.flatnonzero(rows_where(columns, words, ""))
    if len(rows) == 0:
        raise UserError(f"{' '.join(words)}: no point has these values. {_values(columns, words)}".rstrip())
    return [plan.points[row] for row in rows]


def _columns(plan: Plan) -> Mapping[str, Column]:
    own = (
        Column("replicate", "1", np.array([point.replicate for point in plan.points], np.int64)),
        Column("seed", "1", np.array([point.seed for point in plan.points], np.int64)),
    )
    return {column.name: column for column in (*own, *axis_columns(plan))}


def _values(columns: Mapping[str, Column], words: Sequence[str]) -> str:
    """Which values there are of the first axis of which no point has the value that is asked for."""
    for word in words:
        column = columns[word.partition("=")[0]]
        if not rows_where(columns, [word], "").any():
            there = np.unique(column.data).tolist()
            shown = ", ".join(each if column.is_text else f"{each:g}" for each in there[: 2 * _SHOWN])
            unit = "" if column.unit in ("", "1") else f" {column.unit}"
            return f"{column.name} is one of {shown}{' …' if len(there) > 2 * _SHOWN else ''}{unit}."
    return ""
