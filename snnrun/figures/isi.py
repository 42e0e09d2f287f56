"""How the intervals between spikes are distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import INTERVAL, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.isi_histogram import IsiHistogram
from snnrun.results.analysis import Measurement
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class IsiFigure(Figure):
    """Density of the interspike intervals of each population.

    On the logarithmic axis a Poisson process of the same mean interval is a straight line, drawn dotted: a gap at the
    left is refractoriness, a peak regular firing or an oscillation, an excess at both ends bursts. Bins are 1 ms wide,
    or 5 ms where some population has too few intervals for that.
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
        measured = _measured(observation)
        if not measured:
            say(panel, f"No neuron spiked twice\nin {in_words(observation.window)}")
            return
        colors = population_colors(observation.recording.populations)
        widths = line_widths(list(measured))
        for name, histogram in measured.items():
            edges, density = histogram.series["edges"].data, histogram.series["density"].data
            # An empty bin has no place on a logarithmic axis: a gap.
            shown = np.where(density > 0, density, np.nan)
            style: dict[str, Any] = {"color": colors[name], "linewidth": widths[name], "label": shortened(name)}
            # Without a baseline: a line down at the last bin would look as if no interval were longer.
            panel.stairs(shown, edges * 1e3, baseline=None, **style)
            mean = float(histogram.value)
            time = np.linspace(0, edges[-1], 200)
            poisson = np.exp(-time / mean) / mean
            panel.plot(time * 1e3, poisson, color=colors[name], linewidth=0.8, linestyle=":")
        panel.set(yscale="log", xlim=(0, 1e3 * max(map(_reach, measured.values()))))
        panel.set_ylim(bottom=min(map(_lowest, measured.values())) / 2)
        panel.plot([], [], color="black", linewidth=0.8, linestyle=":", label="Poisson")
        legend(panel)


def _measured(observation: Observation) -> dict[str, Measurement]:
    """The histogram of each population that has any interval in reach of it."""
    names = observation.populations
    fewest = min((observation.measure(name, IsiHistogram()).n_valid for name in names), default=0)
    # In 200 bins of 1 ms, 5000 intervals are 25 in each: an error of 20 %, which a logarithmic axis hardly shows.
    metric = IsiHistogram() if fewest >= 5000 else IsiHistogram(bin=quantity("5 ms"))
    measured = {name: observation.measure(name, metric) for name in names}
    return {name: histogram for name, histogram in measured.items() if histogram.series["density"].data.any()}


def _reach(histogram: Measurement) -> float:
    """The interval up to which there is something to see: the last one found, or where the Poisson line has faded."""
    edges, density = histogram.series["edges"].data, histogram.series["density"].data
    last = edges[np.flatnonzero(density)[-1] + 1]
    return float(min(max(last, 5 * float(histogram.value)), edges[-1]))


def _lowest(histogram: Measurement) -> float:
    """The lowest density to show: the lowest one found, and not far from where the Poisson line begins."""
    density = histogram.series["density"].data
    return float(min(density[density > 0].min(), 0.1 / float(histogram.value)))
