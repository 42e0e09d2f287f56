"""One neuron in all trials, and the events in which its spikes come together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from snnrun.entry import Names, Reference
from snnrun.figures.base import NO_PANEL, Figure, Mosaic, shown_interval
from snnrun.figures.stored import repeated_current
from snnrun.figures.style import (
    FAINT,
    POTENTIAL,
    RATE,
    TIME,
    in_display_unit,
    in_words,
    population_colors,
    say,
    shortened,
    variable_label,
)
from snnrun.metrics.event_precision import EventPrecision
from snnrun.metrics.event_reliability import EventReliability
from snnrun.metrics.events import Events
from snnrun.metrics.schreiber_reliability import SchreiberReliability, reliability
from snnrun.quantities import Count, NonNegativeTime, PositiveTime
from snnrun.results.recording import FloatArray, Trace
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_ROWS: Final[Mapping[str, int]] = {"current": 2, "variable": 2, "spikes": 4, "psth": 3}
"""What stands above what, and how high it is."""
_ROW: Final = 0.38
"""Height of a row in inches."""
_FEW: Final = 3
"""Populations shown where none are named."""
_OVERLAID: Final = 10
"""Trials whose course is drawn; more hide each other."""


class TrialsFigure(Figure):
    """One neuron in all trials: a line of spikes for each trial, and below it their PSTH with its events.

    Events, shaded, are where the PSTH exceeds a multiple of its mean (dashed), as in the metric `event_reliability`. In
    numbers: the fraction of the spikes in events, how far they scatter there, and how alike two trials are (R of
    `schreiber_reliability`), of this neuron. Above the spikes stands the current that is the same in all trials, where
    there is one. Populations stand side by side.
    """

    references: ClassVar = (
        Reference("Mainen & Sejnowski (1995) Science 268:1503–1506, Fig. 1", "10.1126/science.7770778"),
    )

    figure: Literal["trials"] = "trials"

    populations: Names | None = None
    """The populations shown; by default the first three of which spikes were recorded."""

    neuron: Count = 0
    """Which neuron of each population, counted from 0."""

    variable: str | None = None
    """A recorded variable that is drawn above the spikes, the first trials over each other, such as `v`."""

    duration: PositiveTime = quantity("1 s")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    def size(self, observation: Observation) -> tuple[float, float]:
        kinds = self._kinds(observation)
        return 1.0 + 3.3 * max(1, len(self._shown(observation))), 0.8 + _ROW * sum(_ROWS[kind] for kind in kinds)

    def panels(self, observation: Observation) -> Mosaic:
        shown = self._shown(observation)
        rows = [
            [_panel(kind, name) if self._has(observation, kind, name) else NO_PANEL for name in shown]
            for kind in self._kinds(observation)
            for _ in range(_ROWS[kind])
        ]
        return rows if shown else [["trials"]]

    def missing(self, observation: Observation) -> str | None:
        if not observation.populations:
            return super().missing(observation)
        if not self._shown(observation):
            names = ", ".join(self.populations or observation.populations)
            return f"Spikes of neuron {self.neuron} of {names} were not recorded. Choose another neuron or population."
        if self.variable is not None and "variable" not in self._kinds(observation):
            return (
                f"The variable {self.variable!r} of neuron {self.neuron} was not recorded. Add for example 'record: "
                f"{{traces: {{{self._shown(observation)[0]}: {{variables: [{self.variable}], neurons: [{self.neuron}]}}"
                "}}'."
            )
        return None

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        shown = self._shown(observation)
        if not shown:
            say(axes["trials"], "No spikes were recorded")
            return
        interval = shown_interval(observation, self.start, self.duration)
        for name in shown:
            self._draw_population(axes, observation, name, interval)
        for kind in self._kinds(observation):
            panels = [axes[_panel(kind, name)] for name in shown if _panel(kind, name) in axes]
            _same_scale(panels)
            for panel in panels:
                panel.set_xlim(interval[0] * 1e3, interval[1] * 1e3)
                panel.tick_params(labelbottom=kind == "psth")

    def _shown(self, observation: Observation) -> list[str]:
        spikes = observation.recording.spikes
        asked = observation.populations[:_FEW] if self.populations is None else self.populations
        return [name for name in asked if name in spikes and self.neuron < spikes[name].n_recorded]

    def _kinds(self, observation: Observation) -> list[str]:
        """Which of the rows there are."""
        shown = self._shown(observation)
        return [kind for kind in _ROWS if any(self._has(observation, kind, name) for name in shown)] or ["spikes"]

    def _has(self, observation: Observation, kind: str, name: str) -> bool:
        if kind == "current":
            return repeated_current(observation.recording, name, self.neuron) is not None
        return kind != "variable" or self._trace(observation, name) is not None

    def _trace(self, observation: Observation, name: str) -> Trace | None:
        trace = observation.recording.traces.get(name, {}).get(self.variable or "")
        return trace if trace is not None and self.neuron in trace.node_ids else None

    def _draw_population(
        self, axes: Mapping[str, Axes], observation: Observation, name: str, interval: tuple[float, float]
    ) -> None:
        color = population_colors(observation.recording.populations)[name]
        top = next(axes[_panel(kind, name)] for kind in _ROWS if _panel(kind, name) in axes)
        top.set_title(f"{shortened(name, 32)}, neuron {self.neuron}", color=color)
        current = repeated_current(observation.recording, name, self.neuron)
        if current is not None:
            _draw_current(axes[_panel("current", name)], current, observation.recording.dt)
        trace = self._trace(observation, name)
        if trace is not None:
            self._draw_variable(axes[_panel("variable", name)], trace, interval, color)
        self._draw_spikes(axes[_panel("spikes", name)], observation, name, interval, color)
        self._draw_psth(axes[_panel("psth", name)], observation, name, color)

    def _draw_variable(self, panel: Axes, trace: Trace, interval: tuple[float, float], color: str) -> None:
        assert self.variable is not None
        factor, label = variable_label(self.variable, trace.unit)
        panel.set_ylabel(label.replace(" ", "\n", 1) if label == POTENTIAL else label)
        inside = (trace.time >= interval[0]) & (trace.time < interval[1])
        if not inside.any():
            say(panel, f"Nothing recorded\nin {in_words(interval)}")
            return
        (own,) = np.nonzero(trace.node_ids == self.neuron)
        courses = trace.data[np.ix_(inside, own[:_OVERLAID])] * factor
        panel.plot(trace.time[inside] * 1e3, courses, color=color, linewidth=0.4, alpha=0.5)

    def _draw_spikes(
        self, panel: Axes, observation: Observation, name: str, interval: tuple[float, float], color: str
    ) -> None:
        recording = observation.recording
        spikes = recording.spikes[name]
        start, stop = (round(edge / spikes.dt) for edge in interval)
        own = (spikes.node_ids == self.neuron) & (spikes.ticks >= start) & (spikes.ticks < stop)
        trial = np.zeros(len(spikes), dtype=int) if spikes.trial is None else spikes.trial
        panel.set_ylabel("Trial")
        panel.set_ylim(recording.trials + 0.5, 0.5)
        if not own.any():
            say(panel, f"No spikes\nin {in_words(interval)}")
            return
        number = trial[own] + 1
        panel.vlines(spikes.times[own] * 1e3, number - 0.45, number + 0.45, color=color, linewidth=0.9)
        panel.set_yticks(np.unique([1, recording.trials]))
        _shade(panel, observation, name, self._events(observation, name))

    def _draw_psth(self, panel: Axes, observation: Observation, name: str, color: str) -> None:
        panel.set(xlabel=TIME, ylabel=RATE)
        events = self._events(observation, name)
        if not events.n_all:
            say(panel, f"No spikes\nin {in_words(observation.window)}")
            return
        metric, activity = EventReliability(), observation.activity(name)
        psth = events.psth / (activity.n_trials * metric.bin.value)
        panel.fill_between(activity.bin_centres(metric.bin) * 1e3, psth, color=color, linewidth=0)
        panel.axhline(metric.threshold.value * psth.mean(), color=FAINT, linewidth=0.6, linestyle=(0, (4, 3)))
        panel.set_ylim(bottom=0)
        if activity.n_trials > 1:
            _shade(panel, observation, name, events)
            panel.set_title(self._in_numbers(observation, name, events))

    def _events(self, observation: Observation, name: str) -> Events:
        (events,) = EventReliability().events(observation.activity(name), np.array([self.neuron]))
        return events

    def _in_numbers(self, observation: Observation, name: str, events: Events) -> str:
        activity, schreiber = observation.activity(name), SchreiberReliability()
        dt = activity.spikes.dt
        (trains,) = activity.over_trials(np.array([self.neuron]))
        sigma = np.array([schreiber.sigma.value / dt])
        r = reliability(trains, sigma, activity.spikes.stop - activity.spikes.start)[0]
        alike = f"R({schreiber.sigma.pretty()}) = {r:.2f}"
        if events.lone:
            # Every spike lies in an event then, which says nothing about reliability.
            return f"few spikes: one alone makes an event; {alike}"
        precision = EventPrecision().of_neuron(events, dt) * 1e3
        return (
            f"reliability {EventReliability().of_neuron(events, dt):.2f}, precision "
            + (f"{precision:.2f} ms" if np.isfinite(precision) else "–")
            + f", {alike}"
        )


def _panel(kind: str, population: str) -> str:
    return f"trials_{kind}_{population}"


def _draw_current(panel: Axes, current: FloatArray, dt: float) -> None:
    factor, shown_unit = in_display_unit("A")
    # A current is held during each time step.
    panel.stairs(current * factor, np.arange(len(current) + 1) * dt * 1e3, baseline=None, color=FAINT, linewidth=0.6)
    panel.set_ylabel(f"Current\n({shown_unit})")


def _shade(panel: Axes, observation: Observation, name: str, events: Events) -> None:
    activity = observation.activity(name)
    metric = EventReliability()
    for first, last in zip(events.start, events.stop, strict=True):
        edges = (activity.spikes.start + activity.bin_ticks(metric.bin) * np.array([first, last])) * activity.spikes.dt
        panel.axvspan(*(edges * 1e3), color=FAINT, alpha=0.25, linewidth=0, zorder=0)


def _same_scale(panels: list[Axes]) -> None:
    """What stands side by side is compared."""
    limits = [panel.get_ylim() for panel in panels if panel.has_data()]
    if not limits or limits[0][0] > limits[0][1]:
        return  # trials count downwards, and are as many everywhere
    for panel in panels:
        panel.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
