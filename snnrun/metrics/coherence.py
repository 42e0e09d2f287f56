"""At which frequencies two populations fluctuate together."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.population_pair import NO_PAIR, PopulationPairMetric
from snnrun.metrics.trains import FloatArray
from snnrun.metrics.welch import segment_spectra, segments_of
from snnrun.quantities import PositiveCount, PositiveFrequency, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Coherence(PopulationPairMetric):
    """Magnitude-squared coherence of the rates of two populations; the value is its largest within a band.

    C(f) = |S_12|² / (S_11 S_22) from Welch's cross and power spectra: means over K segments that overlap by half, each
    with its mean removed and under a Hann window. 1 where one rate is a linear function of the other, however late. Of
    independent populations the expected value is not 0 but the bias 1/K, which is stored beside it; the largest of many
    frequencies lies well above. K = 1 would have 1 everywhere: when the window is too short for the wanted number of
    segments they are made shorter, and the note says which resolution remains. Fewer than two populations, rates that
    do not vary and windows too short have NaN.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Carter, Knapp & Nuttall 1973, Estimation of the magnitude-squared coherence function via overlapped fast "
            "Fourier transform processing",
            "10.1109/TAU.1973.1162496",
        ),
    )

    metric: Literal["coherence"] = "coherence"
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the rates."""
    resolution: PositiveFrequency = quantity("2 Hz")
    """Distance of the frequencies."""
    min_segments: PositiveCount = 8
    """Number of segments below which the resolution is made coarser."""
    lowest: PositiveFrequency = quantity("2 Hz")
    """Lower end of the band."""
    highest: PositiveFrequency = quantity("300 Hz")
    """Upper end of the band."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        pair = self.pair(activity)
        if pair is None:
            return Measurement(float("nan"), "1", 0, {}, self.parameters(), NO_PAIR)
        first, second = (part.population_rate(self.bin) for part in pair)
        segments = segments_of(len(first), self.bin.value, self.resolution.value, self.min_segments)
        if not segments.length:
            return Measurement(float("nan"), "1", 0, {}, self.parameters(), segments.note)
        frequency, values = coherence(first, second, self.bin.value, segments.length)
        inside = (frequency >= self.lowest.value) & (frequency <= self.highest.value) & ~np.isnan(values)
        top = int(np.where(inside, values, -1).argmax())
        series = {
            "frequency": Series(frequency, "Hz"),
            "coherence": Series(values, "1"),
            "bias": Series(np.array(1 / segments.number), "1"),
            "peak_frequency": Series(np.array(frequency[top] if inside.any() else np.nan), "Hz"),
        }
        value = float(values[top]) if inside.any() else float("nan")
        note = "; ".join(filter(None, [f"{pair[0].name} and {pair[1].name}", segments.note]))
        return Measurement(value, "1", int(inside.sum()), series, self.parameters(), note)


def coherence(
    first: FloatArray, second: FloatArray, bin_width: float, segment_bins: int
) -> tuple[FloatArray, FloatArray]:
    """Welch's estimate of the magnitude-squared coherence.

    Parameters
    ----------
    first, second
        Rates; shape (n_bins,).
    bin_width
        Seconds.
    segment_bins
        Length of the segments in bins.

    Returns
    -------
    frequency
        Hertz; shape (segment_bins // 2 + 1,).
    coherence
        The same shape; NaN where a rate does not vary.
    """
    frequency, one = segment_spectra(first, bin_width, segment_bins)
    _, other = segment_spectra(second, bin_width, segment_bins)
    values = np.full(len(frequency), np.nan)
    if np.ptp(first) > 0 and np.ptp(second) > 0:
        cross = (one.conj() * other).mean(axis=0)
        power = (np.abs(one) ** 2).mean(axis=0) * (np.abs(other) ** 2).mean(axis=0)
        np.divide(np.abs(cross) ** 2, power, out=values, where=power > 0)
    return frequency, values
