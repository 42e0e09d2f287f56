"""Which rates mean-field theory predicts, and why these."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FAINT, NETWORK, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.theory.lif_network import LifNetwork, Start
from snnrun.metrics.theory.reading import lif_network
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation
    from snnrun.results.analysis import Measurement

_BEYOND: Final = 1.6
"""How far the curves go, in units of the highest rate that is predicted or was simulated."""


class MeanFieldFigure(Figure):
    """The rate of a neuron over the rate of its sources: where a curve meets the diagonal, the two fit together.

    The curve is what theory says of a neuron of each population when all populations fire at one multiple of their
    predicted rates. A ring marks the prediction, a cross on the diagonal the rate that was simulated: a cross in its
    ring is a prediction that holds. What the theory presumes stands with the metric of the same name.
    """

    references: ClassVar = MeanField.references

    figure: Literal["mean_field"] = "mean_field"
    start: Start = "silence"
    """Where the search for stationary rates starts."""
    discrete: bool = False
    """Whether the threshold is raised for being looked at only once in each time step."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["mean_field"]]

    def missing(self, observation: Observation) -> str | None:
        no_spikes = super().missing(observation)
        if no_spikes is not None:
            return no_spikes
        theory = self._theory(observation)
        if theory.n_valid == 0:
            return f"Theory predicts no rates: {theory.note}."
        return None if theory.series["predicted"].data.any() else "Theory predicts that no neuron spikes."

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel, missing = axes["mean_field"], self.missing(observation)
        if missing is not None:
            say(panel, fill(missing, 40))
            return
        theory, recording = self._theory(observation), observation.recording
        network = lif_network(recording.spec_resolved, recording.dt if self.discrete else 0.0)
        predicted, measured = (theory.series[name].data for name in ("predicted", "measured"))
        highest = _BEYOND * float(np.nanmax([predicted, measured]))
        panel.plot([0, highest], [0, highest], color=FAINT, linewidth=0.8, linestyle="--")
        colors, widths = population_colors(recording.populations), line_widths(list(network.populations))
        for name, curve in _curves(network, predicted, highest).items():
            panel.plot(*curve, color=colors[name], linewidth=widths[name], label=shortened(name))
        for name, theirs, ours in zip(network.populations, predicted, measured, strict=True):
            ring = f"theory {theirs:.3g} Hz"
            panel.plot(theirs, theirs, "o", color=colors[name], markerfacecolor="none", markersize=8, label=ring)
            if not np.isnan(ours):
                panel.plot(ours, ours, "x", color=colors[name], markersize=5, label=f"simulated {ours:.3g} Hz")
        panel.set(xlabel="Rate of all sources (Hz)", ylabel="Rate of a neuron (Hz)")
        panel.set(xlim=(0, highest), ylim=(0, highest))
        legend(panel)

    def _theory(self, observation: Observation) -> Measurement:
        return observation.measure(NETWORK, MeanField(start=self.start, discrete=self.discrete))


class _Curve(NamedTuple):
    """Rate of a population, and the rate of a neuron of it that receives what then arrives; hertz."""

    sources: FloatArray
    neuron: FloatArray


def _curves(network: LifNetwork, predicted: FloatArray, highest: float) -> dict[str, _Curve]:
    """The curve of each population, from silence until all have reached the highest rate."""
    multiples = np.linspace(0, highest / predicted[predicted > 0].min(), 400)
    answers = np.array([network.response(multiple * predicted) for multiple in multiples])
    return {
        name: _Curve(multiples * rate, answers[:, number])
        for number, (name, rate) in enumerate(zip(network.populations, predicted, strict=True))
        if rate > 0
    }
