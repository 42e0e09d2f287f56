"""Round values along a scale."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_STEPS: Final = ((1,), (1, 3), (1, 2, 5))
"""Within each decade: the fewer decades, the more steps."""
_SLACK: Final = 1e-9
"""Parts of a step by which rounding may move the last value beyond the end."""


def round_values(low: float, high: float, *, log: bool, enough: int = 3) -> list[float]:
    """A few round values between two others, both included: in even steps unless decades are between them.

    Parameters
    ----------
    enough
        Within decades, it takes the coarsest steps that give so many.
    """
    for steps in _STEPS if log else ():
        decades = range(floor(log10(low)), ceil(log10(high)) + 1)
        values = [float(f"{step}e{decade}") for decade in decades for step in steps]
        within = [value for value in values if low <= value <= high]
        if len(within) >= enough:
            return within
    span = (high - low) / 5
    size = 10.0 ** floor(log10(span))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= span)
    return [number * step for number in range(ceil(low / step - _SLACK), floor(high / step + _SLACK) + 1)]


def tick_log(axis: Axis) -> None:
    """Write round numbers at a logarithmic scale, all in one way; its limits stand already."""
    low, high = sorted(axis.get_view_interval())
    axis.set_ticks(round_values(float(low), float(high), log=True))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter("")
