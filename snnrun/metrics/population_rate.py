"""How the rate of the whole population changes in time."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.gaussian import smooth
from snnrun.metrics.trains import mean_of_defined
from snnrun.quantities import PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class PopulationRate(Metric):
    """Population rate: spikes of all neurons in each bin, per neuron and second; the value is its mean over time.

    r(t) = n(t) / (N · bin), with n(t) the spikes of all N neurons in the bin around t. For drawing it is also given
    smoothed by a Gaussian. Independent Poisson neurons of rate ν give fluctuations of the variance ν / (N · bin). A
    rest at the end of the window that fills no bin is left out; a window shorter than a bin gives empty arrays and NaN.
    """

    standard: ClassVar[bool] = True

    metric: Literal["population_rate"] = "population_rate"
    bin: PositiveTime = quantity("1 ms")
    """Width of the bins."""
    smoothing: PositiveTime = quantity("2 ms")
    """Standard deviation of the Gaussian of the smoothed curve."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        rate = activity.population_rate(self.bin)
        centres = activity.bin_centres(self.bin)[: len(rate)]
        value, n_valid = mean_of_defined(rate)
        smoothed = smooth(rate, self.smoothing.value / self.bin.value)
        series = {"time": Series(centres, "s"), "rate": Series(rate, "Hz"), "smoothed": Series(smoothed, "Hz")}
        return Measurement(value, "Hz", n_valid, series, self.parameters())
