"""How the intervals between spikes are distributed."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class IsiHistogram(Metric):
    """Density of the interspike intervals of all neurons, in linear and in logarithmic bins; the value is their mean.

    The density of a bin is its number of intervals / (number of all intervals · width of the bin), in 1/s: it
    integrates to the fraction of intervals that lies inside the histogram. A Poisson process of rate ν has the density
    ν exp(-ν I), a straight line on a logarithmic axis. Without any interval the arrays are empty and the mean is NaN.

    Logarithmic bins reach from one time step to the length of the window. They begin and end between two time steps, so
    that each covers a whole number of them; short intervals therefore have fewer bins.
    """

    standard: ClassVar[bool] = True

    metric: Literal["isi_histogram"] = "isi_histogram"
    bin: PositiveTime = quantity("1 ms")
    """Width of the linear bins."""
    longest: PositiveTime = quantity("200 ms")
    """The linear bins reach at least this far."""
    per_decade: PositiveCount = 10
    """Number of logarithmic bins from one power of ten to the next."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin, self.longest)

    def measure(self, activity: Activity) -> Measurement:
        dt = activity.spikes.dt
        bin_ticks = activity.bin_ticks(self.bin)
        n_bins = math.ceil(activity.bin_ticks(self.longest) / bin_ticks)
        window = activity.spikes.stop - activity.spikes.start
        intervals = activity.intervals.ticks
        histogram = np.bincount(intervals)
        linear = bin_ticks * np.arange(n_bins + 1)
        logarithmic = logarithmic_edges(window, self.per_decade)
        beyond = int(histogram[linear[-1] :].sum())
        return Measurement(
            value=float(intervals.mean()) * dt if len(intervals) else float("nan"),
            unit="s",
            n_valid=len(intervals),
            series={
                "edges": Series(linear * dt if len(intervals) else np.empty(0), "s"),
                "density": Series(density(histogram, linear, dt), "1/s"),
                "log_edges": Series(logarithmic * dt if len(intervals) else np.empty(0), "s"),
                "log_density": Series(density(histogram, logarithmic, dt), "1/s"),
            },
            parameters=self.parameters(),
            note=f"{beyond} intervals are longer than the linear bins reach" if beyond else "",
        )


def density(histogram: IntArray, edges: FloatArray | IntArray, dt: float) -> FloatArray:
    """Density of the intervals in bins ``[edge, next edge)``.

    Parameters
    ----------
    histogram
        Number of intervals of 0, 1, 2 … time steps.
    edges
        Time steps; shape (n_bins + 1,).
    dt
        Seconds.

    Returns
    -------
    1/s; shape (n_bins,), empty without any interval.
    """
    total = histogram.sum()
    if not total:
        return np.empty(0)
    below = np.concatenate([[0], np.cumsum(histogram)])
    places = np.minimum(np.ceil(edges).astype(np.int64), len(histogram))
    inside: FloatArray = np.diff(below[places]) / (total * np.diff(edges) * dt)
    return inside


def logarithmic_edges(longest: int, per_decade: int) -> FloatArray:
    """Edges halfway between time steps, from below 1 to above ``longest`` steps, spaced evenly in the logarithm."""
    n_edges = int(np.ceil(np.log10(longest + 1) * per_decade)) + 1
    steps = np.round(10 ** (np.arange(n_edges) / per_decade))
    return np.append(np.unique(steps[steps <= longest]), longest + 1) - 0.5
