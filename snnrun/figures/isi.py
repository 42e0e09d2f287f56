"""How the intervals between spikes are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import INTERVAL, in_words, legend, population_colors, say, shortened
from snnrun.metrics.isi_histogram import IsiHistogram

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class IsiFigure(Figure):
    """Density of the interspike intervals of each population.

    On the logarithmic axis a Poisson process of the same mean interval is a straight line, drawn dotted: a gap at the
    left is refractoriness, peaks are oscillation or regular firing, excess at both ends is bursting.
    """

    standard: ClassVar[bool] = True

    figure: Literal["isi"] = "isi"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["isi"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["isi"]
        panel.set(xlabel=INTERVAL, ylabel="Density (1/s)")
        colors = population_colors(observation.recording.populations)
        drawn = False
        lowest = np.inf
        for name in observation.populations:
            measured = observation.measure(name, IsiHistogram())
            edges, density = measured.series["edges"].data, measured.series["density"].data
            if not measured.is_defined or not density.any():
                continue
            drawn = True
            lowest = min(lowest, density[density > 0].min())
            panel.stairs(density, edges * 1e3, color=colors[name], label=shortened(name))
            mean = float(measured.value)
            panel.plot(edges * 1e3, np.exp(-edges / mean) / mean, color=colors[name], linewidth=0.8, linestyle=":")
        if not drawn:
            say(panel, f"No neuron spiked twice in {in_words(observation.window)}")
            return
        panel.set_yscale("log")
        panel.set_ylim(bottom=lowest / 2)
        panel.set_xlim(left=0)
        panel.plot([], [], color="black", linewidth=0.8, linestyle=":", label="Poisson")
        legend(panel)
