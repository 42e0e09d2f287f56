"""Which points of a sweep stand in which panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import UserError, suggestion
from snnrun.results.recording import FloatArray
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep_figures.wording import in_words
from snnrun.units import UnitError, quantity

MANY_PANELS: Final = 9
"""More small multiples than this are no longer compared at a glance."""

MOST_MEASURES: Final = 4
"""Shown on one page when none is named."""

_AS_WRITTEN: Final = 1e-3
"""Part by which a number differs at most from what figures write of it."""

Sets = NDArray[np.intp]
"""Indices into the rows of `SweepTable.folded`: sets of values, whose points differ in nothing but their seeds."""


@dataclass(frozen=True)
class Facet:
    """Sets that share the values of all axes which a panel does not show, and these values in words."""

    title: str
    sets: Sets


def varied(table: SweepTable, sets: Sets) -> list[Column]:
    """The axes along which some sets differ, each with its values."""
    columns = [Column(axis.name, axis.unit, axis.data[sets]) for axis in table.folded.axes]
    return [axis for axis in columns if len(levels(axis.data)) > 1]


def levels(values: NDArray[Any]) -> list[Any]:
    """The distinct values: numbers in ascending order, texts as they come."""
    distinct = list(dict.fromkeys(values.tolist()))
    return distinct if values.dtype.kind == "U" else sorted(distinct)


def axis_named(table: SweepTable, name: str) -> Column:
    """The values of an axis, one for each set.

    Raises
    ------
    UserError
        If there is no axis of this name.
    """
    axes = {axis.name: axis for axis in table.folded.axes}
    if name not in axes:
        raise UserError(f"The sweep has no axis {name!r}. {suggestion(name, axes)}")
    return axes[name]


def numbers_named(table: SweepTable, names: Sequence[str]) -> list[Column]:
    """Measures by their names.

    Raises
    ------
    UserError
        If there is none of a name, or it holds no numbers.
    """
    columns = [table.column(name) for name in names]
    for column in columns:
        if column.is_text or column.name not in table.folded.mean:
            numbers = [measure.name for measure in table.measures if not measure.is_text]
            raise UserError(f"{column.name!r} is no measure that is a number. {suggestion(column.name, numbers)}")
    return columns


def chosen(table: SweepTable, at: Mapping[str, float | str]) -> Sets:
    """The sets that have the values of choice.

    Raises
    ------
    UserError
        If there is no such axis or value.
    """
    kept = np.ones(len(table.folded.rows), bool)
    for name, wanted in at.items():
        axis = axis_named(table, name)
        matches = axis.data == _as_text(wanted) if axis.is_text else _nearest(axis.data, _in_unit(axis, wanted))
        if not matches.any():
            there = ", ".join(in_words(axis, value) for value in levels(axis.data))
            raise UserError(f"The sweep has no point at {name} = {_as_text(wanted)}. There are {there}.")
        kept &= matches
    if not kept.any():
        raise UserError("The sweep has no point that has all values given with 'at'. Give fewer.")
    return np.flatnonzero(kept)


def _nearest(data: FloatArray, wanted: float) -> NDArray[np.bool_]:
    """Where the value is that is meant, which may be given as figures write it, rounded."""
    distance = np.abs(data - wanted)
    return np.asarray((distance == distance.min()) & (distance <= _AS_WRITTEN * abs(wanted)))


def _as_text(wanted: float | str) -> str:
    """A value as it stands in a table: ``true`` as in YAML."""
    return str(wanted).lower() if isinstance(wanted, bool) else wanted if isinstance(wanted, str) else f"{wanted:g}"


def _in_unit(axis: Column, wanted: float | str) -> float:
    """A value in the unit of its axis."""
    if not isinstance(wanted, str):
        return float(wanted)
    try:
        return quantity(wanted).to(axis.unit)
    except (UnitError, ValueError):
        raise UserError(f"{axis.name} = {wanted!r} is no value in {axis.unit}.") from None


def plane_axes(table: SweepTable, varied_ones: Sequence[Column], x: str | None, y: str | None) -> tuple[str, str]:
    """Names of the axes of a plane: those of choice, else the first ones that vary.

    Raises
    ------
    UserError
        If there are no two.
    """
    free = [axis.name for axis in (*varied_ones, *table.axes)]
    x = x or next((name for name in free if name != y), None)
    y = y or next((name for name in free if name != x), None)
    if x is None or y is None:
        raise UserError("A plane needs two axes. Show one axis with 'sweep_lines'.")
    if x == y:
        raise UserError(f"x and y are both {x!r}. Choose two axes.")
    return x, y


def facets(table: SweepTable, sets: Sets, shown: Sequence[str]) -> list[Facet]:
    """Panels for all combinations of values of the axes that are not shown; one for all if the design is no grid."""
    axes = varied(table, sets)
    others = [axis for axis in axes if axis.name not in shown]
    if not is_grid(axes):
        return [Facet(f"any {', '.join(axis.name for axis in others)}" if others else "", sets)]
    found = []
    for values in product(*(levels(axis.data) for axis in others)):
        fits = np.ones(len(sets), bool)
        for axis, value in zip(others, values, strict=True):
            fits &= axis.data == value
        if fits.any():
            title = ", ".join(
                f"{axis.name} = {in_words(axis, value)}" for axis, value in zip(others, values, strict=True)
            )
            found.append(Facet(title, sets[fits]))
    return found


def is_grid(axes: Sequence[Column]) -> bool:
    """Whether at least half of all combinations of the values are there: what is scattered has hardly any."""
    if not axes:
        return True
    there = len(set(zip(*(axis.data.tolist() for axis in axes), strict=True)))
    return 2 * there >= prod(len(levels(axis.data)) for axis in axes)


def too_many(table: SweepTable, n_panels: int, sets: Sets, shown: Sequence[str], most: int = MANY_PANELS) -> str | None:
    """What to do when there are more panels, or planes of them, than a page holds."""
    if n_panels <= most:
        return None
    others = [axis for axis in varied(table, sets) if axis.name not in shown]
    example = ", ".join(f"{axis.name}: {in_words(axis, levels(axis.data)[0])}" for axis in others)
    fix = f"Fix the other axes, for example 'at: {{{example}}}'" if others else "Choose fewer values"
    return f"It would have {n_panels} panels, more than {most}. {fix}."


def theory_of(table: SweepTable, names: Sequence[str] | None, measure: Column) -> list[Column]:
    """What theory says of a measure: of the columns of these names, those in its unit.

    Raises
    ------
    UserError
        If there is none of a name, or it holds no numbers.
    """
    named = numbers_named(table, names or ())
    return [column for column in named if column.unit == measure.unit and column.name != measure.name]


def majority(table: SweepTable, name: str, sets: Sets) -> list[str]:
    """What most points of each set say, of those that say anything; the first where none has more."""
    said = table.column(name).data
    return [_most(said[rows].tolist()) for rows in (table.folded.rows[index] for index in sets)]


def _most(said: Sequence[Any]) -> str:
    counted = Counter(text for text in said if isinstance(text, str) and text)
    return counted.most_common(1)[0][0] if counted else ""


def statuses(table: SweepTable, sets: Sets) -> Iterator[str]:
    """What became of each set: ``failed`` as soon as one of its points failed, ``done`` when all are done."""
    for index in sets:
        found = set(table.status[table.folded.rows[index]].tolist())
        yield next((status for status in ("failed", "missing", "running") if status in found), "done")


def standard_measures(table: SweepTable) -> list[str]:
    """The measures shown when none is named: rates and irregularity if there are any, else the first ones."""
    numbers = [measure.name for measure in table.measures if not measure.is_text]
    first = [name for name in numbers if name.endswith((".mean_rate", ".cv_isi"))]
    return (first or numbers)[:MOST_MEASURES]


def most_seeds(table: SweepTable, sets: Sets) -> int:
    """How many seeds a set of values has at most."""
    return max((len(table.folded.rows[index]) for index in sets), default=1)
