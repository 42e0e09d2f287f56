"""The whole run on one page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from snnrun.figures.autocorrelation import AutocorrelationFigure
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.cv import CvFigure
from snnrun.figures.isi import IsiFigure
from snnrun.figures.psd import PsdFigure, rhythm_of
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

_PARTS: Final = (RasterFigure(), RatesFigure(), IsiFigure(), CvFigure(), PsdFigure(), AutocorrelationFigure())
_TITLES: Final[Mapping[str, str]] = {
    "rates": "Rates of neurons (▾ mean)",
    "isi": "Intervals (dotted: Poisson)",
    "cv": "Irregularity (dotted: Poisson)",
    "psd": "Spectrum (dotted: Poisson)",
    "population_autocorrelation": "Autocorrelation of the population",
    "neuron_autocorrelation": "Autocorrelation of neurons",
}
_COLUMNS: Final[Mapping[str, float]] = {
    "Population": 0.0,
    "Neurons": 0.40,
    "Rate (Hz)": 0.51,
    "CV of ISI": 0.62,
    "Synchrony χ": 0.75,
    "Rhythm (Hz)": 0.88,
    "Regime": 1.0,
}
"""Heads of the table, and where its columns end; the first one begins there."""
_REGIMES: Final[Mapping[str, str]] = {
    "SR": "Synchronous regular",
    "AR": "Asynchronous regular",
    "SI": "Synchronous irregular",
    "AI": "Asynchronous irregular",
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
        """Title, facts, heads of the table, its lines, and a margin."""
        return 4 + len(_table_names(observation))

    def _draw_header(self, panel: Axes, observation: Observation) -> None:
        recording = observation.recording
        panel.set_axis_off()
        panel.set(xlim=(0, 1), ylim=(self._header_lines(observation), 0))
        title = panel.text(0, 0.4, shortened(recording.title, 80), fontsize=10, fontweight="bold", va="center")
        title.set_in_layout(False)  # the panels do not make room for a long one
        trials = f"{recording.trials} trials · " if recording.trials > 1 else ""
        facts = (
            f"{_regime_in_words(observation)} · {in_words(observation.window)} analysed · "
            f"{trials}seed {recording.seed} · run {recording.run_id}"
        )
        panel.text(0, 1.7, facts, va="center")
        _draw_line(panel, 3.0, list(_COLUMNS), FAINT)
        panel.axhline(3.55, color=FAINT, linewidth=0.6)
        colors = population_colors(recording.populations)
        for line, name in enumerate(_table_names(observation)):
            _draw_line(panel, 4.2 + line, _cells(observation, name), INK, name_color=colors[name])


def _table_names(observation: Observation) -> tuple[str, ...]:
    """The populations, and the network where it is more than one of them."""
    names = observation.populations
    return (*names, NETWORK) if len(names) > 1 else names


def _draw_line(panel: Axes, height: float, cells: Sequence[str], color: str, name_color: str | None = None) -> None:
    first, *others = zip(_COLUMNS.values(), cells, strict=True)
    weight = "bold" if name_color else "normal"
    panel.text(first[0], height, first[1], color=name_color or color, fontweight=weight, va="center")
    for end, cell in others:
        panel.text(end, height, cell, color=color, va="center", ha="right")


def _cells(observation: Observation, name: str) -> list[str]:
    rhythm = rhythm_of(observation, name)
    return [
        shortened(name, 24),
        _neurons(observation, name),
        _value(observation, name, MeanRate()),
        _value(observation, name, CvIsi()),
        # Of spikes, which are recorded of many neurons, and not of the few potentials: χ depends on their number.
        _value(observation, name, Synchrony(signal="spikes")),
        "–" if rhythm is None else f"{rhythm.frequency:.3g}",
        _value(observation, name, Regime()),
    ]


def _value(observation: Observation, name: str, metric: Metric) -> str:
    value = observation.measure(name, metric).value
    if isinstance(value, str):
        return value
    return "–" if math.isnan(value) else f"{value:.3g}"


def _neurons(observation: Observation, name: str) -> str:
    """How many neurons were recorded, and of how many if not of all."""
    populations = observation.recording.populations
    names = observation.populations if name == NETWORK else (name,)
    recorded, size = observation.activity(name).n_neurons, sum(populations[each].size for each in names)
    return f"{recorded}" if recorded == size else f"{recorded} of {size}"


def _regime_in_words(observation: Observation) -> str:
    if not observation.populations:
        return "No spikes recorded"
    label = _value(observation, NETWORK, Regime())
    return f"{_REGIMES[label]} ({label})" if label in _REGIMES else f"Regime: {label}"
