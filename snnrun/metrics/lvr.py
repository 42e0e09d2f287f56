"""How irregular the spike trains are, with the effect of refractoriness taken out."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, mean_of_defined, mean_per_neuron
from snnrun.quantities import NonNegativeTime, PositiveCount
from snnrun.results.analysis import Measurement, Series
from snnrun.units import quantity


class Lvr(Metric):
    """Local variation of the interspike intervals, revised: compensated for refractoriness.

    LvR_i = mean of 3 (1 - 4 I I₊ / (I + I₊)²) (1 + 4 R / (I + I₊)) over the successive intervals I, I₊ of neuron i; the
    value is the mean over the neurons. With R = 0 it is LV. A Poisson process with a short dead time R has 1 to first
    order in R, a clock 0. A neuron with fewer than 2 intervals has NaN.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Shinomoto et al. 2009, Relating neuronal firing patterns to functional differentiation of cerebral cortex",
            "10.1371/journal.pcbi.1000433",
        ),
    )

    metric: Literal["lvr"] = "lvr"
    refractoriness: NonNegativeTime = quantity("5 ms")
    """The constant R."""
    min_isis: PositiveCount = 2
    """Neurons with fewer intervals are left out of the mean over neurons."""

    def measure(self, activity: Activity) -> Measurement:
        first, second, neurons = activity.intervals.successive()
        terms = lvr(first, second, self.refractoriness.value / activity.spikes.dt)
        per_neuron = mean_per_neuron(terms, neurons, activity.n_neurons)
        value, n_valid = mean_of_defined(per_neuron[activity.counts - 1 >= self.min_isis])
        return Measurement(value, "1", n_valid, {"lvr": Series(per_neuron, "1")}, self.parameters())


def lvr(first: FloatArray | IntArray, second: FloatArray | IntArray, refractoriness: float) -> FloatArray:
    """The term of each pair of successive intervals; all in one unit, shape (n_pairs,)."""
    total = first + second
    # 1 - 4 I I₊ / (I + I₊)² in a form whose whole numbers do not overflow.
    term: FloatArray = 3 * ((first - second) / total) ** 2 * (1 + 4 * refractoriness / total)
    return term
