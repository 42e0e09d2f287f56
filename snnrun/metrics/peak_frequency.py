"""The frequency at which a population oscillates."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

import numpy as np

from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.psd import Psd
from snnrun.metrics.trains import FloatArray
from snnrun.quantities import PositiveCount, PositiveFrequency, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class PeakFrequency(Metric):
    """Frequency of the largest power spectral density of the population rate, within a band.

    With the peak come its height over the floor 2ν/N of as many independent Poisson neurons of the same rate, and its
    width at half height. Every spectrum has a largest value: a ratio of a few means that nothing oscillates. The ratio
    of a shared oscillation grows with the number of neurons. A silent population, and a window too short for a
    spectrum, have NaN.
    """

    standard: ClassVar[bool] = True

    metric: Literal["peak_frequency"] = "peak_frequency"
    lowest: PositiveFrequency = quantity("2 Hz")
    """Lower end of the band."""
    highest: PositiveFrequency = quantity("300 Hz")
    """Upper end of the band."""
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the population rate."""
    resolution: PositiveFrequency = quantity("2 Hz")
    """Distance of the frequencies of the spectrum."""
    min_segments: PositiveCount = 8
    """Number of segments below which the resolution is made coarser."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        spectrum = activity.measure(Psd(bin=self.bin, resolution=self.resolution, min_segments=self.min_segments))
        frequency, density = spectrum.series["frequency"].data, spectrum.series["density"].data
        inside = (frequency >= self.lowest.value) & (frequency <= self.highest.value)
        peak = highest_peak(frequency[inside], density[inside])
        rate = float(activity.measure(MeanRate()).value)
        ratio = peak.height / (2 * rate / activity.n_neurons) if rate > 0 else float("nan")
        series = {
            "height": Series(np.array(peak.height), "Hz**2/Hz"),
            "ratio": Series(np.array(ratio), "1"),
            "width": Series(np.array(peak.width), "Hz"),
        }
        note = "; ".join(filter(None, [spectrum.note, "the density is largest at an end of the band" * peak.at_end]))
        n_valid = 0 if np.isnan(peak.frequency) else int(inside.sum())
        return Measurement(peak.frequency, "Hz", n_valid, series, self.parameters(), note)


class Peak(NamedTuple):
    """The highest point of a spectrum: hertz, density, full width at half height in hertz, whether it is at an end."""

    frequency: float
    height: float
    width: float
    at_end: bool


def highest_peak(frequency: FloatArray, density: FloatArray) -> Peak:
    """The highest point of a spectrum; all NaN without any density above 0.

    The width is the distance between the points, left and right, where the density falls below half; NaN if it does not
    within the band.
    """
    if not density.any():
        return Peak(float("nan"), float("nan"), float("nan"), False)
    top = int(density.argmax())
    half = density[top] / 2
    left = _crossing(frequency[top::-1], density[top::-1], half)
    right = _crossing(frequency[top:], density[top:], half)
    return Peak(float(frequency[top]), float(density[top]), right - left, top in (0, len(density) - 1))


def _crossing(frequency: FloatArray, density: FloatArray, level: float) -> float:
    """Where the density, followed from its top, first falls below a level; NaN if it never does."""
    below = np.flatnonzero(density < level)
    if not len(below):
        return float("nan")
    after = below[0]
    part = (density[after - 1] - level) / (density[after - 1] - density[after])
    return float(frequency[after - 1] + part * (frequency[after] - frequency[after - 1]))
