"""How often the neurons spike."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, mean_of_defined
from snnrun.results.analysis import Measurement, Series


class MeanRate(Metric):
    """Mean firing rate: spikes per neuron and second.

    Neuron i has the rate n_i / T, with n_i its spikes in the window of length T; the value is the mean over all
    neurons, silent ones included. A silent neuron has 0 Hz.
    """

    standard: ClassVar[bool] = True

    metric: Literal["mean_rate"] = "mean_rate"

    def measure(self, activity: Activity) -> Measurement:
        rates = mean_rate(activity.counts, activity.duration)
        value, n_valid = mean_of_defined(rates)
        return Measurement(value, "Hz", n_valid, {"rate": Series(rates, "Hz")}, self.parameters())


def mean_rate(counts: IntArray, duration: float) -> FloatArray:
    """Rate of each neuron in hertz, from its number of spikes in a window of ``duration`` seconds."""
    return counts / duration
