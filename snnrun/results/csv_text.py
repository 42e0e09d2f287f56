"""Columns as comma-separated values, RFC 4180."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from snnrun.results.sweep_table import Column


def csv_text(columns: Sequence[Column]) -> str:
    """A line of names, such as ``exc.mean_rate [Hz]``, and one for each row; nothing stands where nothing is known."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([titled(column.name, column.unit) for column in columns])
    writer.writerows(zip(*(_cells(column) for column in columns), strict=True))
    return text.getvalue()


def titled(name: str, unit: str) -> str:
    """Name and unit of a column: ``exc.mean_rate [Hz]``."""
    return name if unit in ("", "1") else f"{name} [{unit}]"


def _cells(column: Column) -> list[str]:
    """The shortest texts that read back to the very same numbers; ``3`` and not ``3.0``."""
    if column.data.dtype.kind != "f":
        return [str(value) for value in column.data.tolist()]
    return ["" if math.isnan(value) else repr(value).removesuffix(".0") for value in column.data.tolist()]
