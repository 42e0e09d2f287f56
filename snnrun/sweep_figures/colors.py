"""From measures to colours."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from snnrun.results.recording import FloatArray

COLOR_MAP: Final = "viridis"
"""Even steps of a measure are seen as even steps, in print and by all kinds of colour vision."""

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
        return {"cmap": COLOR_MAP, "norm": "log" if self.log else "linear", "vmin": self.low, "vmax": self.high}

    def levels(self) -> list[float]:
        """A few round values within the range."""
        return [level for level in _round_values(self) if self.low < level < self.high]


def color_range(values: FloatArray, log: bool | None) -> Range | None:
    """The range of some values; None when none is finite.

    Parameters
    ----------
    log
        None to decide by the values.
    """
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return None
    low, high = float(finite.min()), float(finite.max())
    positive = finite[finite > 0]
    if log is None:
        log = low >= 0 and len(positive) > 1 and high > _MANY_TIMES * float(np.quantile(positive, 0.1))
    if log and len(positive):
        floor = max(float(positive.min()), _DEEPEST * high)
        return Range(floor if floor < high else high / 10, high, True, bool(low < floor))
    if low == high:
        # One colour for one value, in the middle of a scale that says how large it is.
        low, high = low - (abs(low) / 2 or 0.5), high + (abs(high) / 2 or 0.5)
    return Range(low, high, False, False)


def _round_values(shown: Range) -> list[float]:
    if shown.log:
        decades = range(int(np.floor(np.log10(shown.low))), int(np.ceil(np.log10(shown.high))) + 1)
        steps = (1, 2, 5) if len(decades) <= 3 else (1,)
        return [float(f"{step}e{decade}") for decade in decades for step in steps]
    span = (shown.high - shown.low) / 4
    size = 10.0 ** np.floor(np.log10(span))
    step = float(next(size * factor for factor in (1, 2, 5, 10) if size * factor >= span))
    first = int(np.ceil(shown.low / step))
    return [number * step for number in range(first, first + 6)]
