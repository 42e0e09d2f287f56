"""Points from a file."""

from __future__ import annotations

import math
import re
from typing import ClassVar, Final, Literal

from snnrun.datafiles import DataFileError, TableFile
from snnrun.designs.axis import Raw
from snnrun.designs.base import Axes, Combination, Design, repeated_row
from snnrun.errors import Problem
from snnrun.units import UnitError, unit

# The number of an item of a list, as in inputs.noise.to[0], is no unit.
_HEADER: Final = re.compile(r"(?P<axis>.+?)\s*\[\s*(?P<unit>[^\[\]]*[^\[\]0-9\s][^\[\]]*?)\s*\]")


class FromList(Design):
    """List: points from a CSV file that has a row for each point, and a column for each axis with its name above it.

    Values have their units with them, or the column has one for all: `tau_m [ms]`.
    """

    example: ClassVar[str] = "{design: list, file: points.csv}"

    design: Literal["list"] = "list"
    file: TableFile
    """CSV file, relative to the folder of the experiment."""

    def names(self, axes: Axes) -> tuple[str, ...]:
        return tuple(axis for axis, _ in self._columns().values())

    def problem(self, axes: Axes) -> Problem | None:
        if axes:
            hint = "Remove them here, or choose another design."
            return Problem(("axes",), f"The axes stand in {self.file.file}.", hint)
        try:
            rows = self.combinations(axes)
        except (DataFileError, UnitError) as error:
            return Problem(("design", "file"), f"{str(error).removesuffix('.')}.")
        return repeated_row(rows)

    def combinations(self, axes: Axes) -> list[Combination]:
        columns = self._columns()
        table = self.file.open()
        names = [axis for axis, _ in columns.values()]
        values = [
            [self._value(text, axis, unit_text) for text in table.texts(column)]
            for column, (axis, unit_text) in columns.items()
        ]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
        if not rows:
            raise DataFileError(f"{self.file.file} has no points. Write a row for each.")
        return rows

    def _columns(self) -> dict[str, tuple[str, str]]:
        """Name and unit of the axis in each column, by what stands above it; an empty unit where there is none."""
        found = {}
        for header in self.file.open().all_columns():
            if isinstance(header, int):
                raise DataFileError(f"{self.file.file}: the first line must name the axes, as in 'g,tau_m [ms]'")
            if not header:
                raise DataFileError(f"{self.file.file}: a column has no name. Write the axis above it, or remove it.")
            match = _HEADER.fullmatch(header)
            found[header] = (match["axis"], match["unit"]) if match else (header, "")
        names = [axis for axis, _ in found.values()]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise DataFileError(f"{self.file.file}: two columns are for {repeated!r}. Remove one.")
        for _, unit_text in found.values():
            unit(unit_text or "1")
        return found

    def _value(self, text: str, axis: str, unit_text: str) -> Raw:
        if not text:
            raise DataFileError(f"{self.file.file}: a value of {axis!r} is missing. Fill it.")
        try:
            number = float(text)
        except ValueError:
            if unit_text:
                raise DataFileError(
                    f"{self.file.file}: {text!r} in the column of {axis!r} is not a number of {unit_text}. "
                    "Remove the unit of the column, or correct the value."
                ) from None
            return text
        if not math.isfinite(number):
            raise DataFileError(f"{self.file.file}: {text} in the column of {axis!r} is not a finite number")
        if unit_text:
            return f"{text} {unit_text}"
        return int(text) if re.fullmatch("[-+]?[0-9]+", text) else number
