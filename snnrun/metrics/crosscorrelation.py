"""How the activity of one population is related to that of another some time later."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.population_pair import NO_PAIR, PopulationPairMetric
from snnrun.metrics.trains import FloatArray
from snnrun.quantities import PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Crosscorrelation(PopulationPairMetric):
    """Cross-correlation of the rates of two populations; the value is its highest point, and with it comes the lag.

    Covariance of the count of the first population with that of the second at lag τ later, over the product of their
    standard deviations, corrected for the overlap by 1 - |τ|/T. At a positive lag the second comes after the first: of
    excitation that inhibition follows, the peak lies at a positive lag. Independent populations have values of about
    1/√(number of bins) around 0; fewer than two populations, and rates that do not vary, have NaN.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Perkel, Gerstein & Moore 1967, Neuronal spike trains and stochastic point processes. II. Simultaneous "
            "spike trains",
            "10.1016/S0006-3495(67)86597-4",
        ),
    )

    metric: Literal["crosscorrelation"] = "crosscorrelation"
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the counts, and distance of the lags."""
    longest: PositiveTime = quantity("100 ms")
    """Longest lag to either side."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        pair = self.pair(activity)
        if pair is None:
            return Measurement(float("nan"), "1", 0, {}, self.parameters(), NO_PAIR)
        first, second = (part.population_counts(self.bin).astype(float) for part in pair)
        n_lags = max(min(int(self.longest.value / self.bin.value + 1e-6), len(first) - 1), 0)
        correlation = crosscorrelation(first, second, n_lags)
        peak = highest(correlation)
        series = {
            "lag": Series(np.arange(-n_lags, n_lags + 1) * self.bin.value, "s"),
            "crosscorrelation": Series(correlation, "1"),
            "peak_lag": Series(np.array(peak.lag * self.bin.value), "s"),
        }
        n_valid = 0 if np.isnan(peak.height) else len(first)
        note = f"{pair[0].name}, then {pair[1].name}"
        return Measurement(peak.height, "1", n_valid, series, self.parameters(), note)


class Peak(NamedTuple):
    """The highest point of a correlogram, and its lag in bins."""

    height: float
    lag: float


def highest(correlation: FloatArray) -> Peak:
    """The highest point of a correlogram whose middle is lag 0; NaN where the correlogram is undefined."""
    if np.isnan(correlation).any():
        return Peak(float("nan"), float("nan"))
    top = int(correlation.argmax())
    return Peak(float(correlation[top]), float(top - len(correlation) // 2))


def crosscorrelation(first: FloatArray, second: FloatArray, n_lags: int) -> FloatArray:
    """Pearson's r of two signals, the second taken some steps later.

    Parameters
    ----------
    first, second
        Shape (n_times,).
    n_lags
        Longest lag to either side, below ``n_times``.

    Returns
    -------
    shape (2 * n_lags + 1,)
        From lag ``-n_lags``; each lag is divided by the fraction of the times that overlap. NaN where a signal does not
        vary.
    """
    n_times = len(first)
    if not n_times or np.ptp(first) == 0 or np.ptp(second) == 0:
        return np.full(2 * n_lags + 1, np.nan)
    # Zeros behind the values keep their end from being correlated with their beginning.
    n_padded = 1 << (n_times + n_lags - 1).bit_length()
    spectra = [np.fft.rfft(values - values.mean(), n_padded) for values in (first, second)]
    products = np.fft.irfft(np.conj(spectra[0]) * spectra[1], n_padded)
    lags = np.arange(-n_lags, n_lags + 1)
    covariance = products[lags] / (n_times - np.abs(lags))  # negative lags stand at the end
    correlation: FloatArray = covariance / (first.std() * second.std())
    return correlation
