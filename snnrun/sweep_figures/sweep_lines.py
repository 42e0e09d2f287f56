"""Measures of a sweep over one of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from snnrun.entry import Names
from snnrun.figures.base import Mosaic
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.selection import axis_label, axis_named, in_field_unit, numbers_named, standard_measures

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class SweepLines(SweepFigure):
    """What was measured over one axis of a sweep: mean and standard deviation over seeds."""

    figure: Literal["sweep_lines"] = "sweep_lines"

    x: str | None = None
    """The axis; by default the first one."""

    values: Names | None = None
    """The measures, such as `exc.mean_rate`; by default rates and irregularity."""

    def size(self, swept: Swept) -> tuple[float, float]:
        return 5.0, 2.2 * len(self._names(swept))

    def panels(self, swept: Swept) -> Mosaic:
        return [[name] for name in self._names(swept)]

    def lacks(self, swept: Swept) -> str | None:
        axis_named(swept.table, self._x(swept))
        return None if numbers_named(swept.table, self._names(swept)) else "Nothing was measured."

    def draw(self, axes: Mapping[str, Axes], swept: Swept) -> None:
        axis = axis_named(swept.table, self._x(swept))
        for column in numbers_named(swept.table, self._names(swept)):
            factor, label = in_field_unit(column)
            panel = axes[column.name]
            panel.plot(axis.data, swept.table.folded.mean[column.name] * factor, ".-")
            panel.set(xlabel=axis_label(axis), ylabel=label)

    def _x(self, swept: Swept) -> str:
        return self.x or swept.table.axes[0].name

    def _names(self, swept: Swept) -> list[str]:
        return list(self.values or standard_measures(swept.table, 4))
