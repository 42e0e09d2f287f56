"""A measure over an axis: means, their spread, and single seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.figures.style import FAINT, INK
from snnrun.results.recording import FloatArray
from snnrun.sweep_figures.rounding import tick_log
from snnrun.sweep_figures.tiles import DASHES, FAILED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKED: Final = 30
"""Up to so many means have a mark."""
_PALE: Final = 0.2
_FAINT: Final = 0.4


@dataclass(frozen=True)
class Curve:
    """What is drawn in one colour, from left to right.

    Parameters
    ----------
    x
        Places of the sets of values; shape (n_sets,), as all that follow.
    mean, sd
        Over their seeds; NaN where undefined.
    seeds
        The single numbers of each set.
    failed
        Where a point of the set failed.
    theory
        What theories say of the mean, each for all places.
    """

    x: FloatArray
    mean: FloatArray
    sd: FloatArray
    seeds: Sequence[FloatArray]
    failed: NDArray[np.bool_]
    theory: Sequence[FloatArray] = ()


def draw_curve(panel: Axes, curve: Curve, color: str, label: str, *, connected: bool) -> None:
    """Draw the means, the band of their standard deviation, the seeds, theory, and crosses where there is no seed."""
    marker = "o" if not connected or len(curve.x) <= _MARKED else ""
    line = "-" if connected else "none"
    panel.plot(curve.x, curve.mean, color=color, linestyle=line, marker=marker, markersize=3, label=label or None)
    low, high = curve.mean - curve.sd, curve.mean + curve.sd
    if connected:
        panel.fill_between(curve.x, low, high, color=color, alpha=_PALE, linewidth=0)
    else:
        panel.vlines(curve.x, low, high, color=color, linewidth=0.8)
    if max(map(len, curve.seeds), default=1) > 1:
        across = np.repeat(curve.x, [len(seeds) for seeds in curve.seeds])
        panel.plot(across, np.concatenate(curve.seeds), ".", color=color, markersize=2.5, alpha=_FAINT, linewidth=0)
    for number, values in enumerate(curve.theory):
        panel.plot(curve.x, values, color=color, **_of_theory(number, connected=connected))
    lost = curve.failed & np.isnan(curve.mean)
    if lost.any():
        at_the_bottom = panel.get_xaxis_transform()
        panel.plot(
            curve.x[lost],
            np.full(lost.sum(), 0.04),
            "x",
            color=INK,
            markersize=4,
            markeredgewidth=0.8,
            transform=at_the_bottom,
            label=FAILED,
        )


def explain(panel: Axes, n_seeds: int, theory: Sequence[str], *, connected: bool) -> None:
    """Add to the legend of a panel what line, band or bar, and points are, where there are several, and theories."""
    for number, label in enumerate(theory):
        panel.plot([], [], color=FAINT, label=label, **_of_theory(number, connected=connected))
    if n_seeds < 2:
        return
    mean = f"mean over {n_seeds} seeds"
    if connected:
        panel.plot([], [], "o-", color=FAINT, markersize=3, label=mean)
        panel.fill_between([], [], [], color=FAINT, alpha=_PALE, linewidth=0, label="± SD")
    else:
        panel.errorbar([], [], [], fmt="o", color=FAINT, markersize=3, elinewidth=0.8, label=f"{mean} ± SD")
    panel.plot([], [], ".", color=FAINT, markersize=2.5, label="single seeds")


def _of_theory(number: int, *, connected: bool) -> dict[str, Any]:
    """How one of several theories looks: dashed, or as open marks where nothing connects the means."""
    if connected:
        return {"linestyle": DASHES[number % len(DASHES)], "linewidth": 0.9}
    return {"linestyle": "none", "marker": "sDv"[number % 3], "markersize": 4.5, "markerfacecolor": "none"}


def fit_height(panels: Sequence[Axes], *, log: bool) -> None:
    """Give panels of one measure one scale, from zero on where that is not far below."""
    drawn = [line.get_ydata() for panel in panels for line in panel.get_lines() if line.get_label() != FAILED]
    values = np.concatenate([np.asarray(each, np.float64) for each in drawn])
    positive = values[values > 0]
    # Within less than a decade both scales look the same, and the linear one has rounder ticks. Of values below zero
    # a logarithmic one would show nothing.
    log = log and not (values < 0).any() and len(positive) > 0 and positive.max() > 10 * positive.min()
    if log:
        for panel in panels:
            # Clipped, not left out: a band that reaches below zero goes on to the bottom.
            panel.set_yscale("log", nonpositive="clip")
    if not np.isfinite(values).any():
        for panel in panels:
            panel.set_yticks([])
            panel.text(0.5, 0.5, "no numbers", transform=panel.transAxes, ha="center", va="center", color=FAINT)
        return
    limits = [panel.get_ylim() for panel in panels]
    low, high = min(bottom for bottom, _ in limits), max(top for _, top in limits)
    if not log and 0 <= np.nanmin(values) < np.nanmax(values) / 2:
        low = 0.0
    for panel in panels:
        panel.set_ylim(low, high)
        if log:
            tick_log(panel.yaxis)
