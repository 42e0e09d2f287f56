"""How irregular the spike trains are from one interval to the next."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, mean_of_defined, mean_per_neuron
from snnrun.quantities import PositiveCount
from snnrun.results.analysis import Measurement, Series


class Cv2(Metric):
    """Local coefficient of variation of the interspike intervals: how much neighbouring intervals differ.

    CV2_i = mean of 2 |I₊ - I| / (I₊ + I) over the successive intervals I, I₊ of neuron i; the value is the mean over
    the neurons. A Poisson process has 1 whatever the number of its intervals, a clock 0. Slow changes of the rate,
    which raise the CV, hardly touch it. A neuron with fewer than 2 intervals has NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Holt, Softky, Koch & Douglas 1996, Comparison of discharge variability in vitro and in vivo in cat visual "
            "cortex neurons",
            "10.1152/jn.1996.75.5.1806",
        ),
    )

    metric: Literal["cv2"] = "cv2"
    min_isis: PositiveCount = 2
    """Neurons with fewer intervals are left out of the mean over neurons."""

    def measure(self, activity: Activity) -> Measurement:
        first, second, neurons = activity.intervals.successive()
        per_neuron = mean_per_neuron(cv2(first, second), neurons, activity.n_neurons)
        value, n_valid = mean_of_defined(per_neuron[activity.counts - 1 >= self.min_isis])
        return Measurement(value, "1", n_valid, {"cv2": Series(per_neuron, "1")}, self.parameters())


def cv2(first: FloatArray | IntArray, second: FloatArray | IntArray) -> FloatArray:
    """The term 2 |I₊ - I| / (I₊ + I) of each pair of successive intervals, in any unit; shape (n_pairs,)."""
    return np.asarray(2 * abs(second - first) / (second + first), dtype=np.float64)
