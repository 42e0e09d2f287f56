"""How the phases of a run change the rates of its populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from snnrun.entry import Names
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FAINT, legend, population_colors, say, shortened
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation
    from snnrun.results.recording import Recording


class Stage(NamedTuple):
    """A stretch of the run, in time steps ``[start, stop)``: a phase, or what lies before the first."""

    name: str
    start: int
    stop: int


class PhaseRates(Figure):
    """Mean rate of each population in each phase, as the difference from the first stretch of the run.

    Of several trials, the mean and its standard error. The warm-up does not count.
    """

    figure: Literal["phase_rates"] = "phase_rates"
    populations: Names | None = None
    """The populations shown; by default all of which spikes were recorded."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 1.5 + 0.9 * max(len(stages(observation.recording)), 3), 2.8

    def panels(self, observation: Observation) -> Mosaic:
        return [["phase_rates"]]

    def missing(self, observation: Observation) -> str | None:
        if observation.populations and len(stages(observation.recording)) < 2:
            return "The run has no phases to compare. Add 'phases' to the experiment."
        return super().missing(observation)

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel, recording = axes["phase_rates"], observation.recording
        shown = [name for name in observation.populations if self.populations is None or name in self.populations]
        found, colors = stages(recording), population_colors(recording.populations)
        if self.missing(observation) or not shown:
            say(panel, "No phases to compare")
            return
        panel.axhline(0, color=FAINT, linewidth=0.6)
        for number, name in enumerate(shown):
            rates = rates_in(recording, name, found)
            changes = rates - rates[:, :1].mean()
            errors = rates.std(axis=0, ddof=1) / np.sqrt(len(rates)) if len(rates) > 1 else None
            # Side by side, so that error bars do not hide each other.
            place = np.arange(len(found)) + 0.12 * (number - (len(shown) - 1) / 2)
            panel.errorbar(
                place,
                changes.mean(axis=0),
                errors,
                color=colors[name],
                marker="o",
                markersize=4,
                linewidth=0.8,
                capsize=2,
                label=f"{shortened(name)}, {rates[:, 0].mean():.3g} Hz at first",
            )
        panel.set_xticks(range(len(found)), [shortened(stage.name, 12) for stage in found])
        panel.set_ylabel("Change of rate (Hz)")
        panel.margins(x=0.08)
        legend(panel)


def stages(recording: Recording) -> list[Stage]:
    """The stretches of a run after its warm-up: before the first phase, and each phase."""
    starts = {"before": 0, **dict(sorted(recording.phases.items(), key=lambda named: named[1]))}
    stops = [*list(starts.values())[1:], recording.n_ticks]
    found = [
        Stage(name, max(start, recording.warmup_ticks), stop)
        for (name, start), stop in zip(starts.items(), stops, strict=True)
    ]
    return [stage for stage in found if stage.start < stage.stop]


def rates_in(recording: Recording, population: str, found: list[Stage]) -> FloatArray:
    """Mean rate of a population in each trial and stretch, in hertz; shape (n_trials, n_stages)."""
    spikes = recording.spikes[population]
    trials = [spikes.of_trial(number) for number in range(recording.trials)]
    neuron_seconds = np.array(
        [(stage.stop - stage.start) * recording.dt * max(1, spikes.n_recorded) for stage in found]
    )
    counts = [[len(trial.between(stage.start, stage.stop)) for stage in found] for trial in trials]
    return np.asarray(counts / neuron_seconds, dtype=np.float64)
