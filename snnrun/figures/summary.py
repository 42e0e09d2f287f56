"""The whole run on one page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from snnrun.figures.autocorrelation import AutocorrelationFigure
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.cv import CvFigure
from snnrun.figures.isi import IsiFigure
from snnrun.figures.psd import PEAK, PsdFigure
from snnrun.figures.raster import RasterFigure
from snnrun.figures.rates import RatesFigure
from snnrun.figures.style import FAINT, INK, NETWORK, in_words, population_colors, shortened
from snnrun.metrics.base import Metric
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.regime import Regime
from snnrun.metrics.synchrony import Synchrony

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_PARTS: Final[tuple[Figure, ...]] = (
    RasterFigure(), RatesFigure(), IsiFigure(), CvFigure(), PsdFigure(), AutocorrelationFigure()
)
_TITLES: Final[Mapping[str, str]] = {
    "rates": "Rates of neurons (dashed: mean)",
    "isi": "Intervals (dotted: Poisson)",
    "cv": "Irregularity (dotted: Poisson)",
    "psd": "Spectrum (dotted: Poisson)",
    "population_autocorrelation": "Population",
    "neuron_autocorrelation": "Neurons (dotted: mean)",
}
_COLUMNS: Final[tuple[tuple[str, Metric], ...]] = (
    ("Rate (Hz)", MeanRate()),
    ("CV of ISI (1)", CvIsi()),
    ("Synchrony χ (1)", Synchrony()),
    ("Peak (Hz)", PEAK),
    ("Regime", Regime()),
)
_REGIMES: Final[Mapping[str, str]] = {
    "SR": "synchronous regular",
    "AR": "asynchronous regular",
    "SI": "synchronous irregular",
    "AI": "asynchronous irregular",
}
_LINE: Final = 0.19
"""Height of a line of the table in inches."""


class SummaryFigure(Figure):
    """One page about the run: its regime, the key numbers of each population, and the standard plots.

    The colours of the names in the table hold for all panels.
    """

    standard: ClassVar[bool] = True

    figure: Literal["summary"] = "summary"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 7.5, 8.0 + _LINE * self._header_lines(observation)

    def panels(self, observation: Observation) -> Mosaic:
        # Rows of about one line of the table, so that the header is as high as its lines.
        def rows(number: int, *names: str) -> Mosaic:
            return [list(names)] * number

        return [
            *rows(self._header_lines(observation), "header", "header", "header"),
            *rows(13, "raster", "raster", "raster"),
            *rows(6, "population_rate", "population_rate", "population_rate"),
            *rows(11, "rates", "isi", "cv"),
            *rows(11, "psd", "population_autocorrelation", "neuron_autocorrelation"),
        ]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        self._draw_header(axes["header"], observation)
        for part in _PARTS:
            part.draw(axes, observation)
        for panel, title in _TITLES.items():
            axes[panel].set_title(title)
            # The names in the table are the legend of the page.
            legend = axes[panel].get_legend()
            if legend is not None:
                legend.remove()

    def _header_lines(self, observation: Observation) -> int:
        """Title, regime, heads of the columns, a line for each population and for the network, and a margin."""
        return 6 + len(observation.populations)

    def _draw_header(self, panel: Axes, observation: Observation) -> None:
        recording = observation.recording
        panel.set_axis_off()
        panel.set(xlim=(0, 1), ylim=(self._header_lines(observation), 0))
        panel.text(0, 0.4, shortened(recording.title, 90), fontsize=10, fontweight="bold", va="center")
        facts = (
            f"{_regime_in_words(observation)} · {in_words(observation.window)} analysed · "
            f"seed {recording.seed} · run {recording.run_id}"
        )
        panel.text(0, 1.7, facts, va="center")
        names = [*observation.populations, *([NETWORK] if observation.populations else [])]
        colors = population_colors(recording.populations)
        self._draw_line(panel, 3.0, ["Population", "Neurons", *(head for head, _ in _COLUMNS)], FAINT)
        panel.axhline(3.5, color=FAINT, linewidth=0.6)
        for line, name in enumerate(names, start=4):
            cells = [_shown(observation, name, metric) for _, metric in _COLUMNS]
            self._draw_line(panel, line, [shortened(name, 24), _neurons(observation, name), *cells], INK)
            panel.texts[-len(cells) - 2].set(color=colors[name], fontweight="bold")

    def _draw_line(self, panel: Axes, line: float, cells: list[str], color: str) -> None:
        panel.text(0, line, cells[0], color=color, va="center")
        for column, cell in enumerate(cells[1:]):
            panel.text(0.4 + 0.12 * column, line, cell, color=color, va="center", ha="right")


def _shown(observation: Observation, name: str, metric: Metric) -> str:
    value = observation.measure(name, metric).value
    if isinstance(value, str):
        return value
    return "–" if math.isnan(value) else f"{value:.3g}"


def _neurons(observation: Observation, name: str) -> str:
    """How many neurons were recorded, and of how many if not of all."""
    recorded = observation.activity(name).n_neurons
    size = sum(population.size for each, population in observation.recording.populations.items() if name in (each, NETWORK))
    return f"{recorded}" if recorded == size else f"{recorded} of {size}"


def _regime_in_words(observation: Observation) -> str:
    if not observation.populations:
        return "No spikes recorded"
    label = _shown(observation, NETWORK, Regime())
    return f"{_REGIMES[label]} ({label})".capitalize() if label in _REGIMES else f"Regime: {label}"
