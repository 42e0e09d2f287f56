"""Recorded state variables over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.figures.base import Figure, Mosaic, shown_interval
from snnrun.figures.phases import mark_phases
from snnrun.figures.stored import constant_currents, neuron_of, per_neuron
from snnrun.figures.style import (
    FAINT,
    POTENTIAL,
    TIME,
    in_display_unit,
    in_words,
    neuron_in_words,
    population_colors,
    say,
    variable_label,
)
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime
from snnrun.results.recording import FloatArray, Recording
from snnrun.units import Quantity, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class TracesFigure(Figure):
    """State variable of a few neurons over time, one panel for each neuron.

    For the membrane potential of a model with a fixed threshold, the threshold is dashed, and a line upwards from it
    marks each spike, which has no shape of its own in such a model. Of several trials, the first is shown.
    """

    standard: ClassVar[bool] = True

    figure: Literal["traces"] = "traces"

    variable: str = "v"
    """The state variable; it has to be recorded."""

    neurons: PositiveCount = 4
    """Number of neurons shown, all populations together, but at least one of each."""

    duration: PositiveTime = quantity("500 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 6.5, max(2.2, 0.5 + 1.2 * len(self._shown(observation)))

    def panels(self, observation: Observation) -> Mosaic:
        return [[panel] for panel in self._shown(observation)] or [["traces"]]

    def missing(self, observation: Observation) -> str | None:
        if self._shown(observation):
            return None
        return (
            f"The variable {self.variable!r} was not recorded. "
            f"Add for example 'record: {{traces: {{POPULATION: {{variables: [{self.variable}], neurons: 5}}}}}}'."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        shown = self._shown(observation)
        if not shown:
            say(axes["traces"], f"{self.variable} was not recorded")
            return
        interval = shown_interval(observation, self.start, self.duration)
        for panel, (name, column) in shown.items():
            self._draw_neuron(axes[panel], observation, name, column)
            mark_phases(axes[panel], observation.recording, interval, per_second=1e3, named=False)
            axes[panel].tick_params(labelbottom=False)
        last = axes[list(shown)[-1]]
        last.tick_params(labelbottom=True)
        last.set_xlabel(TIME)

    def _shown(self, observation: Observation) -> dict[str, tuple[str, int]]:
        """Population and column of the trace, by panel."""
        traces = {
            name: found[self.variable] for name, found in observation.recording.traces.items() if self.variable in found
        }
        each = max(1, self.neurons // max(1, len(traces)))
        return {
            f"trace_{name}_{column}": (name, column)
            for name, trace in traces.items()
            for column in range(min(each, len(trace.of_trial(0).node_ids)))
        }

    def _draw_neuron(self, axes: Axes, observation: Observation, name: str, column: int) -> None:
        recording = observation.recording
        trace = recording.traces[name][self.variable].of_trial(0)
        node = int(trace.node_ids[column])
        start, stop = shown_interval(observation, self.start, self.duration)
        inside = (trace.time >= start) & (trace.time < stop)
        factor, label = variable_label(self.variable, trace.unit)
        color = population_colors(recording.populations)[name]
        words = neuron_in_words(name, node, recording.trials)
        axes.set_title(", ".join(filter(None, (words, _own_current(recording, name, node)))), color=color)
        axes.set_ylabel(label.replace(" ", "\n", 1) if label == POTENTIAL else label)
        axes.set_xlim(start * 1e3, stop * 1e3)
        if not inside.any():
            say(axes, f"Nothing recorded\nin {in_words((start, stop))}")
            return
        values = trace.data[inside, column] * factor
        axes.plot(trace.time[inside] * 1e3, values, color=color, linewidth=0.6)
        if self.variable == "v" and np.isfinite(recording.populations[name].v_thresh):
            threshold = recording.populations[name].v_thresh * factor
            axes.axhline(threshold, color=FAINT, linewidth=0.6, linestyle=(0, (4, 3)))
            if not _spikes_by_reset(recording, name):
                return
            times = _spike_times(observation, name, node, start, stop)
            # A spike as high as half of the range below threshold is told from the trace and leaves it room.
            height = max(0.5 * (threshold - values.min()), 1.0)
            axes.vlines(times * 1e3, threshold, threshold + height, color=color, linewidth=0.8)


def _own_current(recording: Recording, name: str, node: int) -> str:
    """The constant current into a neuron in words; empty where all neurons get the same, or nobody knows which."""
    amplitudes = constant_currents(recording, name, since=np.inf).values()
    currents = [per_neuron(amplitude, recording.populations[name].size) for amplitude in amplitudes]
    known = [float(current[node]) for current in currents if current is not None]
    if all(isinstance(amplitude, Quantity) for amplitude in amplitudes) or len(known) < len(currents):
        return ""
    factor, shown = in_display_unit("A")
    return f"{sum(known) * factor:.4g} {shown}"


def _spikes_by_reset(recording: Recording, name: str) -> bool:
    """Whether the spikes of a population have no shape of their own: the potential is set back at the threshold."""
    neuron = neuron_of(recording, name)
    return neuron is None or bool(neuron.dynamics().reset)


def _spike_times(observation: Observation, name: str, node: int, start: float, stop: float) -> FloatArray:
    train = observation.recording.spikes.get(name)
    if train is None:
        return np.empty(0)
    train = train.of_trial(0)
    times: FloatArray = train.times[train.node_ids == node]
    inside: FloatArray = times[(times >= start) & (times < stop)]
    return inside
