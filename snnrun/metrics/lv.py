"""How irregular the spike trains are, little touched by changes of the rate."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, mean_of_defined, mean_per_neuron
from snnrun.quantities import PositiveCount
from snnrun.results.analysis import Measurement, Series


class Lv(Metric):
    """Local variation of the interspike intervals.

    LV_i = mean of 3 ((I - I₊) / (I + I₊))² over the successive intervals I, I₊ of neuron i; the value is the mean over
    the neurons. A Poisson process has 1 whatever the number of its intervals, a clock 0, a gamma process of shape κ
    3/(2κ + 1); bursts raise it above 1. A neuron with fewer than 2 intervals has NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Shinomoto, Shima & Tanji 2003, Differences in spiking patterns among cortical neurons",
            "10.1162/089976603322518759",
        ),
    )

    metric: Literal["lv"] = "lv"
    min_isis: PositiveCount = 2
    """Neurons with fewer intervals are left out of the mean over neurons."""

    def measure(self, activity: Activity) -> Measurement:
        first, second, neurons = activity.intervals.successive()
        per_neuron = mean_per_neuron(lv(first, second), neurons, activity.n_neurons)
        value, n_valid = mean_of_defined(per_neuron[activity.counts - 1 >= self.min_isis])
        return Measurement(value, "1", n_valid, {"lv": Series(per_neuron, "1")}, self.parameters())


def lv(first: FloatArray | IntArray, second: FloatArray | IntArray) -> FloatArray:
    """The term 3 ((I - I₊) / (I + I₊))² of each pair of successive intervals, in any unit; shape (n_pairs,)."""
    term: FloatArray = 3 * ((first - second) / (first + second)) ** 2
    return term
