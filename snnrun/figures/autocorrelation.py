"""How activity is related to itself some time later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import LAG, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.autocorrelation import Autocorrelation
from snnrun.metrics.mean_rate import MeanRate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class AutocorrelationFigure(Figure):
    """Autocorrelation of the population rate, and of single neurons.

    Left, the autocovariance of the population rate over its variance: it rings when the population oscillates. Right,
    the rate of a neuron at a lag from one of its own spikes, and dotted the mean rate of the neurons that spike: the
    dip around 0 is refractoriness, ringing is regular firing.
    """

    standard: ClassVar[bool] = True

    figure: Literal["autocorrelation"] = "autocorrelation"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 7.0, 2.8

    def panels(self, observation: Observation) -> Mosaic:
        return [["population_autocorrelation", "neuron_autocorrelation"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        population, neuron = axes["population_autocorrelation"], axes["neuron_autocorrelation"]
        population.set(xlabel=LAG, ylabel="Autocorrelation (normalised)")
        neuron.set(xlabel=LAG, ylabel="Rate after own spike (Hz)")
        if _draw_curves(population, observation, "lag", "autocorrelation"):
            population.set_ylim(top=1.05)
        if _draw_curves(neuron, observation, "neuron_lag", "neuron_rate"):
            _draw_mean_rates(neuron, observation)
            neuron.set_ylim(bottom=0)
            legend(neuron)


def _draw_curves(panel: Axes, observation: Observation, lag: str, curve: str) -> bool:
    """Whether there was anything to draw."""
    colors = population_colors(observation.recording.populations)
    widths = line_widths(observation.populations)
    drawn = False
    for name in observation.populations:
        series = observation.measure(name, Autocorrelation()).series
        lags, values = series[lag].data * 1e3, series[curve].data
        if np.isfinite(values).any():
            panel.plot(lags, values, color=colors[name], linewidth=widths[name], label=shortened(name))
            panel.margins(x=0)
            panel.locator_params(axis="x", nbins=5)
            drawn = True
    if not drawn:
        say(panel, f"No fluctuation\nin {in_words(observation.window)}")
    return drawn


def _draw_mean_rates(panel: Axes, observation: Observation) -> None:
    """What the curves tend to at long lags: silent neurons have no spike to start from."""
    colors = population_colors(observation.recording.populations)
    for name in observation.populations:
        rates = observation.measure(name, MeanRate()).series["rate"].data
        if rates.any():
            panel.axhline(rates[rates > 0].mean(), color=colors[name], linewidth=0.8, linestyle=":")
