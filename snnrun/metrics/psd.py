"""At which frequencies the population rate fluctuates."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray
from snnrun.metrics.welch import segment_spectra, segments_of
from snnrun.quantities import PositiveCount, PositiveFrequency, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Psd(Metric):
    """Power spectral density of the population rate, by Welch's method; the value is its integral over frequency.

    One-sided density S(f) in Hz²/Hz: mean over segments that overlap by half, each with its mean removed and under a
    Hann window. Its integral is the variance of the rate, in Hz². N independent Poisson neurons of rate ν have the flat
    floor 2ν/N; what stands out above it is common to many neurons. The length of the segments is 1 / resolution; when
    the window is too short for the wanted number of them they are made shorter, and the note says which resolution
    remains. A silent population has the density 0; a window too short for any spectrum gives empty arrays and NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Welch 1967, The use of fast Fourier transform for the estimation of power spectra",
            "10.1109/TAU.1967.1161901",
        ),
    )

    metric: Literal["psd"] = "psd"
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the population rate; the spectrum ends at 1 / (2 bin)."""
    resolution: PositiveFrequency = quantity("2 Hz")
    """Distance of the frequencies."""
    min_segments: PositiveCount = 8
    """Number of segments below which the resolution is made coarser."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        rate = activity.population_rate(self.bin)
        segments = segments_of(len(rate), self.bin.value, self.resolution.value, self.min_segments)
        if not segments.length:
            nothing = {"frequency": Series(np.empty(0), "Hz"), "density": Series(np.empty(0), "Hz**2/Hz")}
            return Measurement(float("nan"), "Hz**2", 0, nothing, self.parameters(), segments.note)
        frequency, density = psd(rate, self.bin.value, segments.length)
        power = float(density.sum()) * float(frequency[1])
        series = {"frequency": Series(frequency, "Hz"), "density": Series(density, "Hz**2/Hz")}
        return Measurement(power, "Hz**2", len(rate), series, self.parameters(), segments.note)


def psd(rate: FloatArray, bin_width: float, segment_bins: int) -> tuple[FloatArray, FloatArray]:
    """Welch's estimate of the one-sided power spectral density.

    Parameters
    ----------
    rate
        Hertz; shape (n_bins,).
    bin_width
        Seconds.
    segment_bins
        Length of the segments in bins.

    Returns
    -------
    frequency
        Hertz; shape (segment_bins // 2 + 1,).
    density
        Hz²/Hz; the same shape.
    """
    frequency, spectra = segment_spectra(rate, bin_width, segment_bins)
    return frequency, (np.abs(spectra) ** 2).mean(axis=0)
