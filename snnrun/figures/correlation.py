"""How much neurons vary together, within and between populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FAINT, INK, NETWORK, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.correlation import Correlation
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.recording import FloatArray
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_BINS: Final = 41
"""Bins of the distribution; an odd number, so that one is centred at 0."""
_FAINTEST: Final = 0.01
"""The mean correlation that has full colour where none is larger: what chance makes stays pale."""
_MANY: Final = 10
"""Beyond so many populations there is no room for numbers."""


class CorrelationFigure(Figure):
    """Correlation of spike counts: its mean within and between populations, and its distribution over pairs.

    Pearson's r of the counts in successive bins; the means are over all pairs of neurons, the distributions over the
    pairs within each population among some of its neurons. Neurons whose count does not vary are left out.
    """

    figure: Literal["correlation"] = "correlation"

    bin: PositiveTime = quantity("20 ms")
    """Width in which spikes are counted: the shorter, the more it is about synchrony of single spikes."""

    neurons: PositiveCount = 100
    """Number of neurons of each population of which all pairs are formed; drawn from the seed."""

    def size(self, observation: Observation) -> tuple[float, float]:
        more = max(0, len(observation.populations) - 4)
        return 8.5 + 0.6 * more, 3.2 + 0.3 * more

    def panels(self, observation: Observation) -> Mosaic:
        return [["correlation_matrix", "correlation_pairs"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        self._draw_matrix(axes["correlation_matrix"], observation)
        self._draw_pairs(axes["correlation_pairs"], observation)

    def _draw_matrix(self, panel: Axes, observation: Observation) -> None:
        names = observation.populations
        if not names:
            say(panel, "No spikes were recorded")
            return
        measured = observation.measure(NETWORK, Correlation(long_bin=self.bin))
        matrix = measured.series["long_matrix"].data
        if not np.isfinite(matrix).any():
            say(panel, f"No pair of neurons varies\nin {in_words(observation.window)}")
            return
        reach = max(float(np.nanmax(np.abs(matrix))), _FAINTEST)
        image = panel.imshow(matrix, cmap="RdBu_r", vmin=-reach, vmax=reach, aspect="equal")
        bar = panel.figure.colorbar(image, ax=panel, shrink=0.8)
        bar.set_label(f"Mean r, bins of {self.bin.pretty()}")
        bar.outline.set_linewidth(0.6)
        labels = [shortened(name, 10) for name in names]
        panel.set_xticks(range(len(names)), labels, rotation=90 if len(names) > 4 else 0)
        panel.set_yticks(range(len(names)), labels)
        panel.tick_params(length=0)
        if len(names) <= _MANY:
            _write_numbers(panel, matrix, reach)

    def _draw_pairs(self, panel: Axes, observation: Observation) -> None:
        panel.set(xlabel="Correlation of a pair (r)", ylabel="Pairs (%)")
        pairs = {name: self._pairs(observation, name) for name in observation.populations}
        pairs = {name: r for name, r in pairs.items() if len(r)}
        if not pairs:
            say(panel, f"No pair of neurons varies\nin {in_words(observation.window)}")
            return
        colors = population_colors(observation.recording.populations)
        widths = line_widths(list(pairs))
        # Neurons of a few spikes make single pairs with any r, which would leave the others no room.
        reach = max(float(np.quantile(np.abs(r), 0.995)) for r in pairs.values())
        edges = np.linspace(-1.05 * reach, 1.05 * reach, _BINS + 1)
        panel.axvline(0, color=FAINT, linewidth=0.8, linestyle=":")
        for name, r in pairs.items():
            shares = np.histogram(r, edges)[0] / len(r) * 100
            # Not their mean: of these pairs alone it is another than that of all, which stands in the matrix.
            label = f"{shortened(name)}, pairs: {len(r)}"
            panel.stairs(shares, edges, color=colors[name], linewidth=widths[name], label=label)
        panel.set_xlim(edges[0], edges[-1])
        panel.set_ylim(bottom=0)
        legend(panel)

    def _pairs(self, observation: Observation, name: str) -> FloatArray:
        """Pearson's r of each pair among some neurons of a population whose count varies, in the first trial."""
        activity = observation.activity(name)
        neurons = activity.sample(self.neurons)
        n_bins = activity.n_bins(self.bin)
        width = activity.bin_ticks(self.bin)
        spikes = activity.spikes.of_trial(0)
        row_of = np.full(activity.n_neurons, -1)
        row_of[neurons] = np.arange(len(neurons))
        rows, bins = row_of[spikes.node_ids], (spikes.ticks - spikes.start) // width
        inside = (rows >= 0) & (bins < n_bins)
        counts = np.zeros((len(neurons), n_bins))
        np.add.at(counts, (rows[inside], bins[inside]), 1)
        counts = counts[counts.std(axis=1) > 0] if n_bins else counts[:0]
        if len(counts) < 2:
            return np.empty(0)
        r: FloatArray = np.corrcoef(counts)[np.triu_indices(len(counts), 1)]
        return r


def _write_numbers(panel: Axes, matrix: FloatArray, reach: float) -> None:
    size = 7 if len(matrix) <= 4 else 5
    for (row, column), r in np.ndenumerate(matrix):
        # + 0: no minus before 0.000
        text = f"{round(r, 3) + 0:.3f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(r) else "–"
        color = "white" if abs(r) > 0.6 * reach else INK
        panel.text(column, row, text, color=color, ha="center", va="center", fontsize=size)
