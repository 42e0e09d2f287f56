"""Measures of a sweep over one of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.entry import Names
from snnrun.errors import UserError
from snnrun.figures.base import Mosaic
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.colors import MOST_COLORS, measure_color, series_colors
from snnrun.sweep_figures.curves import Curve, draw_curve, explain, fit_height
from snnrun.sweep_figures.scale import Scale, scale_of, scale_of_scattered
from snnrun.sweep_figures.selection import (
    Facet,
    Sets,
    axis_named,
    chosen,
    facets,
    is_grid,
    levels,
    most_seeds,
    numbers_named,
    standard_measures,
    statuses,
    theory_of,
    too_many,
    varied,
)
from snnrun.sweep_figures.tiles import label_outer, shared_legend, tile, tiles
from snnrun.sweep_figures.wording import in_field_unit, in_words, measure_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class SweepLines(SweepFigure):
    """What was measured over one axis: the mean over seeds as a line, their standard deviation as a band.

    Single seeds are faint points; a cross at the bottom is where all failed; what theory says is dashed. The axis is
    logarithmic where its values have equal ratios. Values of a second axis have colours, each combination of values of
    further ones its panels. In a design without a grid there are points only.
    """

    example: ClassVar[str] = (
        "{figure: sweep_lines, x: g, values: [exc.mean_rate, exc.cv_isi], by: eta, theory: network.mean_field}"
    )

    figure: Literal["sweep_lines"] = "sweep_lines"

    x: str | None = None
    """The axis along the bottom; by default the first one that varies."""

    values: Names | None = None
    """The measures, each with its own panel; by default rates and irregularity."""

    by: str | None = None
    """The axis whose values have colours; by default the next one that has few enough values."""

    theory: Names | None = None
    """What theory says of a measure, such as `network.mean_field` of rates: drawn beside measures of the same unit."""

    log: bool = False
    """Whether measures are on a logarithmic scale; those with values below zero are not."""

    @property
    def file_name(self) -> str:
        return self.named_after(self.values)

    def size(self, swept: Swept) -> tuple[float, float]:
        mosaic = self.panels(swept)
        if len(mosaic) == len(mosaic[0]) == 1:
            return 4.2, 3.0
        return 3.0 * len(mosaic[0]) + 0.2, 2.2 * len(mosaic) + 0.4

    def panels(self, swept: Swept) -> Mosaic:
        names = [value.name for value in self._values(swept.table)]
        return tiles(names, len(self._layout(swept.table).facets))

    def lacks(self, swept: Swept) -> str | None:
        table = swept.table
        values, layout = self._values(table), self._layout(table)
        numbers_named(table, self.theory or ())
        if not values:
            return "Nothing was measured yet. Run the sweep, or add metrics to 'analysis'."
        if layout.by is not None and len(levels(layout.by.data)) > MOST_COLORS:
            return f"{layout.by.name!r} has more than {MOST_COLORS} values, too many colours. Fix some with 'at'."
        return too_many(table, len(values) * len(layout.facets), layout.sets, layout.shown)

    def draw(self, axes: Mapping[str, Axes], swept: Swept) -> None:
        table, layout = swept.table, self._layout(swept.table)
        for value in self._values(table):
            own = [axes[tile(value.name, number)] for number in range(len(layout.facets))]
            for panel, facet in zip(own, layout.facets, strict=True):
                self._draw_facet(panel, table, layout, facet, value)
            fit_height(own, log=self.log)
        label_outer(axes, self.panels(swept), "xy" if len(layout.facets) > 1 else "")
        theory = {line.name for value in self._values(table) for line in theory_of(table, self.theory, value)}
        explain(
            next(iter(axes.values())),
            most_seeds(table, layout.sets),
            [measure_label(name) for name in self.theory or () if name in theory],
            connected=layout.connected,
        )
        shared_legend(axes)

    def _draw_facet(self, panel: Axes, table: SweepTable, layout: _Layout, facet: Facet, value: Column) -> None:
        factor, label = in_field_unit(value)
        x = axis_named(table, layout.x)
        for sets, name, color in layout.series(table, facet, measure_color(value.name)):
            seeds = [value.data[table.folded.rows[index]] * factor for index in sets]
            curve = Curve(
                x=layout.scale.places(x.data[sets]),
                mean=table.folded.mean[value.name][sets] * factor,
                sd=table.folded.sd[value.name][sets] * factor,
                seeds=seeds,
                failed=np.array([status == "failed" for status in statuses(table, sets)], bool),
                theory=[table.folded.mean[line.name][sets] * factor for line in theory_of(table, self.theory, value)],
            )
            draw_curve(panel, curve, color, name, connected=layout.connected)
        layout.scale.put_on(panel, "x", cells=False)
        panel.set(ylabel=label, title=facet.title)

    def _values(self, table: SweepTable) -> list[Column]:
        return numbers_named(table, self.values or standard_measures(table))

    def _layout(self, table: SweepTable) -> _Layout:
        sets = chosen(table, self.at)
        free = varied(table, sets)
        x = self.x or next((axis.name for axis in (*free, *table.axes) if axis.name != self.by), None)
        if x is None:
            raise UserError("Nothing varies but the seed. Give the sweep an axis.")
        others = [axis for axis in free if axis.name != x]
        on_grid = is_grid(free)
        few = [axis.name for axis in others if len(levels(axis.data)) <= MOST_COLORS]
        by = self.by or (few[0] if few and on_grid else None)
        across = Column(x, axis_named(table, x).unit, axis_named(table, x).data[sets])
        scale = scale_of(across) if on_grid else scale_of_scattered(across)
        connected = on_grid and not across.is_text
        colored = None if by is None else Column(by, axis_named(table, by).unit, axis_named(table, by).data[sets])
        shown = (x,) if by is None else (x, by)
        return _Layout(x, colored, sets, facets(table, sets, shown), scale, connected)


@dataclass(frozen=True)
class _Layout:
    """The axis along the bottom, that of the colours, the sets that are shown, and the panels of each measure."""

    x: str
    by: Column | None
    sets: Sets
    facets: list[Facet]
    scale: Scale
    connected: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """The axes that a panel shows."""
        return (self.x,) if self.by is None else (self.x, self.by.name)

    def series(self, table: SweepTable, facet: Facet, color: str) -> list[tuple[Sets, str, str]]:
        """The sets of each line from left to right, its name and its colour."""
        order = np.argsort(self.scale.places(axis_named(table, self.x).data[facet.sets]), kind="stable")
        sets = facet.sets[order]
        if self.by is None:
            return [(sets, "", color)]
        values = axis_named(table, self.by.name).data[sets]
        return [
            (sets[values == level], f"{self.by.name} = {in_words(self.by, level)}", tone)
            for level, tone in zip(levels(self.by.data), series_colors(self.by), strict=False)
        ]
