"""How the weights of plastic synapses change, beside the rate of the neurons onto which they act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from snnrun.figures.base import NO_PANEL, Figure, Mosaic
from snnrun.figures.phases import mark_phases
from snnrun.figures.style import FAINT, RATE, in_display_unit, line_widths, population_colors, say, shortened
from snnrun.quantities import PositiveCount
from snnrun.results.recording import FloatArray, WeightHistory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

SECONDS: Final = "Time (s)"
_RATE_BINS: Final = 50
"""Bins of the whole run in which spikes are counted."""
_BLACK: Final = 3
"""Black are bins with so many times the synapses that each would have if weights were spread evenly over all bins."""
_DECADE: Final = 10
"""Rates that change by a larger factor are shown on a logarithmic axis."""


class WeightsFigure(Figure):
    """Weights over time: the rate of the targets, the density of weights below, the first and the last at the right.

    The darker, the more of the recorded synapses have about that weight at that time; the line is their mean. Dashed
    lines mark where the phases of the experiment begin. The whole run is shown, whatever the analysis window is; of
    several trials, the first.
    """

    figure: Literal["weights"] = "weights"

    bins: PositiveCount = 25
    """Number of bins of the weights."""

    def size(self, observation: Observation) -> tuple[float, float]:
        n_targets = bool(_targets(observation))
        return 6.5, 0.6 + 1.2 * n_targets + 2.0 * max(1, len(observation.recording.weights))

    def panels(self, observation: Observation) -> Mosaic:
        rates = [["weights_rate"] * 3 + [NO_PANEL]] if _targets(observation) else []
        keys = list(observation.recording.weights)
        return rates + [[_panel(key)] * 3 + [_histogram(key)] for key in keys for _ in range(2)] or [["weights"]]

    def missing(self, observation: Observation) -> str | None:
        if observation.recording.weights:
            return None
        return (
            "No weights were recorded over time. "
            "Add 'record: {weights: {PROJECTION: {every: 1 s}}}' for a projection with plasticity."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        histories = observation.recording.weights
        if not histories:
            say(axes["weights"], "No weights were recorded")
            return
        over_time = [_panel(key) for key in histories]
        if _targets(observation):
            _draw_rates(axes["weights_rate"], observation)
            over_time.insert(0, "weights_rate")
        for key, history in histories.items():
            self._draw_history(axes, observation, key, history)
        recording = observation.recording
        whole = (0.0, recording.n_ticks * recording.dt)
        for name in over_time:
            mark_phases(axes[name], recording, whole, per_second=1, named=name == over_time[0])
            axes[name].set_xlim(*whole)
            axes[name].tick_params(labelbottom=name == over_time[-1])
        axes[over_time[-1]].set_xlabel(SECONDS)

    def _draw_history(
        self, axes: Mapping[str, Axes], observation: Observation, key: str, history: WeightHistory
    ) -> None:
        panel, beside = axes[_panel(key)], axes[_histogram(key)]
        projection, source, target = key.split("/")
        color = population_colors(observation.recording.populations)[source]
        factor, shown = in_display_unit(history.unit)
        label = "Weight" if shown == "1" else f"Weight ({shown})"
        weights = history.data * factor
        edges = _edges(weights, self.bins)
        shares = np.array([np.histogram(each, edges)[0] for each in weights]) / max(1, weights.shape[1]) * 100
        name = shortened(f"{projection}, {source} → {target}", 50)
        panel.set_title(f"{name}: {weights.shape[1]} synapses (line: mean)", color=color)
        _draw_density(panel, history.time, edges, shares)
        if len(history.time) > 1:
            panel.plot(history.time, weights.mean(axis=1), color=color, linewidth=1.4)
        for axis in (panel, beside):
            axis.set_ylabel(label)
            axis.set_ylim(edges[0], edges[-1])
        beside.tick_params(labelleft=False)
        beside.yaxis.label.set_visible(False)
        _draw_first_and_last(beside, edges, shares, history.time, color)


def _panel(key: str) -> str:
    return f"weights_{key}"


def _histogram(key: str) -> str:
    return f"weights_at_ends_{key}"


def _targets(observation: Observation) -> list[str]:
    """The populations with recorded spikes onto which the recorded synapses act."""
    targets = dict.fromkeys(key.split("/")[2] for key in observation.recording.weights)
    return [name for name in targets if name in observation.populations]


def _edges(weights: FloatArray, n_bins: int) -> FloatArray:
    """Bins from zero to the largest weights; a few far beyond the others are left out, lest they set the scale."""
    low, high = min(0.0, float(weights.min(initial=0))), max(0.0, float(weights.max(initial=0)))
    if weights.size:
        usual = 1.2 * np.quantile(weights, [0.01, 0.99])
        low, high = max(low, min(0.0, float(usual[0]))), min(high, max(0.0, float(usual[1])))
    return np.linspace(low, high if high > low else low + 1, n_bins + 1)


def _draw_density(panel: Axes, time: FloatArray, edges: FloatArray, shares: FloatArray) -> None:
    if len(time) < 2:
        say(panel, "One snapshot alone, shown at the right:\n'every' in 'record: weights' takes more")
        return
    between = np.concatenate([time[:1], (time[1:] + time[:-1]) / 2, time[-1:]])
    even = 100 / shares.shape[1]
    scale: dict[str, Any] = {"cmap": "Greys", "vmin": 0, "vmax": _BLACK * even}
    panel.pcolormesh(between, edges, shares.T, rasterized=True, **scale)


def _draw_first_and_last(panel: Axes, edges: FloatArray, shares: FloatArray, time: FloatArray, color: str) -> None:
    last = panel.stairs(shares[-1], edges, orientation="horizontal", fill=True, color=color, alpha=0.7)
    handles, labels = [last], [f"at {time[-1]:.4g} s"]
    if len(time) > 1:
        handles.insert(0, panel.stairs(shares[0], edges, orientation="horizontal", color=FAINT))
        labels.insert(0, f"at {time[0]:.4g} s")
    panel.set_xlabel("Synapses (%)")
    panel.set_xlim(left=0)
    panel.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.0, 1.0))


def _draw_rates(panel: Axes, observation: Observation) -> None:
    recording, targets = observation.recording, _targets(observation)
    colors, widths = population_colors(recording.populations), line_widths(targets)
    edges = np.linspace(0, recording.n_ticks * recording.dt, _RATE_BINS + 1)
    rates = {}
    for name in targets:
        spikes = recording.spikes[name].of_trial(0)
        rates[name] = np.histogram(spikes.times, edges)[0] / np.diff(edges) / max(1, spikes.n_recorded)
        panel.stairs(rates[name], edges, color=colors[name], linewidth=widths[name], baseline=None, label=name)
    low, high = (extreme([extreme(rate) for rate in rates.values()]) for extreme in (np.min, np.max))
    if low > 0 and high > _DECADE * low:
        panel.set_yscale("log")
    else:
        panel.set_ylim(0, 1.1 * high or 1)
    panel.set_ylabel(RATE)
    panel.legend([shortened(name) for name in targets], loc="upper left", bbox_to_anchor=(1.0, 1.0))
