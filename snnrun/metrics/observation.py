"""A recording under observation: its populations in the analysis window, each metric computed once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from snnrun.errors import ResultsError, suggestion
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.results.analysis import Measurement
from snnrun.results.recording import Recording, SpikeTrains

NETWORK = "network"


class WindowError(ResultsError, ValueError):
    """An analysis window that does not fit the recording."""


class Observation:
    """A recording seen through a window.

    Parameters
    ----------
    recording
        What is observed.
    start, stop
        The window ``[start, stop)`` in seconds since the start of the run: by default from the end of the warm-up to
        the end of the run.

    Raises
    ------
    WindowError
        If the window is empty, leaves the recording, or does not begin and end on a time step.
    """

    def __init__(self, recording: Recording, *, start: float | None = None, stop: float | None = None) -> None:
        self.recording = recording
        self.start_tick = recording.warmup_ticks if start is None else _tick(start, recording)
        self.stop_tick = recording.n_ticks if stop is None else _tick(stop, recording)
        if not 0 <= self.start_tick < self.stop_tick <= recording.n_ticks:
            raise WindowError(
                f"{recording.run_id}: the window from {self.window[0]:g} s to {self.window[1]:g} s is empty or leaves "
                f"the recording, which lasts {recording.n_ticks * recording.dt:g} s. Choose a window inside it."
            )
        self.populations: tuple[str, ...] = tuple(recording.spikes)
        self._activities: dict[str, Activity] = {}

    @property
    def window(self) -> tuple[float, float]:
        """Start and stop in seconds."""
        return self.start_tick * self.recording.dt, self.stop_tick * self.recording.dt

    def activity(self, name: str) -> Activity:
        """The activity of a population, or of all recorded neurons under the name ``network``.

        In the network, the neurons of each population are numbered after those of the populations before it; traces
        stay with their populations.

        Raises
        ------
        ResultsError
            If the recording has no spikes of that population.
        """
        if name not in self._activities:
            self._activities[name] = self._observe(name)
        return self._activities[name]

    def measure(self, name: str, metric: Metric) -> Measurement:
        """A metric on a population, computed once however often it is asked for."""
        if name == NETWORK and metric.scope == "each" and self._is_one_population:
            name = self.populations[0]
        return self.activity(name).measure(metric)

    @property
    def _is_one_population(self) -> bool:
        """Whether the network is no more than its only population; a metric might look at traces of that."""
        return len(self.populations) == 1 and not self.recording.traces.get(self.populations[0])

    def _observe(self, name: str) -> Activity:
        recording = self.recording
        if name in self.populations:
            spikes = recording.spikes[name].between(self.start_tick, self.stop_tick)
            traces = recording.traces.get(name, {})
            return Activity(name, spikes, traces, recording.seed, recording=recording, n_trials=recording.trials)
        if name == NETWORK and self.populations:
            parts = {each: self.activity(each) for each in self.populations}
            pooled = _pool([part.spikes for part in parts.values()])
            return Activity(name, pooled, {}, recording.seed, parts, recording, recording.trials)
        raise ResultsError(
            f"{recording.run_id}: no spikes of {name!r} were recorded. "
            + (suggestion(name, (*self.populations, NETWORK)) if self.populations else "Record some.")
        )


def _tick(seconds: float, recording: Recording) -> int:
    ticks = seconds / recording.dt
    if not np.isfinite(ticks) or abs(ticks - round(ticks)) > 1e-6:
        raise WindowError(
            f"{recording.run_id}: {seconds:g} s is no whole number of time steps ({recording.dt * 1e3:g} ms). "
            "Choose a window that begins and ends on one."
        )
    return round(ticks)


def _pool(populations: list[SpikeTrains]) -> SpikeTrains:
    """The spikes of several populations as of one, sorted by trial, then by time."""
    if len(populations) == 1:
        return populations[0]
    offsets = np.cumsum([0, *(spikes.n_recorded for spikes in populations)])
    ticks = np.concatenate([spikes.ticks for spikes in populations])
    trials = [spikes.trial for spikes in populations if spikes.trial is not None]
    trial = np.concatenate(trials) if trials else None
    # The stable sort merges what is sorted already, and so leaves spikes of one tick in the order of neurons.
    order = np.argsort(ticks, kind="stable") if trial is None else np.lexsort((ticks, trial))
    node_ids = np.concatenate(
        [spikes.node_ids + offset for spikes, offset in zip(populations, offsets[:-1].astype(np.int32), strict=True)]
    )
    return replace(
        populations[0],
        ticks=ticks[order],
        node_ids=node_ids[order],
        n_recorded=int(offsets[-1]),
        trial=None if trial is None else trial[order],
    )
