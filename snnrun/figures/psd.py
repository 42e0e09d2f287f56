"""At which frequencies a population oscillates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FREQUENCY, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.peak_frequency import PeakFrequency
from snnrun.metrics.psd import Psd
from snnrun.metrics.regime import Regime
from snnrun.quantities import is_whole
from snnrun.units import Quantity, quantity, unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

FINE_BIN: Final = quantity("0.5 ms")
"""Neurons that fire 300 times a second in two groups by turns, as in the synchronous regular state, make a rhythm of
600 Hz; in the metrics' bins of 1 ms it would be mirrored to 400 Hz."""


def spectrum_of(observation: Observation) -> Psd:
    """The spectrum as it is drawn: in fine bins, where they are whole time steps."""
    return Psd(bin=FINE_BIN) if is_whole(FINE_BIN.value / observation.recording.dt) else Psd()


class Rhythm(NamedTuple):
    """A peak of the spectrum: frequency in hertz, height in Hz²/Hz."""

    frequency: float
    power: float


def rhythm_of(observation: Observation, name: str) -> Rhythm | None:
    """The peak of the spectrum of a population; None where chance makes one as high out of a flat spectrum."""
    width = spectrum_of(observation).bin
    highest = Quantity(0.5 / width.value, unit("Hz").dimension)
    peak = observation.measure(name, PeakFrequency(bin=width, highest=highest))
    if not peak.series["ratio"].data >= Regime().chance_peak.value:
        return None
    return Rhythm(float(peak.value), float(peak.series["height"].data))


class PsdFigure(Figure):
    """Power spectral density of the population rate, and its peak.

    The dotted line is the floor 2ν/N: the spectrum of as many independent Poisson neurons of the same rate. What stands
    out from it is common to many neurons. The peak is marked where it is higher than chance makes it.
    """

    standard: ClassVar[bool] = True

    figure: Literal["psd"] = "psd"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["psd"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["psd"]
        panel.set(xlabel=FREQUENCY, ylabel="Power (Hz²/Hz)")
        drawn = [name for name in observation.populations if _draw_spectrum(panel, observation, name)]
        if not drawn:
            say(panel, f"No spectrum\nin {in_words(observation.window)}")
            return
        panel.set(xscale="log", yscale="log")
        panel.plot([], [], color="black", linewidth=0.8, linestyle=":", label="Poisson floor")
        legend(panel)


def _draw_spectrum(panel: Axes, observation: Observation, name: str) -> bool:
    """Whether there was a spectrum to draw."""
    series = observation.measure(name, spectrum_of(observation)).series
    frequency, density = series["frequency"].data, series["density"].data
    shown = (frequency > 0) & (density > 0)
    if not shown.any():
        return False
    color = population_colors(observation.recording.populations)[name]
    label = shortened(name)
    rhythm = rhythm_of(observation, name)
    if rhythm is not None:
        label += f", peak {rhythm.frequency:.3g} Hz"
        # A little above the curve, pointing at it.
        panel.plot(rhythm.frequency, rhythm.power * 1.5, "v", color=color, markersize=4)
    width = line_widths(observation.populations)[name]
    panel.plot(frequency[shown], density[shown], color=color, linewidth=width, label=label)
    floor = 2 * float(observation.measure(name, MeanRate()).value) / observation.activity(name).n_neurons
    panel.axhline(floor, color=color, linewidth=0.8, linestyle=":")
    return True
