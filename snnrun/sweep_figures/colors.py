"""From measures to colours."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from typing import Any, Final, NamedTuple

import numpy as np

from snnrun.figures.style import COLORS, NETWORK, NETWORK_COLOR
from snnrun.results.recording import FloatArray
from snnrun.results.sweep_table import Column
from snnrun.sweep_figures.rounding import round_values
from snnrun.sweep_figures.selection import levels

COLOR_MAP: Final = "viridis"
"""Even steps of a measure are seen as even steps, in print and by all kinds of colour vision."""

_RAMP: Final = ("#440154", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#d2ce12")
"""Steps of the colour map, the last one darker than it, for lines on white paper."""
_TONES: Final = tuple(
    tone for palette in zip(*(tones[:3] for tones in COLORS.values()), strict=True) for tone in palette
)
"""Of what has no order."""
_STATES: Final = (*COLORS[""], *_RAMP[1:6:2])
"""Of regimes: neither those of excitatory nor those of inhibitory populations."""
MOST_COLORS: Final = len(_RAMP)
"""More colours of lines are not told apart."""

_MANY_TIMES: Final = 50.0
"""From such a ratio of the largest to the smallest value on, a linear scale hides the small ones."""
_DEEPEST: Final = 1e-4
"""Smallest part of the largest value on a logarithmic scale: below it lies what is nearly silent."""


class Range(NamedTuple):
    """The values between which colours change; smaller ones have the colour of the lowest."""

    low: float
    high: float
    log: bool
    cut: bool

    def within(self, values: FloatArray) -> FloatArray:
        """The values with those that lie below raised to the lowest."""
        return np.maximum(values, self.low)

    @property
    def settings(self) -> dict[str, Any]:
        """What matplotlib needs to know."""
        return {"cmap": COLOR_MAP, "norm": "log" if self.log else None, "vmin": self.low, "vmax": self.high}

    def levels(self) -> list[float]:
        """A few round values within the range: fewer than a scale has, since each is a line over the colours."""
        values = round_values(self.low, self.high, log=self.log, enough=2)
        return [value for value in values if self.low < value < self.high]


def color_range(values: FloatArray, log: bool | None) -> Range | None:
    """The range of some values; None when none is finite.

    Parameters
    ----------
    log
        None to decide by the values; values below zero have none.
    """
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return None
    low, high = float(finite.min()), float(finite.max())
    positive = finite[finite > 0]
    if log is None:
        log = len(positive) > 1 and high > _MANY_TIMES * float(np.quantile(positive, 0.1))
    # Below zero a logarithmic scale would show nothing.
    if log and low >= 0 < high:
        floor = max(float(positive.min()), _DEEPEST * high)
        return Range(floor if floor < high else high / 10, high, True, bool(low < floor))
    if low == high:
        # One colour for one value, in the middle of a scale that says how large it is.
        low, high = low - (abs(low) / 2 or 0.5), high + (abs(high) / 2 or 0.5)
    return Range(low, high, False, False)


def series_colors(axis: Column) -> list[str]:
    """A colour for each value of an axis, as many as are told apart: from dark to light for numbers."""
    count = min(len(levels(axis.data)), MOST_COLORS)
    if axis.is_text:
        return list(_TONES[:count])
    # The lightest one only where it is needed.
    return [_RAMP[round(place)] for place in np.linspace(0, max(count, len(_RAMP) - 1) - 1, count)]


def state_colors(states: Iterable[str]) -> dict[str, str]:
    """A colour for each name of a regime."""
    return dict(zip(sorted(set(states)), cycle(_STATES), strict=False))


def measure_color(name: str) -> str:
    """The colour of a measure: a table knows no types of populations, but people call them ``exc`` and ``inh``."""
    population = name.partition(".")[0].lower()
    if population == NETWORK:
        return NETWORK_COLOR
    return COLORS[{"e": "excitatory", "i": "inhibitory"}.get(population[:1], "")][0]
