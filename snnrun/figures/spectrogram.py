"""How the frequencies of a network change over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.phases import mark_phases
from snnrun.figures.style import FREQUENCY, INK, NETWORK, RATE, TIME, in_words, say
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.population_rate import PopulationRate
from snnrun.metrics.welch import segment_spectra
from snnrun.quantities import PositiveFrequency, PositiveTime
from snnrun.results.recording import FloatArray
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_STEPS: Final = 10
"""Segments begin a tenth of their length after each other."""
_LOWEST: Final = -5.0
"""Decibels below which all is one colour: chance varies the spectrum of a single segment by more."""


class Spectrogram(Figure):
    """Spectrogram of the whole network: time and frequency of its rhythms, below its rate.

    The power of the population rate in overlapping segments under a Hann window, in decibels above the spectrum 2ν/N
    of as many independent Poisson neurons of the mean rate.
    """

    figure: Literal["spectrogram"] = "spectrogram"

    segment: PositiveTime = quantity("200 ms")
    """Length of the segments; frequencies are told apart to its inverse."""

    highest: PositiveFrequency = quantity("200 Hz")
    """The frequency up to which it is drawn; 500 Hz at most, as spikes are counted in bins of 1 ms."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 6.5, 4.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["spectrogram_rate"], ["spectrogram"], ["spectrogram"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        rate_panel, panel = axes["spectrogram_rate"], axes["spectrogram"]
        rate_panel.set(ylabel=RATE)
        panel.set(xlabel=TIME, ylabel=FREQUENCY)
        start, stop = observation.window
        if not observation.populations:
            say(panel, "No spikes were recorded")
            return
        series = observation.measure(NETWORK, PopulationRate()).series
        time, rate = series["time"].data, series["rate"].data
        rate_panel.plot(time * 1e3, series["smoothed"].data, color=INK, linewidth=0.8)
        rate_panel.set_ylim(bottom=0)
        rate_panel.tick_params(labelbottom=False)
        floor = self._floor(observation)
        n_bins = round(self.segment.value / PopulationRate().bin.value)
        if floor == 0 or not _STEPS <= n_bins <= len(rate):
            say(panel, f"No spectrum\nin {in_words(observation.window)}")
        else:
            frequency, middle, density = spectrogram(rate, PopulationRate().bin.value, n_bins)
            shown = frequency <= self.highest.value
            _draw_power(panel, (time[0] + middle) * 1e3, frequency[shown], decibels(density[shown], floor))
        for each in (rate_panel, panel):
            each.set_xlim(start * 1e3, stop * 1e3)
            named = each is rate_panel
            mark_phases(each, observation.recording, (start, stop), per_second=1e3, named=named)

    def _floor(self, observation: Observation) -> float:
        n_neurons = observation.activity(NETWORK).n_neurons
        return 2 * float(observation.measure(NETWORK, MeanRate()).value) / n_neurons if n_neurons else 0.0


def _draw_power(panel: Axes, time: FloatArray, frequency: FloatArray, power: FloatArray) -> None:
    limits: dict[str, Any] = {"vmin": _LOWEST, "vmax": max(float(power.max()), 10.0)}
    image = panel.pcolormesh(time, frequency, power, cmap="magma", shading="nearest", rasterized=True, **limits)
    bar = panel.figure.colorbar(image, ax=panel, extend="min", pad=0.02)
    bar.set_label("Power over Poisson (dB)")
    bar.outline.set_linewidth(0.6)


def spectrogram(rate: FloatArray, bin_width: float, segment_bins: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """One-sided power spectral density of a rate in overlapping segments, each without its mean, under a Hann window.

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
        Hertz, above 0; shape (segment_bins // 2,).
    time
        Middle of each segment in seconds after the first bin; shape (n_segments,).
    density
        Hz²/Hz; shape (segment_bins // 2, n_segments).
    """
    step = segment_bins // _STEPS
    frequency, spectra = segment_spectra(rate, bin_width, segment_bins, step)
    time: FloatArray = (np.arange(len(spectra), dtype=np.float64) * step + segment_bins / 2) * bin_width
    return frequency[1:], time, np.abs(spectra[:, 1:]).T ** 2


def decibels(density: FloatArray, floor: float) -> FloatArray:
    """Ten times the logarithm of what is above a floor; the lowest number there is for none."""
    tiny = np.finfo(np.float64).tiny
    power: FloatArray = 10 * np.log10(np.maximum(density / floor, tiny))
    return power
