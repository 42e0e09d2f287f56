"""Spikes over time, and the population rate below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from snnrun.entry import Names
from snnrun.figures.base import Figure, Mosaic, shown_interval
from snnrun.figures.phases import mark_phases
from snnrun.figures.style import (
    RATE,
    TIME,
    first_trial,
    in_words,
    line_widths,
    mean_over,
    population_colors,
    say,
    shortened,
)
from snnrun.metrics.observation import Observation
from snnrun.metrics.population_rate import PopulationRate
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime
from snnrun.results.recording import FloatArray, IntArray, SpikeTrains
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY_SPIKES: Final = 5000
"""More marks than this are stored as pixels in PDF and SVG files, which become slow to open otherwise."""

_SHORTEST: Final = 1 / 150
"""Height of a mark, at least, as a part of the panel: with many rows it covers its neighbours, but is seen in print."""

_NAMED_ROWS: Final = 30
"""Up to so many rows are far enough apart for the names of their neurons."""

_AROUND: Final = 0.02
"""Seconds."""


class RasterFigure(Figure):
    """Raster plot: a mark for each spike of some neurons of every population, above the population rates.

    The neurons are spread evenly over each population. A population is given rows by its share of the network, and at
    least a twentieth of them, so that a small one stays visible. Rows carry the names of their neurons where there are
    any and room for them. Of several trials, it is the spikes of the first, and the mean rates.
    """

    standard: ClassVar[bool] = True

    figure: Literal["raster"] = "raster"

    neurons: PositiveCount = 100
    """Number of neurons shown, all populations together."""

    populations: Names | None = None
    """The populations shown; by default all of which spikes were recorded."""

    duration: PositiveTime = quantity("500 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 6.5, 4.0 + 0.2 * max(0, len(self._shown(observation)) - 2)

    def panels(self, observation: Observation) -> Mosaic:
        return [["raster"], ["raster"], ["raster"], ["population_rate"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        interval = shown_interval(observation, self.start, self.duration)
        names = self._shown(observation)
        draw_spikes(axes["raster"], observation, interval, self.neurons, names)
        _draw_rates(axes["population_rate"], _seen_in(observation, interval), names)
        for name in ("raster", "population_rate"):
            axes[name].set_xlim(interval[0] * 1e3, interval[1] * 1e3)
            mark_phases(axes[name], observation.recording, interval, per_second=1e3, named=name == "raster")
        axes["raster"].tick_params(labelbottom=False)

    def missing(self, observation: Observation) -> str | None:
        if self.populations is None or not observation.populations or self._shown(observation):
            return super().missing(observation)
        return f"No spikes of {', '.join(self.populations)} were recorded. Choose other populations."

    def _shown(self, observation: Observation) -> list[str]:
        return [name for name in observation.populations if self.populations is None or name in self.populations]


def draw_spikes(
    axes: Axes,
    observation: Observation,
    interval: tuple[float, float],
    neurons: int,
    names: Sequence[str] | None = None,
    color: str | None = None,
) -> None:
    """Draw a mark for each spike of some neurons of every population, or of those named, in the first trial.

    Populations have their own colours, unless there is one for all.
    """
    names = observation.populations if names is None else names
    trains = [_within(observation.recording.spikes[name].of_trial(0), interval) for name in names]
    counts = rows_per_population([train.n_recorded for train in trains], neurons)
    marks = [sampled(train, count) for train, count in zip(trains, counts, strict=True)]
    n_marks = sum(len(times) for times, _ in marks)
    if n_marks == 0:
        say(axes, f"No spikes\nin {in_words(interval)}")
    own_colors = population_colors(observation.recording.populations)
    colors = {name: color or own_colors[name] for name in names}
    gap = 0.02 * sum(counts)
    half = max(0.45, sum(counts) * _SHORTEST / 2)
    top, middles = 0.0, []
    for name, count, (times, rows) in zip(names, counts, marks, strict=True):
        middle = top + rows + 0.5
        axes.vlines(
            times * 1e3,
            middle - half,
            middle + half,
            color=colors[name],
            linewidth=1.0,
            rasterized=n_marks > MANY_SPIKES,
        )
        middles.append(top + count / 2)
        top += count + gap
    # First population on top, as in the list.
    axes.set_ylim(max(top - gap, 1), 0)
    axes.set_yticks(middles, [shortened(name, 12) for name in names])
    axes.tick_params(axis="y", length=0)
    for label, name in zip(axes.get_yticklabels(), names, strict=True):
        label.set_color(colors[name])
    _name_rows(axes, observation, names, counts, gap)
    recorded = sum(train.n_recorded for train in trains)
    part = f"{sum(counts)} of {recorded}" if sum(counts) < recorded else ""
    # Of trials, too: above the panel stand the names of phases.
    remarks = ", ".join(filter(None, (part, first_trial(observation.recording.trials))))
    axes.set_ylabel(f"Neurons ({remarks})" if remarks else "Neurons")


def _name_rows(axes: Axes, observation: Observation, names: Sequence[str], counts: Sequence[int], gap: float) -> None:
    """Write the name of each neuron at the right of its row, if every neuron shown has one and there is room."""
    labels = [observation.recording.populations[name].labels for name in names]
    if sum(counts) > _NAMED_ROWS or not all(labels):
        return
    colors = population_colors(observation.recording.populations)
    top = 0.0
    for name, called, count in zip(names, labels, counts, strict=True):
        for row, neuron in enumerate(_chosen(observation.recording.spikes[name].n_recorded, count)):
            place = (1.01, top + row + 0.5)
            axes.text(
                *place, called[neuron], transform=axes.get_yaxis_transform(), va="center", size=6, color=colors[name]
            )
        top += count + gap


def _seen_in(observation: Observation, interval: tuple[float, float]) -> Observation:
    """The recording through its window, or around the interval where that leaves the window."""
    if observation.window[0] <= interval[0] and interval[1] <= observation.window[1]:
        return observation
    recording = observation.recording
    # The curve is smooth over a few milliseconds: it needs what lies around the interval.
    first = max(0, round((interval[0] - _AROUND) / recording.dt))
    last = min(recording.n_ticks, round((interval[1] + _AROUND) / recording.dt))
    return Observation(recording, start=first * recording.dt, stop=last * recording.dt)


def _draw_rates(axes: Axes, observation: Observation, names: Sequence[str]) -> None:
    colors = population_colors(observation.recording.populations)
    widths = line_widths(names)
    highest = 0.0
    for name in names:
        series = observation.measure(name, PopulationRate()).series
        time, rate = series["time"].data * 1e3, series["smoothed"].data
        axes.plot(time, rate, color=colors[name], linewidth=widths[name])
        highest = max(highest, rate.max(initial=0))
    axes.set(xlabel=TIME, ylabel=RATE)
    axes.set_title(mean_over(observation.recording.trials))
    axes.set_ylim(0, 1.05 * highest or 1)


def _within(train: SpikeTrains, interval: tuple[float, float]) -> SpikeTrains:
    start, stop = (round(edge / train.dt) for edge in interval)
    return train.between(start, stop)


def rows_per_population(recorded: Sequence[int], rows: int) -> list[int]:
    """How many neurons of each population are shown, given how many were recorded and how many rows there are."""
    share = rows / max(1, sum(recorded))
    few = max(1, rows // 20)
    return [min(n, max(few, round(n * share))) for n in recorded]


def sampled(train: SpikeTrains, count: int) -> tuple[FloatArray, IntArray]:
    """Spike times in seconds, and rows from 0, of ``count`` neurons spread evenly over those recorded."""
    if count == 0:
        return np.empty(0), np.empty(0, dtype=np.int64)
    chosen = _chosen(train.n_recorded, count)
    row_of = np.full(train.n_recorded, -1)
    row_of[chosen] = np.arange(count)
    rows = row_of[train.node_ids]
    return train.times[rows >= 0], rows[rows >= 0]


def _chosen(recorded: int, count: int) -> IntArray:
    """The numbers of the neurons that are shown, spread evenly over those recorded."""
    return np.linspace(0, recorded - 1, count).round().astype(np.int64)
