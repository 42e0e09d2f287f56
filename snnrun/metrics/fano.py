"""How variable the number of spikes is."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, mean_of_defined
from snnrun.quantities import PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Fano(Metric):
    """Fano factor: variance over mean of the spike count of a neuron in windows of equal length.

    F_i = Var(n) / mean(n) over the counts n of neuron i in successive windows; the value is the mean over the neurons
    that spike. A Poisson process has 1, a renewal process in long windows the square of its CV; slow changes of the
    rate raise it. K windows bias it by the factor (K - 1)/K. A neuron without spikes has NaN, as have all when the
    recording holds fewer than 2 windows.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Fano 1947, Ionization yield of radiations. II. The fluctuations of the number of ions",
            "10.1103/PhysRev.72.26",
        ),
    )

    metric: Literal["fano"] = "fano"
    window: PositiveTime = quantity("100 ms")
    """Length of the counting windows."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.window,)

    def measure(self, activity: Activity) -> Measurement:
        mean, variance = activity.binned(self.window).mean_and_variance()
        n_windows = activity.n_bins(self.window)
        per_neuron = fano(mean, variance) if n_windows >= 2 else np.full(activity.n_neurons, np.nan)
        value, n_valid = mean_of_defined(per_neuron)
        note = "" if n_windows >= 2 else "the analysed interval is shorter than two counting windows"
        return Measurement(value, "1", n_valid, {"fano": Series(per_neuron, "1")}, self.parameters(), note)


def fano(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """Variance over mean of counts, NaN where the mean is 0; shape as given."""
    factor = np.full(len(mean), np.nan)
    np.divide(variance, mean, out=factor, where=mean > 0)
    return factor
