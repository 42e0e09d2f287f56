"""Measures of a sweep as colours of a plane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from snnrun.entry import Names
from snnrun.errors import UserError
from snnrun.figures.base import Mosaic
from snnrun.results.recording import FloatArray
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.colors import Range, color_range
from snnrun.sweep_figures.contours import draw_levels, explain_levels
from snnrun.sweep_figures.plane import Plane, draw_cells, draw_points
from snnrun.sweep_figures.rounding import round_values
from snnrun.sweep_figures.scale import Scale, scale_of, scale_of_scattered
from snnrun.sweep_figures.selection import (
    Facet,
    Sets,
    axis_named,
    chosen,
    facets,
    is_grid,
    majority,
    most_seeds,
    numbers_named,
    plane_axes,
    standard_measures,
    statuses,
    theory_of,
    too_many,
    varied,
)
from snnrun.sweep_figures.tiles import label_outer, shared_legend, tile, tiles
from snnrun.sweep_figures.wording import in_field_unit, measure_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable


class SweepHeatmap(SweepFigure):
    """Phase diagram: what was measured, as colour of a plane of two axes; the mean over seeds.

    Each set of values is a cell with its value where there is room for it; in a design without a grid it is a point.
    The colours are on a logarithmic scale where the values ask for it. Crossed out is what failed, hatched what is not
    done yet. Regions of the same regime, which most seeds decide, are outlined and named; of scattered points, the form
    is the regime. Lines of equal values are drawn solid, and dashed at the same values where theory has them. Where
    more than two axes vary, each combination of values of the others has its panel.
    """

    example: ClassVar[str] = (
        "{figure: sweep_heatmap, x: g, y: eta, value: exc.mean_rate, "
        "regimes: network.regime, theory: network.mean_field}"
    )

    figure: Literal["sweep_heatmap"] = "sweep_heatmap"

    x: str | None = None
    """The axis along the bottom; by default the first one that varies."""

    y: str | None = None
    """The axis at the left; by default the next one that varies."""

    value: Names | None = None
    """One measure or several, each with its own panel; by default rates and irregularity."""

    log: bool | None = None
    """Whether colours are on a logarithmic scale; by default where values have a unit and span more than a linear one
    shows. Those with values below zero are not."""

    regimes: str | None = None
    """The measure that names the regimes, such as `network.regime`."""

    theory: Names | None = None
    """What theory says of the value, such as `network.mean_field`: its lines are drawn beside those of the value."""

    @property
    def file_name(self) -> str:
        return self.named_after(self.value)

    def size(self, swept: Swept) -> tuple[float, float]:
        mosaic = self.panels(swept)
        n_values = len(self._values(swept.table))
        width = 2.6 if n_values == 1 else 3.3
        legend = 0.3
        return width * len(mosaic[0]) + (1.0 if n_values == 1 else 0.2), 2.6 * len(mosaic) + legend

    def panels(self, swept: Swept) -> Mosaic:
        return tiles([value.name for value in self._values(swept.table)], len(self._layout(swept.table).facets))

    def lacks(self, swept: Swept) -> str | None:
        table = swept.table
        values, layout = self._values(table), self._layout(table)
        if self.regimes is not None and not table.column(self.regimes).is_text:
            raise UserError(f"'regimes: {self.regimes}' holds numbers, not names. Give it as 'value'.")
        numbers_named(table, self.theory or ())
        if not values:
            return "Nothing was measured yet. Run the sweep, or add metrics to 'analysis'."
        return too_many(table, len(values) * len(layout.facets), layout.sets, (layout.x, layout.y))

    def draw(self, axes: Mapping[str, Axes], swept: Swept) -> None:
        table, layout = swept.table, self._layout(swept.table)
        n_seeds = most_seeds(table, layout.sets)
        remark = f"mean over {n_seeds} seeds" if n_seeds > 1 else ""
        for value in self._values(table):
            factor, label = in_field_unit(value)
            means = table.folded.mean[value.name] * factor
            # Plain numbers, such as a CV, are told apart on a linear scale; near zero their size means little.
            log = False if self.log is None and value.unit == "1" else self.log
            colors = color_range(means[layout.sets], log)
            lines = self._lines(table, value)
            images, found = [], []
            own = [axes[tile(value.name, number)] for number in range(len(layout.facets))]
            for panel, facet in zip(own, layout.facets, strict=True):
                plane = self._plane(table, layout, facet, means)
                images.append(_draw(panel, plane, layout, colors))
                if colors is not None and layout.on_grid:
                    surfaces = [table.folded.mean[line.name][facet.sets] * factor for line in lines]
                    found.append(draw_levels(panel, plane, surfaces, layout.x_scale, layout.y_scale, colors))
                # Without colours there is no bar to say what is not there.
                panel.set_title(facet.title or ("" if colors else label))
            explain_levels(own[0], [measure_label(line.name) for line in lines], found, layout.x_scale, layout.y_scale)
            image = next((image for image in images if image is not None), None)
            if image is not None and colors is not None:
                shared = own if len(own) > 1 else own[0]
                extend: Any = "min" if colors.cut else "neither"
                ticks = round_values(colors.low, colors.high, log=True) if colors.log else None
                bar = own[0].figure.colorbar(image, ax=shared, extend=extend, pad=0.02, ticks=ticks, format="%g")
                bar.ax.yaxis.set_minor_formatter("")
                bar.set_label("\n".join(filter(None, (label, remark))))
                bar.outline.set_linewidth(0.6)
        label_outer(axes, self.panels(swept), "xy" if len(layout.facets) > 1 else "")
        shared_legend(axes)

    def _values(self, table: SweepTable) -> list[Column]:
        return numbers_named(table, self.value or standard_measures(table))

    def _layout(self, table: SweepTable) -> _Layout:
        sets = chosen(table, self.at)
        x, y = plane_axes(table, varied(table, sets), self.x, self.y)
        columns = [axis_named(table, name) for name in (x, y)]
        across, up = (Column(axis.name, axis.unit, axis.data[sets]) for axis in columns)
        on_grid = is_grid([across, up])
        scale = scale_of if on_grid else scale_of_scattered
        return _Layout(x, y, sets, facets(table, sets, (x, y)), scale(across), scale(up), on_grid)

    def _plane(self, table: SweepTable, layout: _Layout, facet: Facet, means: FloatArray) -> Plane:
        sets = facet.sets
        states = [""] * len(sets) if self.regimes is None else majority(table, self.regimes, sets)
        return Plane(
            x=axis_named(table, layout.x).data[sets],
            y=axis_named(table, layout.y).data[sets],
            means=means[sets],
            status=np.array(list(statuses(table, sets))),
            states=np.array(states, str),
        )

    def _lines(self, table: SweepTable, value: Column) -> list[Column]:
        """What has lines of equal values: the measure and what theory says of it, if it says anything."""
        theory = theory_of(table, self.theory, value)
        return [value, *theory] if theory else []


@dataclass(frozen=True)
class _Layout:
    """The two axes, the sets that are shown, the panels among which they are divided, and their scales."""

    x: str
    y: str
    sets: Sets
    facets: list[Facet]
    x_scale: Scale
    y_scale: Scale
    on_grid: bool


def _draw(panel: Axes, plane: Plane, layout: _Layout, colors: Range | None) -> ScalarMappable | None:
    draw = draw_cells if layout.on_grid else draw_points
    image = draw(panel, plane, layout.x_scale, layout.y_scale, colors)
    layout.x_scale.put_on(panel, "x", cells=layout.on_grid)
    layout.y_scale.put_on(panel, "y", cells=layout.on_grid)
    return image
