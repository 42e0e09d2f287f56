"""How the rates of single neurons are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import RATE, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_BINS: Final = 30


class RatesFigure(Figure):
    """Distribution of the mean rates of single neurons, silent ones included; a triangle marks their mean."""

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
            say(panel, f"No spikes\nin {in_words(observation.window)}")
            return
        widths = line_widths(list(rates))
        start, stop = observation.window
        edges = rate_bins(highest, 1 / (stop - start))
        for name, rate in rates.items():
            shares = np.histogram(rate, edges)[0] / len(rate) * 100
            label = f"{shortened(name)}, mean {rate.mean():.3g} Hz"
            panel.stairs(shares, edges, color=colors[name], linewidth=widths[name], label=label)
            above = panel.get_xaxis_transform()
            panel.plot(rate.mean(), 0.97, "v", color=colors[name], markersize=4, transform=above)
        panel.set_xlim(0, edges[-1] * 1.02)
        # Room above the highest bin for the triangles.
        panel.set_ylim(0, panel.get_ylim()[1] * 1.06)
        legend(panel)


def rate_bins(highest: float, step: float) -> FloatArray:
    """Edges of bins from 0 Hz to the highest rate.

    Rates are counts divided by the length of the window, hence multiples of ``step`` = 1 / window. Bins hold a whole
    number of such steps and have their edges between them: other bins would show a comb that is not in the data.
    """
    n_steps = round(highest / step)
    per_bin = max(1, round(n_steps / _BINS))
    edges: FloatArray = (per_bin * np.arange(n_steps // per_bin + 2, dtype=float) - 0.5) * step
    return edges
