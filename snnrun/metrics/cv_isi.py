"""How irregular the spike trains are."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, mean_of_defined, mean_per_neuron
from snnrun.quantities import PositiveCount
from snnrun.results.analysis import Measurement, Series


class CvIsi(Metric):
    """Coefficient of variation of the interspike intervals: their standard deviation over their mean.

    CV_i = std(I) / mean(I) over the intervals I of neuron i; the value is the mean over the neurons that have enough
    intervals. A Poisson process has 1, a clock 0, a gamma process of shape κ 1/√κ; bursts and slow changes of the rate
    raise it above 1. Few intervals bias it low: a Poisson train shows 0.50 with 2 intervals, 0.78 with 5, 0.88 with 10.
    A neuron with fewer than 2 intervals has NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Softky & Koch 1993, The highly irregular firing of cortical cells is inconsistent with temporal "
            "integration of random EPSPs",
            "10.1523/JNEUROSCI.13-01-00334.1993",
        ),
    )

    metric: Literal["cv_isi"] = "cv_isi"
    min_isis: PositiveCount = 10
    """Neurons with fewer intervals are left out of the mean over neurons."""

    def measure(self, activity: Activity) -> Measurement:
        intervals = activity.intervals
        per_neuron = cv_isi(intervals.ticks, intervals.neurons, activity.n_neurons)
        enough = activity.counts - 1 >= self.min_isis
        value, n_valid = mean_of_defined(per_neuron[enough])
        return Measurement(value, "1", n_valid, {"cv": Series(per_neuron, "1")}, self.parameters())


def cv_isi(intervals: FloatArray | IntArray, neurons: IntArray, n_neurons: int) -> FloatArray:
    """Coefficient of variation of the intervals of each neuron.

    Parameters
    ----------
    intervals
        Any unit; shape (n_intervals,).
    neurons
        Neuron of each interval; shape (n_intervals,).
    n_neurons
        Number of neurons, those without intervals included.

    Returns
    -------
    shape (n_neurons,)
        NaN with fewer than 2 intervals, or when all are 0.
    """
    mean = mean_per_neuron(intervals, neurons, n_neurons, at_least=2)
    # The deviations first, then their squares: a clock has exactly 0.
    variance = mean_per_neuron((intervals - mean[neurons]) ** 2, neurons, n_neurons, at_least=2)
    cv = np.full(n_neurons, np.nan)
    np.divide(np.sqrt(variance), mean, out=cv, where=mean > 0)
    return cv
