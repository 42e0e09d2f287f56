"""How the rates of single neurons are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import RATE, in_words, legend, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_BINS: Final = 40


class RatesFigure(Figure):
    """Distribution of the mean rates of single neurons, silent ones included, and the mean of each population."""

    standard: ClassVar[bool] = True

    figure: Literal["rates"] = "rates"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["rates"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["rates"]
        panel.set(xlabel=RATE, ylabel="Neurons (%)")
        colors = population_colors(observation.recording.populations)
        measured = {name: observation.measure(name, MeanRate()) for name in observation.populations}
        rates = {name: m.series["rate"].data for name, m in measured.items() if len(m.series["rate"].data)}
        highest = max((float(rate.max()) for rate in rates.values()), default=0.0)
        if highest == 0:
            say(panel, f"No spikes in {in_words(observation.window)}")
            return
        start, stop = observation.window
        edges = rate_bins(highest, 1 / (stop - start))
        for name, rate in rates.items():
            shares = np.histogram(rate, edges)[0] / len(rate) * 100
            label = f"{shortened(name)}: {rate.mean():.3g} Hz"
            panel.stairs(shares, edges, color=colors[name], label=label)
            panel.axvline(rate.mean(), color=colors[name], linewidth=0.8, linestyle=(0, (4, 2)))
        panel.set_xlim(min(0.0, edges[0]), edges[-1])
        panel.set_ylim(bottom=0)
        legend(panel)


def rate_bins(highest: float, step: float) -> FloatArray:
    """Edges of bins from 0 Hz to the highest rate.

    Rates are counts divided by the length of the window, hence multiples of ``step`` = 1 / window. Bins hold a whole
    number of such steps and have their edges between them: other bins would show a comb that is not in the data.
    """
    steps = max(1, round(highest / step / _BINS))
    width = steps * step
    return np.arange(-step / 2, highest + width, width)
