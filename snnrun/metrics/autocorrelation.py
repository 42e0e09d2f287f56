"""How activity is related to itself some time later."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, Trains
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Autocorrelation(Metric):
    """Autocorrelation of the population rate and of single neurons; the value is the side peak of the population's.

    Population: the autocovariance of the counts at lag τ over that at lag 0, corrected for the overlap by 1 - |τ|/T.
    The side peak is the largest value after the curve first fell to 0: near 1 for a lasting oscillation, near 0 for
    asynchronous activity, NaN where the curve never falls to 0. A constant rate has NaN.

    Single neurons: the rate in hertz at which a neuron spikes at lag τ from one of its own spikes, that spike itself
    not counted, corrected for the overlap; the mean over the sampled neurons that spike. The dip around 0 is
    refractoriness, ringing is regular firing; at long lags the curve tends to the mean rate. Without spikes it is NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Perkel, Gerstein & Moore 1967, Neuronal spike trains and stochastic point processes. I. The single spike "
            "train",
            "10.1016/S0006-3495(67)86596-2",
        ),
    )

    metric: Literal["autocorrelation"] = "autocorrelation"
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the counts, and distance of the lags."""
    longest: PositiveTime = quantity("200 ms")
    """Longest lag of the population."""
    neuron_longest: PositiveTime = quantity("100 ms")
    """Longest lag of the single neurons."""
    neurons: PositiveCount = 1000
    """How many neurons at most the curve of the single neurons is averaged over; they are drawn from the seed."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        counts = activity.population_counts(self.bin)
        n_lags = self._n_lags(activity, self.longest.value, len(counts))
        population = autocorrelation(counts.astype(float), n_lags)
        n_neuron_lags = self._n_lags(activity, self.neuron_longest.value, len(counts))
        trains = activity.trains.of(activity.sample(self.neurons))
        binned = replace(trains, ticks=trains.ticks // activity.bin_ticks(self.bin))
        neuron_rate = conditional_rate(binned, n_neuron_lags, len(counts), self.bin.value)
        series = {
            "lag": Series(_symmetric_lags(n_lags, self.bin.value), "s"),
            "autocorrelation": Series(_mirrored(population), "1"),
            "neuron_lag": Series(_symmetric_lags(n_neuron_lags, self.bin.value), "s"),
            "neuron_rate": Series(_mirrored(neuron_rate), "Hz"),
        }
        value = side_peak(population)
        n_valid = 0 if np.isnan(value) else len(counts)
        return Measurement(value, "1", n_valid, series, self.parameters())

    def _n_lags(self, activity: Activity, longest: float, n_bins: int) -> int:
        return max(min(int(longest / self.bin.value + 1e-6), n_bins - 1), 0)


def autocorrelation(values: FloatArray, n_lags: int) -> FloatArray:
    """Autocovariance over variance, each lag divided by the fraction of the values that overlap.

    Returns
    -------
    shape (n_lags + 1,)
        From lag 0, which is 1; NaN when the values are constant or none.
    """
    if not len(values) or np.ptp(values) == 0:
        return np.full(n_lags + 1, np.nan)
    # Zeros behind the values keep their end from being correlated with their beginning.
    n_padded = 1 << (len(values) + n_lags - 1).bit_length()
    power = np.abs(np.fft.rfft(values - values.mean(), n_padded)) ** 2
    covariance: FloatArray = np.fft.irfft(power, n_padded)[: n_lags + 1] / (len(values) - np.arange(n_lags + 1))
    correlation: FloatArray = covariance / covariance[0]
    return correlation


def conditional_rate(binned: Trains, n_lags: int, n_bins: int, bin_width: float) -> FloatArray:
    """Rate at which neurons spike at a lag from one of their own spikes, the mean over the neurons that spike.

    Parameters
    ----------
    binned
        Trains whose ticks are bins; spikes in bins from ``n_bins`` on are left out.
    n_lags
        Longest lag in bins.
    n_bins
        Length of the window in bins.
    bin_width
        Seconds.

    Returns
    -------
    hertz, shape (n_lags + 1,)
        From lag 0; NaN without any spike.
    """
    inside = binned.ticks < n_bins
    trains = Trains(binned.ticks[inside], binned.neurons[inside], binned.n_neurons)
    n_spikes = np.bincount(trains.neurons, minlength=trains.n_neurons)
    if not n_spikes.any():
        return np.full(n_lags + 1, np.nan)
    weights = 1 / np.maximum(n_spikes, 1)
    pairs = np.zeros(n_lags + 1)
    for order in count(1):
        lags, neurons = trains.lagged(order)
        near = lags <= n_lags
        if not near.any():
            break
        pairs += np.bincount(lags[near], weights=weights[neurons[near]], minlength=n_lags + 1)
    # Two spikes in one bin are seen from either of them; at other lags the second view is that of the negative lag.
    pairs[0] *= 2
    overlap = 1 - np.arange(n_lags + 1) / n_bins
    rate: FloatArray = pairs / (np.count_nonzero(n_spikes) * bin_width * overlap)
    return rate


def side_peak(correlation: FloatArray) -> float:
    """Largest value after the curve, from lag 0 on, first falls to 0; NaN if it does not."""
    fallen = np.flatnonzero(correlation <= 0)
    return float(correlation[fallen[0] :].max()) if len(fallen) else float("nan")


def _mirrored(half: FloatArray) -> FloatArray:
    return np.concatenate([half[:0:-1], half])


def _symmetric_lags(n_lags: int, bin_width: float) -> FloatArray:
    return np.asarray(np.arange(-n_lags, n_lags + 1) * bin_width, dtype=np.float64)
