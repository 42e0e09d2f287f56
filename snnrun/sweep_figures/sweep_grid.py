"""Rasters over the plane of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.entry import Names
from snnrun.errors import ResultsError, UserError
from snnrun.figures.base import Mosaic, shown_interval
from snnrun.figures.raster import draw_spikes
from snnrun.figures.style import FAINT, population_colors, say, shortened
from snnrun.metrics.observation import Observation
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime
from snnrun.results.sweep_table import Column, SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.colors import state_colors
from snnrun.sweep_figures.selection import (
    Sets,
    axis_named,
    chosen,
    is_grid,
    levels,
    majority,
    plane_axes,
    statuses,
    too_many,
    varied,
)
from snnrun.sweep_figures.tiles import shared_legend
from snnrun.sweep_figures.wording import in_words
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.results.recording import Recording

_CELL: Final = (1.25, 0.95)
"""Width and height of a raster in inches."""
_MARGIN: Final = (0.4, 0.7)
_FRAME: Final = 1.6


class SweepGrid(SweepFigure):
    """Rasters over the plane of two axes: what the activity looks like where a heatmap has a colour.

    Each cell shows one seed. Of long axes it shows evenly spaced values, the first and the last among them. Where the
    regime was measured, which most seeds decide, its name stands above the raster, and the frame has its colour. It
    needs the recordings: `keep: full`.
    """

    example: ClassVar[str] = "{figure: sweep_grid, x: g, y: eta, duration: 200 ms, regimes: network.regime}"

    figure: Literal["sweep_grid"] = "sweep_grid"

    x: str | None = None
    """The axis along the bottom; by default the first one that varies."""

    y: str | None = None
    """The axis at the left; by default the next one that varies."""

    duration: PositiveTime = quantity("200 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    neurons: PositiveCount = 60
    """Number of neurons shown in each cell, all populations together."""

    populations: Names | None = None
    """The populations shown; by default all of which spikes were recorded."""

    cells: PositiveCount = 5
    """Number of values shown of each axis, at most."""

    regimes: str | None = None
    """The measure that names the regimes, such as `network.regime`."""

    def size(self, swept: Swept) -> tuple[float, float]:
        mosaic = self.panels(swept)
        return _CELL[0] * len(mosaic[0]) + _MARGIN[0], _CELL[1] * len(mosaic) + _MARGIN[1]

    def panels(self, swept: Swept) -> Mosaic:
        layout = self._layout(swept.table)
        # The y axis points upwards.
        return [
            [_panel(column, row) for column in range(len(layout.columns))] for row in reversed(range(len(layout.rows)))
        ]

    def lacks(self, swept: Swept) -> str | None:
        table, layout = swept.table, self._layout(swept.table)
        if self.regimes is not None and not table.column(self.regimes).is_text:
            raise UserError(f"'regimes: {self.regimes}' holds numbers, not names.")
        if not is_grid([layout.x, layout.y]):
            return "The points do not lie on a grid. Show them with 'sweep_heatmap'."
        n_planes = len(layout.sets) // max(1, len(set(zip(layout.x.data, layout.y.data, strict=True))))
        if n_planes > 1:
            return too_many(table, n_planes, layout.sets, (layout.x.name, layout.y.name), most=1)
        if not any(self._recordings(table, index) for index in layout.sets):
            return "No recordings were kept. Set 'keep: full' in the section 'sweep', and run it again."
        return None

    def draw(self, axes: Mapping[str, Axes], swept: Swept) -> None:
        table, layout = swept.table, self._layout(swept.table)
        states = [""] * len(layout.sets) if self.regimes is None else majority(table, self.regimes, layout.sets)
        status = list(statuses(table, layout.sets))
        colors = state_colors(states)
        for panel in axes.values():
            panel.set(xticks=[], yticks=[])
            panel.spines[:].set(visible=True, color=FAINT)
        for number, index in enumerate(layout.sets):
            place = layout.place(number)
            if place is None:
                continue
            panel = axes[_panel(*place)]
            recording = self._read(swept, int(index))
            if recording is None:
                say(panel, {"done": "not kept", "failed": "failed"}.get(status[number], "not done yet"))
            else:
                self._draw_raster(panel, recording)
            if states[number]:
                panel.set_title(states[number], color=colors[states[number]], size=7, pad=2, weight="bold")
                panel.spines[:].set(color=colors[states[number]], linewidth=_FRAME)
        _label_margins(axes, layout)
        shared_legend(axes, f"Each panel: {self.duration.pretty()}, {self.neurons} neurons of one network")

    def _draw_raster(self, panel: Axes, recording: Recording) -> None:
        observation = Observation(recording)
        names = [name for name in observation.populations if self.populations is None or name in self.populations]
        if not names:
            say(panel, "no spikes recorded")
            return
        interval = shown_interval(observation, self.start, self.duration)
        draw_spikes(panel, observation, interval, self.neurons, names)
        for text in panel.texts:
            text.set_text("no spikes")  # the interval would not fit
        panel.set_xlim(interval[0] * 1e3, interval[1] * 1e3)
        panel.set(xticks=[], yticks=[], ylabel="")
        colors = population_colors(recording.populations)
        for name in names:
            panel.plot([], [], "|", color=colors[name], markersize=6, label=shortened(name))

    def _read(self, swept: Swept, index: int) -> Recording | None:
        """The recording of the first seed that left one; None where none did, or it is gone since."""
        from snnrun.results.store.recordings import read_recording

        for path in self._recordings(swept.table, index):
            try:
                return read_recording(swept.results / path)
            except ResultsError:
                continue
        return None

    @staticmethod
    def _recordings(table: SweepTable, index: int) -> list[str]:
        return [path for path in table.recordings[table.folded.rows[index]].tolist() if path]

    def _layout(self, table: SweepTable) -> _Layout:
        sets = chosen(table, self.at)
        x, y = plane_axes(table, varied(table, sets), self.x, self.y)
        across, up = (Column(name, axis_named(table, name).unit, axis_named(table, name).data[sets]) for name in (x, y))
        return _Layout(across, up, sets, _spaced(levels(across.data), self.cells), _spaced(levels(up.data), self.cells))


@dataclass(frozen=True)
class _Layout:
    """The two axes with a value for each of the sets, and the values that have a column or a row."""

    x: Column
    y: Column
    sets: Sets
    columns: list[float | str]
    rows: list[float | str]

    def place(self, number: int) -> tuple[int, int] | None:
        """Column and row of a set; None if it is not shown."""
        x, y = _plain(self.x.data, number), _plain(self.y.data, number)
        return (self.columns.index(x), self.rows.index(y)) if x in self.columns and y in self.rows else None


def _plain(data: NDArray[np.generic], number: int) -> float | str:
    value: float | str = data[number].item()
    return value


def _panel(column: int, row: int) -> str:
    return f"raster {column} {row}"


def _spaced(values: Sequence[float | str], most: int) -> list[float | str]:
    """Some of the values, evenly spaced."""
    steps = len(values) - 1
    # Rather a few less than unequal steps, with the first and the last value in any case.
    counts = range(min(most, len(values)), most // 2, -1)
    count = next((count for count in counts if count > 2 and steps % (count - 1) == 0), min(most, len(values)))
    return [values[index] for index in np.linspace(0, steps, count).round().astype(int)]


def _label_margins(axes: Mapping[str, Axes], layout: _Layout) -> None:
    for column, value in enumerate(layout.columns):
        axes[_panel(column, 0)].set_xlabel(_equation(layout.x, value))
    for row, value in enumerate(layout.rows):
        axes[_panel(0, row)].set_ylabel(_equation(layout.y, value))


def _equation(axis: Column, value: float | str) -> str:
    return f"{shortened(axis.name)} = {shortened(in_words(axis, value), 12)}"
