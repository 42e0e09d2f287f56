"""Where the values of a swept axis stand along a side of a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.figures.style import shortened
from snnrun.results.recording import FloatArray
from snnrun.results.sweep_table import Column
from snnrun.sweep_figures.rounding import tick_log
from snnrun.sweep_figures.selection import levels
from snnrun.sweep_figures.wording import axis_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["linear", "log", "steps"]

_THINNEST: Final = 0.04
"""A cell that takes less of its side is not seen: values that lie so close stand at equal distances instead."""
_NAMED_VALUES: Final = 9
"""Up to so many numbers are written as ticks; more are left to matplotlib, which chooses round ones."""
_NAMED_STEPS: Final = 12
_LONGEST_NUMBER: Final = 5
"""Characters: thirds and the like are no ticks."""
_LONGEST_TEXTS: Final = 36
"""Characters of all labels below a panel that still stand side by side."""
_APART: Final = 0.07
"""Distance between labels, as a part of the side."""
_MARGIN: Final = 0.05
"""Between values and the ends of a side, as a part of it."""
_DECADES: Final = 1.0
"""Scattered values that span less look the same on both scales."""


@dataclass(frozen=True)
class Scale:
    """The values of one axis along a side.

    Parameters
    ----------
    kind
        ``linear`` and ``log`` show numbers where they are; ``steps`` shows texts, and numbers that would cover each
        other, at equal distances.
    values
        The distinct ones; shape (n,).
    edges
        Between the cells of values, in places along the side; shape (n + 1,).
    """

    axis: Column
    kind: Kind
    values: tuple[Any, ...]
    edges: FloatArray

    def places(self, values: NDArray[Any]) -> FloatArray:
        """Where values stand along the side."""
        if self.kind != "steps":
            return np.asarray(values, np.float64)
        order = {value: float(place) for place, value in enumerate(self.values)}
        return np.array([order[value] for value in values.tolist()])

    def index(self, values: NDArray[Any]) -> NDArray[np.intp]:
        """Numbers of the cells of values."""
        order = {value: number for number, value in enumerate(self.values)}
        return np.array([order[value] for value in values.tolist()], np.intp)

    @property
    def centers(self) -> FloatArray:
        """The middle of each cell."""
        if self.kind == "log":
            return np.asarray(np.sqrt(self.edges[1:] * self.edges[:-1]))
        return np.asarray((self.edges[1:] + self.edges[:-1]) / 2)

    def shares(self) -> FloatArray:
        """The part of the side that each cell takes."""
        widths = np.diff(np.log(self.edges) if self.kind == "log" else self.edges)
        return np.asarray(widths / widths.sum())

    def put_on(self, panel: Axes, side: Literal["x", "y"], *, cells: bool) -> None:
        """Give a side of a panel this scale: ticks, label, and the limits of the cells if there are any."""
        axis = panel.xaxis if side == "x" else panel.yaxis
        if self.kind == "log":
            panel.set(**{f"{side}scale": "log"})
        panel.set(**{f"{side}lim": (self.edges[0], self.edges[-1]) if cells else self._around()})
        ticks = self._ticks()
        if ticks is not None:
            places, labels = ticks
            axis.set_ticks(places, labels)
            axis.set_ticks([], minor=True)
            if side == "x" and sum(map(len, labels)) > _LONGEST_TEXTS:
                panel.tick_params(axis="x", labelrotation=30)
        elif self.kind == "log":
            tick_log(axis)
        axis.set_label_text(axis_label(self.axis))

    def _around(self) -> tuple[float, float]:
        """Limits a little beyond the first and the last value."""
        if self.kind == "steps":
            return float(self.edges[0]), float(self.edges[-1])
        low, high = float(self.values[0]), float(self.values[-1])
        if self.kind == "log":
            factor = (high / low) ** _MARGIN
            return low / factor, high * factor
        return low - _MARGIN * (high - low), high + _MARGIN * (high - low)

    def _ticks(self) -> tuple[list[float], list[str]] | None:
        """Places and labels; None where matplotlib chooses better."""
        if self.kind == "steps":
            every = -(-len(self.values) // _NAMED_STEPS)
            shown = self.values[::every]
            labels = [shortened(value) if isinstance(value, str) else f"{value:g}" for value in shown]
            return [float(place) for place in range(0, len(self.values), every)], labels
        labels = [f"{value:g}" for value in self.values]
        if len(labels) > _NAMED_VALUES or max(map(len, labels)) > _LONGEST_NUMBER:
            return None
        ends = np.log(self.edges[[0, -1]]) if self.kind == "log" else self.edges[[0, -1]]
        places = np.log(self.values) if self.kind == "log" else np.array(self.values)
        along = (places - ends[0]) / (ends[1] - ends[0])
        kept: list[int] = []
        for number, place in enumerate(along):
            if not kept or place - along[kept[-1]] >= _APART:
                kept.append(number)
        return [float(self.values[number]) for number in kept], [labels[number] for number in kept]


def scale_of(axis: Column) -> Scale:
    """The scale that suits the values of an axis."""
    values = tuple(levels(axis.data))
    steps = np.arange(len(values) + 1, dtype=np.float64) - 0.5
    if axis.is_text or len(values) < 2 or not np.isfinite(axis.data).all():
        return Scale(axis, "steps", values, steps)
    kind: Kind = "log" if is_geometric(np.array(values)) else "linear"
    scale = Scale(axis, kind, values, _edges(np.array(values), kind))
    return scale if scale.shares().min() >= min(_THINNEST, 0.5 / len(values)) else Scale(axis, "steps", values, steps)


def scale_of_scattered(axis: Column) -> Scale:
    """The scale that suits values of which no two need be the same."""
    values = tuple(levels(axis.data))
    if axis.is_text or len(values) < 2:
        return scale_of(axis)
    numbers = np.array(values)
    kind: Kind = "linear"
    if numbers[0] > 0 and np.log10(numbers[-1] / numbers[0]) >= _DECADES:
        middle = np.median(numbers)
        along = np.log(middle / numbers[0]) / np.log(numbers[-1] / numbers[0])
        # Drawn evenly from a logarithmic range, the median is in the middle of it; else it is far beyond.
        kind = "log" if along < 0.65 else "linear"
    return Scale(axis, kind, values, _edges(numbers, kind))


def is_geometric(values: FloatArray) -> bool:
    """Whether at least three ascending numbers have equal ratios."""
    if len(values) < 3 or values[0] <= 0:
        return False
    # Rounded values, such as 0.1, 0.22, 0.46, 1, have them nearly.
    ratios = np.diff(np.log(values))
    return bool(np.ptp(ratios) <= 0.2 * ratios.mean() and values[-1] / values[0] >= 3)


def _edges(values: FloatArray, kind: Kind) -> FloatArray:
    """Borders in the middle between neighbours, and as far beyond the first and the last."""
    along = np.log(values) if kind == "log" else values
    between = (along[1:] + along[:-1]) / 2
    edges = np.concatenate(([2 * along[0] - between[0]], between, [2 * along[-1] - between[-1]]))
    return np.asarray(np.exp(edges) if kind == "log" else edges)
