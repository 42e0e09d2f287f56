"""One panel of a plane: cells on a grid, or points that are scattered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.figures.style import FAINT, INK
from snnrun.results.recording import FloatArray
from snnrun.sweep_figures.colors import Range
from snnrun.sweep_figures.regions import borders, regions
from snnrun.sweep_figures.scale import Scale
from snnrun.sweep_figures.tiles import FAILED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

_ROOM: Final = 0.09
"""Part of each side that a cell takes, at least, for its number to be written into it."""
_HATCHES: Final = ((("missing", "running"), "////", "not done yet"), (("done",), "....", "undefined"))
"""Status of sets without a number, how their cells look, and what that is called."""
_MARKERS: Final = "osD^vPX*"
"""For the states of scattered points."""
_DARK: Final = 0.5
"""Brightness below which a cell is written on in white."""

_TINY: Final = 1e-3


@dataclass(frozen=True)
class Plane:
    """What is shown in a panel, set by set.

    Parameters
    ----------
    x, y
        Values of the two axes; shape (n_sets,), as all that follow.
    means
        Over the seeds, in the unit that is shown; NaN where there is nothing to average.
    status
        Of the set.
    states
        Names of regimes; empty where there is none.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    means: FloatArray
    status: NDArray[np.str_]
    states: NDArray[np.str_]

    def unknown(self, *status: str) -> NDArray[np.bool_]:
        """The sets of a status from which there is no number."""
        return ~np.isfinite(self.means) & np.isin(self.status, status)


def draw_cells(panel: Axes, plane: Plane, x: Scale, y: Scale, colors: Range | None) -> ScalarMappable | None:
    """Draw a cell for each set; returns what a colour bar needs, if there are colours."""
    rows, columns = y.index(plane.y), x.index(plane.x)
    mesh = None
    if colors is not None:
        means = np.full((len(y.values), len(x.values)), np.nan)
        means[rows, columns] = plane.means
        mesh = panel.pcolormesh(x.edges, y.edges, colors.within(means), **colors.settings)
    for status, pattern, label in _HATCHES:
        which = np.zeros((len(y.values), len(x.values)), bool)
        which[rows, columns] = plane.unknown(*status)
        _hatch(panel, which, x, y, pattern, label)
    _cross_out(panel, x.centers[columns], y.centers[rows], plane.unknown("failed"))
    names = np.full((len(y.values), len(x.values)), "", plane.states.dtype)
    names[rows, columns] = plane.states
    _outline(panel, names, x, y)
    if mesh is not None and have_room(x, y):
        _write_values(panel, plane, x.centers[columns], y.centers[rows], mesh, colors)
    else:
        for region in regions(names):
            size = 7 if region.n_cells > 1 else 5
            _write_name(panel, x.centers[region.column], y.centers[region.row], region.name, size)
    return mesh


def draw_points(panel: Axes, plane: Plane, x: Scale, y: Scale, colors: Range | None) -> ScalarMappable | None:
    """Draw a point for each set, its form for its state; returns what a colour bar needs, if there are colours."""
    across, up = x.places(plane.x), y.places(plane.y)
    points = None
    for number, state in enumerate(sorted(set(plane.states.tolist()))):
        here = (plane.states == state) & np.isfinite(plane.means)
        if colors is None or not here.any():
            continue
        marker, known = _MARKERS[number % len(_MARKERS)], colors.within(plane.means[here])
        look: dict[str, Any] = {"marker": marker, "s": 28, "edgecolors": INK, "linewidths": 0.4}
        points = panel.scatter(across[here], up[here], c=known, **look, **colors.settings)
        if state:
            panel.scatter([], [], color=FAINT, **look, label=state)
    for (status, _, label), filled in zip(_HATCHES, ("none", FAINT), strict=True):
        which = plane.unknown(*status)
        if which.any():
            look = {"s": 9, "facecolors": filled, "edgecolors": FAINT, "linewidths": 0.6}
            panel.scatter(across[which], up[which], **look, label=label)
    _cross_out(panel, across, up, plane.unknown("failed"))
    return points


def have_room(x: Scale, y: Scale) -> bool:
    """Whether cells are so large that numbers can be written into them."""
    return bool(min(x.shares().min(), y.shares().min()) >= _ROOM)


def _hatch(panel: Axes, which: NDArray[np.bool_], x: Scale, y: Scale, pattern: str, label: str) -> None:
    """Hatch cells of the plane; shape of `which`: (rows, columns)."""
    # Neighbours as one rectangle: each costs some milliseconds, and a sweep may have thousands of cells to come.
    change = np.diff(np.pad(which, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    (rows, first), (_, beyond) = np.nonzero(change == 1), np.nonzero(change == -1)
    if len(rows) == 0:
        return
    left, bottom = x.edges[first], y.edges[rows]
    size: dict[str, Any] = {"width": x.edges[beyond] - left, "height": y.edges[rows + 1] - bottom}
    look: dict[str, Any] = {"facecolor": "#f4f4f4", "edgecolor": "#bbbbbb", "linewidth": 0, "hatch": pattern}
    panel.bar(left, bottom=bottom, align="edge", **size, **look, label=label)


def _cross_out(panel: Axes, across: FloatArray, up: FloatArray, which: NDArray[np.bool_]) -> None:
    if which.any():
        panel.plot(across[which], up[which], "x", color=INK, markersize=4, markeredgewidth=0.8, label=FAILED)


def _outline(panel: Axes, names: NDArray[np.str_], x: Scale, y: Scale) -> None:
    """Draw the borders between regions, white with a dark seam."""
    beside, above = borders(names)
    for color, width in ((INK, 2.0), ("white", 1.0)):
        look: dict[str, Any] = {"colors": color, "linewidth": width, "capstyle": "projecting"}
        rows, columns = np.nonzero(beside)
        panel.vlines(x.edges[columns + 1], y.edges[rows], y.edges[rows + 1], **look)
        rows, columns = np.nonzero(above)
        panel.hlines(y.edges[rows + 1], x.edges[columns], x.edges[columns + 1], **look)


def _write_name(panel: Axes, across: float, up: float, name: str, size: float) -> None:
    plate = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "boxstyle": "round,pad=0.15"}
    panel.text(across, up, name, ha="center", va="center", size=size, weight="bold", bbox=plate)


def _write_values(
    panel: Axes, plane: Plane, across: FloatArray, up: FloatArray, mesh: ScalarMappable, colors: Range | None
) -> None:
    """Write each number into its cell, and its state below."""
    for place, height, mean, state in zip(across, up, plane.means, plane.states, strict=True):
        if np.isfinite(mean):
            red, green, blue, _ = mesh.to_rgba(np.array(mean) if colors is None else colors.within(np.array(mean)))
            color = "white" if 0.3 * red + 0.59 * green + 0.11 * blue < _DARK else INK
            panel.text(
                place, height, f"{_in_short(mean)}\n{state}".strip(), ha="center", va="center", size=6, color=color
            )


def _in_short(value: float) -> str:
    """Five or six characters."""
    if abs(value) < 1:
        return f"{value:.2g}" if abs(value) >= _TINY or value == 0 else f"{value:.0e}"
    return f"{value:.0f}" if 100 <= abs(value) < 1e5 else f"{value:.3g}"
