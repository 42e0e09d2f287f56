"""The values of a sweep as columns, and rows chosen by what stands in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.steps import shortest
from snnrun.errors import UserError, suggestion
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.spec.sweep import Raw
from snnrun.sweep.files.points import Plan
from snnrun.units import UnitError, unit

_NUMBER: Final = re.compile(r"(?P<number>[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)\s*\*?\s*(?P<unit>[A-Za-z1(].*)?")
# Typed numbers are compared with computed ones, such as the third of eleven even steps.
_EQUAL: Final = 1e-9


def axis_columns(plan: Plan) -> tuple[Column, ...]:
    """What varies: numbers in the unit of the first value, texts where a value is no number or the units do not fit."""
    return tuple(_column(axis, [point.values[index] for point in plan.points]) for index, axis in enumerate(plan.axes))


def known_columns(table: SweepTable) -> dict[str, Column]:
    """All that can be asked for by name."""
    own = (
        Column("point", "", table.ids),
        Column("status", "", table.status),
        Column("replicate", "1", table.replicate),
        Column("seed", "1", table.seed),
    )
    return {column.name: column for column in (*own, *table.axes, *table.measures)}


def rows_where(columns: Mapping[str, Column], conditions: Iterable[str], option: str) -> NDArray[np.bool_]:
    """The rows in which all conditions hold.

    Parameters
    ----------
    conditions
        Name and value: ``g=4``, ``simulation.duration=300 ms``, ``status=failed``. A number without unit is one in the
        unit of its column.
    option
        How the user gave them, for messages; empty where they stand alone.

    Raises
    ------
    UserError
        If a name is unknown, or a value is not of its kind.
    """
    chosen = np.ones(len(next(iter(columns.values())).data), np.bool_)
    for condition in conditions:
        name, equals, value = condition.partition("=")
        where = f"{option} {condition}".lstrip()
        if not equals:
            raise UserError(f"{where}: gives no value. Write {option} NAME=VALUE.")
        if name not in columns:
            raise UserError(f"{where}: there is no column {name!r}. {suggestion(name, columns)}")
        chosen &= _equal(columns[name], value, where)
    return chosen


def _column(name: str, values: Sequence[Raw]) -> Column:
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return Column(name, "1", np.array(values, np.float64))
    texts = [as_text(value) for value in values]
    numbers = {text: _number(text) for text in dict.fromkeys(texts)}
    found = [number for number in numbers.values() if number is not None]
    if len(found) < len(numbers) or len({unit(written).dimension for _, written in found}) > 1:
        return Column(name, "", np.array(texts, np.str_))
    first = found[0][1]
    in_first = {text: _in_unit(number, first) for text, number in zip(numbers, found, strict=True)}
    return Column(name, first, np.array([in_first[text] for text in texts], np.float64))


def as_text(value: Raw) -> str:
    """A value as a user would write it: JSON is YAML, and texts need no quotes."""
    if isinstance(value, float):
        return shortest(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(text: str) -> tuple[float, str] | None:
    """Number and unit, ``1`` where none is written; None for anything else."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    written = match["unit"] or "1"
    try:
        unit(written)
    except UnitError:
        return None
    return float(match["number"]), written


def _in_unit(found: tuple[float, str], wanted: str) -> float:
    number, written = found
    # Twelve digits: 300 ms should be 0.3 s, and not what the product of two rounded numbers is.
    return number if written == wanted else float(f"{number * unit(written).value / unit(wanted).value:.12g}")


def _equal(column: Column, text: str, where: str) -> NDArray[np.bool_]:
    equal: NDArray[Any]
    if column.is_text:
        equal = column.data == text
        return equal
    found = _number(text)
    if found is not None and found[1] == "1":
        found = (found[0], column.unit)
    if found is None or unit(found[1]).dimension != unit(column.unit).dimension:
        kind = "plain numbers" if column.unit == "1" else f"values in {column.unit}"
        raise UserError(f"{where}: the column {column.name!r} has {kind}, and {text!r} is none.")
    number = _in_unit(found, column.unit)
    if column.data.dtype.kind == "i":  # seeds have so many digits that close ones are not equal
        equal = column.data == number
    else:
        equal = np.isclose(column.data, number, rtol=_EQUAL, atol=0)
    return equal
