"""Lines of equal values over a plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from snnrun.results.recording import FloatArray
from snnrun.sweep_figures.colors import Range
from snnrun.sweep_figures.plane import Plane, have_room
from snnrun.sweep_figures.scale import Scale
from snnrun.sweep_figures.tiles import DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE: Final = "#c8102e"
"""A red, which the colours of the plane lack."""
_WIDTH: Final = 1.0
_A_LINE: Final = 3
"""A line that goes less often between neighbours crosses one square of them: a speck."""

_Values = TypeVar("_Values", float, FloatArray)


def draw_levels(
    panel: Axes, plane: Plane, lines: Sequence[FloatArray], x: Scale, y: Scale, colors: Range
) -> list[list[float]]:
    """Draw lines of equal values: solid ones of the measure that has the colours, dashed ones of those of theory.

    Parameters
    ----------
    lines
        Values in the unit of the colours; the measure itself first.

    Returns
    -------
    The values at which there are lines, of each of `lines`.
    """
    if min(len(x.values), len(y.values)) < 3:
        return [[] for _ in lines]
    rows, columns = y.index(plane.y), x.index(plane.x)
    found = []
    for number, values in enumerate(lines):
        surface = np.full((len(y.values), len(x.values)), np.nan)
        surface[rows, columns] = values
        heights = _along(surface, colors)
        levels = {level: _along(level, colors) for level in colors.levels()}
        levels = {level: height for level, height in levels.items() if _crossings(heights, height) >= _A_LINE}
        found.append(list(levels))
        if not levels:
            continue
        look: dict[str, Any] = {"colors": _LINE, "linewidths": _WIDTH, "linestyles": [_style(number)]}
        drawn = panel.contour(x.centers, y.centers, heights, list(levels.values()), **look)
        if number > 0 or have_room(x, y):
            continue  # the number stands at the solid line beside it, or in the legend
        written = {height: f"{level:g}" for level, height in levels.items()}
        for text in panel.clabel(drawn, fmt=written, fontsize=6, inline=False, colors="white"):
            text.set_bbox({"facecolor": _LINE, "edgecolor": "none", "pad": 0.6})
    return found


def explain_levels(panel: Axes, labels: Sequence[str], found: Sequence[list[list[float]]], x: Scale, y: Scale) -> None:
    """Add to the legend of a panel what its lines, and those of the panels beside it, are.

    Parameters
    ----------
    found
        From `draw_levels`, for each panel.
    """
    for number, label in enumerate(labels):
        levels = sorted({level for panels in found for level in panels[number]})
        if levels:
            # Between numbers in the cells there is no place for those of the lines.
            at = f" = {', '.join(f'{level:g}' for level in levels)}" if have_room(x, y) else ""
            panel.plot([], [], color=_LINE, linewidth=_WIDTH, linestyle=_style(number), label=label + at)


def _style(number: int) -> Any:
    return "solid" if number == 0 else DASHES[(number - 1) % len(DASHES)]


def _along(values: _Values, colors: Range) -> _Values:
    """Heights between which lines are drawn straight: the logarithm on a logarithmic scale.

    Silence has none: on its side of a border lines would run wherever the border does.
    """
    return np.log10(np.where(values < colors.low / 10, np.nan, values)) if colors.log else values


def _crossings(heights: FloatArray, height: float) -> int:
    """How often a line of equal height goes between two neighbours."""
    above = np.where(np.isnan(heights), np.nan, heights > height)
    return sum(int(np.count_nonzero(np.abs(np.diff(above, axis=axis)) == 1)) for axis in (0, 1))
