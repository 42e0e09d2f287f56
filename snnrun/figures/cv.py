"""How irregular the firing of single neurons is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FAINT, in_words, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.cv_isi import CvIsi
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class CvFigure(Figure):
    """Distribution of the coefficient of variation of the interspike intervals across neurons.

    0 is a clock, 1 (dotted) a Poisson process. Neurons with too few intervals to tell are left out: too few in any
    trial, where there are several; then each neuron shows its mean over the trials.
    """

    standard: ClassVar[bool] = True

    figure: Literal["cv"] = "cv"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["cv"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["cv"]
        panel.set(xlabel="CV of interspike intervals", ylabel="Neurons (%)")
        metric = CvIsi()
        told = {name: _told(observation, name, metric) for name in observation.populations}
        told = {name: cv for name, cv in told.items() if len(cv)}
        if not told:
            say(panel, f"No neuron has {metric.min_isis} intervals\nin {in_words(observation.window)}")
            return
        highest = max(float(cv.max()) for cv in told.values())
        colors = population_colors(observation.recording.populations)
        widths = line_widths(list(told))
        edges = np.linspace(0, max(1.2, 1.05 * highest), 25)
        panel.axvline(1, color=FAINT, linewidth=0.8, linestyle=":", label="Poisson")
        for name, cv in told.items():
            shares = np.histogram(cv, edges)[0] / len(cv) * 100
            panel.stairs(
                shares,
                edges,
                color=colors[name],
                linewidth=widths[name],
                label=f"{shortened(name)}, mean {cv.mean():.2f}",
            )
        panel.set_xlim(0, edges[-1])
        panel.set_ylim(bottom=0)
        legend(panel)


def _told(observation: Observation, name: str, metric: CvIsi) -> FloatArray:
    """The CV of the neurons that have enough intervals."""
    n_neurons, trials = observation.activity(name).n_neurons, observation.activity(name).trials
    cv: FloatArray = observation.measure(name, metric).series["cv"].data
    fewest = np.min([np.bincount(trial.node_ids, minlength=n_neurons) for trial in trials], axis=0)
    told: FloatArray = cv[(fewest > metric.min_isis) & np.isfinite(cv)]
    return told
