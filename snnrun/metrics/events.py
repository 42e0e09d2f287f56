"""Events: times at which a neuron spikes in many trials alike."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.gaussian import smooth
from snnrun.metrics.trains import FloatArray, IntArray, Trains, mean_of_defined
from snnrun.quantities import NonNegativeNumber, PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


@dataclass(frozen=True)
class Events:
    """The events of one neuron.

    Parameters
    ----------
    psth
        Smoothed number of spikes of all trials together in each bin; shape (n_bins,).
    start, stop
        First bin of each event, and the bin after its last; shape (n_events,).
    n_spikes
        Spikes of all trials in each event; shape (n_events,).
    sd
        Standard deviation of their times in time steps, NaN for fewer than 2; shape (n_events,).
    n_all
        Spikes of all trials, in events or not.
    lone
        Whether the neuron spikes so rarely that a lone spike makes an event.
    """

    psth: FloatArray
    start: IntArray
    stop: IntArray
    n_spikes: IntArray
    sd: FloatArray
    n_all: int
    lone: bool


class EventMetric(Metric):
    """A measure of the events of each neuron, its mean over the neurons."""

    across_trials: ClassVar[bool] = True
    unit: ClassVar[str]
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Mainen & Sejnowski 1995, Reliability of spike timing in neocortical neurons", "10.1126/science.7770778"
        ),
    )

    bin: PositiveTime = quantity("1 ms")
    """Bin width of the PSTH."""
    smoothing: PositiveTime = quantity("1 ms")
    """Standard deviation of the Gaussian that the PSTH is smoothed by."""
    threshold: NonNegativeNumber = Quantity(3.0)
    """How many times its mean the PSTH exceeds in an event."""
    neurons: PositiveCount = 100
    """How many neurons are taken at most; they are drawn from the seed."""

    @abstractmethod
    def of_neuron(self, events: Events, dt: float) -> float:
        """The measure of one neuron; NaN where undefined."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        sample = activity.sample(self.neurons)
        events = self.events(activity, sample)
        # One trial is as alike to itself as can be.
        compared = activity.n_trials >= 2
        of_neuron = np.array([self.of_neuron(each, activity.spikes.dt) if compared else np.nan for each in events])
        value, n_valid = mean_of_defined(of_neuron)
        note = f"{activity.n_trials} trials" if compared else "one trial has no other to be compared with"
        n_lone = sum(each.lone for each in events)
        if compared and n_lone:
            note += f"; neurons that spike so rarely that a lone spike makes an event: {n_lone}"
        series = {"neuron": Series(sample, "1"), "of_neuron": Series(of_neuron, self.unit)}
        series |= self._series(activity, sample, events) if len(sample) else {}
        return Measurement(value, self.unit, n_valid, series, self.parameters(), note)

    def events(self, activity: Activity, neurons: IntArray) -> list[Events]:
        """The events of some neurons."""
        bin_ticks, n_bins = activity.bin_ticks(self.bin), activity.n_bins(self.bin)
        smoothing = self.smoothing.value / self.bin.value
        return [
            find_events(trains, bin_ticks, n_bins, smoothing, self.threshold.value)
            for trains in activity.over_trials(neurons)
        ]

    def _series(self, activity: Activity, sample: IntArray, events: list[Events]) -> dict[str, Series]:
        dt, bin_ticks = activity.spikes.dt, activity.bin_ticks(self.bin)

        def seconds(bins: list[IntArray]) -> Series:
            return Series((activity.spikes.start + bin_ticks * np.concatenate(bins)) * dt, "s")

        psth = np.array([each.psth for each in events]) / (activity.n_trials * self.bin.value)
        return {
            "event_neuron": Series(np.repeat(sample, [len(each.start) for each in events]), "1"),
            "event_start": seconds([each.start for each in events]),
            "event_stop": seconds([each.stop for each in events]),
            "event_n_spikes": Series(np.concatenate([each.n_spikes for each in events]), "1"),
            "event_sd": Series(np.concatenate([each.sd for each in events]) * dt, "s"),
            "time": Series(activity.bin_centres(self.bin), "s"),
            "psth": Series(psth, "Hz"),
        }


def find_events(trains: Trains, bin_ticks: int, n_bins: int, smoothing: float, threshold: float) -> Events:
    """The events in the trials of one neuron: the runs of bins whose smoothed count is above a multiple of its mean.

    Parameters
    ----------
    trains
        The trials; spikes after the last bin are left out.
    smoothing
        Standard deviation of the Gaussian in bins.
    threshold
        The multiple.
    """
    bins = trains.ticks // bin_ticks
    ticks, bins = trains.ticks[bins < n_bins].astype(float), bins[bins < n_bins]
    psth = smooth(np.bincount(bins, minlength=n_bins).astype(float), smoothing, ends="constant")
    above = psth > threshold * psth.mean() if n_bins else np.empty(0, dtype=bool)
    rises = np.diff(above.astype(int), prepend=0, append=0)
    start, stop = np.flatnonzero(rises == 1), np.flatnonzero(rises == -1)

    inside = above[bins]
    event = np.searchsorted(start, bins[inside], side="right") - 1
    n_spikes = np.bincount(event, minlength=len(start))
    mean = np.bincount(event, weights=ticks[inside], minlength=len(start)) / np.maximum(n_spikes, 1)
    squares = np.bincount(event, weights=(ticks[inside] - mean[event]) ** 2, minlength=len(start))
    sd = np.where(n_spikes >= 2, np.sqrt(squares / np.maximum(n_spikes, 1)), np.nan)
    lone = bool(smooth(np.ones(1), smoothing, ends="constant") > threshold * psth.mean()) if len(bins) else False
    return Events(psth, start, stop, n_spikes, sd, len(bins), lone)
