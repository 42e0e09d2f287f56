"""The activity of one population in the analysis window, with intermediate results shared between metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.metrics.trains import BinnedCounts, Intervals, Trains
from snnrun.metrics.trials import mean_over_trials
from snnrun.results.analysis import Measurement
from snnrun.results.recording import Recording, SpikeTrains, Trace
from snnrun.units import Quantity

if TYPE_CHECKING:
    from snnrun.metrics.base import Metric

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Activity:
    """What metrics look at.

    Parameters
    ----------
    name
        The population, or ``network`` for all recorded neurons together.
    spikes
        Spikes in the window; ``spikes.n_recorded`` neurons, silent ones included. Of several trials, all of them:
        what is counted and binned here has a meaning within one trial only, and metrics are shown one trial at a time
        unless they look across trials.
    traces
        Recorded variables of this population (whole run, see `Trace.time`).
    seed
        For metrics that sample neurons.
    parts
        The single populations by name, where this is the network; empty for a population.
    recording
        Everything else that the run recorded: synapses, other populations, the experiment. None for spikes made by
        hand.
    n_trials
        Number of trials, silent ones included.
    """

    name: str
    spikes: SpikeTrains
    traces: Mapping[str, Trace] = field(default_factory=dict)
    seed: int = 0
    parts: Mapping[str, Activity] = field(default_factory=dict)
    recording: Recording | None = None
    n_trials: int = 1

    def measure(self, metric: Metric) -> Measurement:
        """The metric on this activity, computed once however often it is asked for.

        Of several trials, a metric that does not look across them is the mean over the trials.
        """
        if metric not in self._measurements:
            self._measurements[metric] = self._measure(metric)
        return self._measurements[metric]

    def _measure(self, metric: Metric) -> Measurement:
        if self.n_trials == 1 or metric.across_trials:
            return metric.measure(self)
        measured = []
        for trial in self._of_trials:
            measured.append(trial.measure(metric))
            trial.release()  # what one trial takes must not add up over all
        return mean_over_trials(measured)

    @property
    def trials(self) -> tuple[SpikeTrains, ...]:
        """The spikes of each trial in the window."""
        return tuple(self.spikes.of_trial(number) for number in range(self.n_trials))

    @cached_property
    def _of_trials(self) -> tuple[Activity, ...]:
        parts = {name: part._of_trials for name, part in self.parts.items()}
        return tuple(
            replace(
                self,
                spikes=spikes,
                traces={name: trace.of_trial(number) for name, trace in self.traces.items()},
                parts={name: trials[number] for name, trials in parts.items()},
                n_trials=1,
            )
            for number, spikes in enumerate(self.trials)
        )

    @cached_property
    def _measurements(self) -> dict[Metric, Measurement]:
        return {}

    def release(self) -> None:
        """Give back the memory of what is shared between metrics; it comes back when somebody asks for it."""
        for name in ("counts", "trains", "intervals"):
            self.__dict__.pop(name, None)
        for part in self.parts.values():
            part.release()

    @property
    def n_neurons(self) -> int:
        return self.spikes.n_recorded

    @property
    def duration(self) -> float:
        """Length of the window in seconds."""
        return self.spikes.duration

    @cached_property
    def counts(self) -> IntArray:
        """Number of spikes of each neuron; shape (n_neurons,)."""
        return np.bincount(self.spikes.node_ids, minlength=self.n_neurons)

    @cached_property
    def trains(self) -> Trains:
        """The spikes sorted by neuron, then by time."""
        order = _by_neuron(self.spikes.node_ids, self.n_neurons)
        length = self.spikes.stop - self.spikes.start
        since_start = (self.spikes.ticks - self.spikes.start).astype(
            np.dtype(np.int32 if length < 1 << 31 else np.int64)
        )
        neurons = np.repeat(np.arange(self.n_neurons, dtype=np.int32), self.counts)
        return Trains(since_start[order], neurons, self.n_neurons)

    @cached_property
    def intervals(self) -> Intervals:
        """The interspike intervals; both spikes lie in the window."""
        return Intervals(*self.trains.lagged(1), self.n_neurons)

    def over_trials(self, neurons: IntArray) -> list[Trains]:
        """The trains of some neurons, each as the trains of its trials, which take the place of neurons."""
        place = np.full(self.n_neurons, -1)
        place[neurons] = np.arange(len(neurons))
        chosen = place[self.spikes.node_ids] >= 0
        train = place[self.spikes.node_ids[chosen]] * self.n_trials
        if self.spikes.trial is not None:
            train += self.spikes.trial[chosen]
        order = np.argsort(train, kind="stable")  # leaves spikes of one train in the order of time
        train, ticks = train[order], self.spikes.ticks[chosen][order].astype(np.int64) - self.spikes.start
        borders = np.searchsorted(train, np.arange(len(neurons) + 1) * self.n_trials)
        return [
            Trains(ticks[first:last], train[first:last] % self.n_trials, self.n_trials)
            for first, last in pairwise(borders)
        ]

    def bin_ticks(self, width: Quantity) -> int:
        """The number of time steps in a bin.

        Raises
        ------
        ResultsError
            If the width is no whole multiple of the time step.
        """
        ticks = width.value / self.spikes.dt
        if ticks < 0.5 or abs(ticks - round(ticks)) > 1e-6:
            raise ResultsError(
                f"{self.name}: a bin of {width.pretty()} is no whole multiple of the time step "
                f"({self.spikes.dt * 1e3:g} ms). Choose one that is."
            )
        return round(ticks)

    def n_bins(self, width: Quantity) -> int:
        """The number of whole bins in the window; a rest at its end that fills no bin is left out."""
        return (self.spikes.stop - self.spikes.start) // self.bin_ticks(width)

    def binned(self, width: Quantity) -> BinnedCounts:
        """Spikes of each neuron in bins of the given width."""
        return self.trains.binned(self.bin_ticks(width), self.n_bins(width))

    def population_counts(self, width: Quantity) -> IntArray:
        """Spikes of all neurons together in bins of the given width; shape (n_bins,)."""
        edges = self.spikes.start + self.bin_ticks(width) * np.arange(self.n_bins(width) + 1)
        # Spikes are sorted by time: looking up the few edges is far quicker than sorting spikes into bins.
        return np.diff(np.searchsorted(self.spikes.ticks, edges.astype(self.spikes.ticks.dtype)))

    def population_rate(self, width: Quantity) -> FloatArray:
        """Spikes per neuron and second in bins of the given width; shape (n_bins,), empty without neurons."""
        if not self.n_neurons:
            return np.empty(0)
        return self.population_counts(width) / (self.n_neurons * self.bin_ticks(width) * self.spikes.dt)

    def bin_centres(self, width: Quantity) -> FloatArray:
        """Seconds since the start of the run; shape (n_bins,)."""
        ticks = self.bin_ticks(width)
        centres = self.spikes.start + ticks * (np.arange(self.n_bins(width)) + 0.5)
        return np.asarray(centres * self.spikes.dt, dtype=np.float64)

    def in_window(self, trace: Trace) -> NDArray[np.bool_]:
        """Which samples of a trace lie in the window; shape (n_times,)."""
        # Times are whole steps; half a step of tolerance absorbs their rounding.
        tick = trace.time / self.spikes.dt + 0.5
        inside: NDArray[np.bool_] = (tick >= self.spikes.start) & (tick < self.spikes.stop)
        return inside

    def sample(self, size: int) -> IntArray:
        """At most ``size`` neurons drawn from the seed, the same at each call, in ascending order."""
        if self.n_neurons <= size:
            return np.arange(self.n_neurons)
        return np.sort(np.random.default_rng(self.seed).choice(self.n_neurons, size, replace=False))


def _by_neuron(node_ids: IntArray, n_neurons: int) -> IntArray:
    """Order of the spikes by neuron that leaves spikes of one neuron in the order of time."""
    # numpy's stable sort is a radix sort, O(n), for integers of 16 bits only.
    order = np.argsort((node_ids & 0xFFFF).astype(np.uint16), kind="stable")
    if n_neurons > 0x10000:
        order = order[np.argsort((node_ids[order] >> 16).astype(np.uint16), kind="stable")]
    return order
