"""How many spikes come at the same times in all trials."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.metrics.events import EventMetric, Events


class EventReliability(EventMetric):
    """Reliability of events, after Mainen & Sejnowski: the fraction of the spikes of a neuron that lie in its events.

    Events are the runs of bins in which the PSTH over the trials, smoothed by a Gaussian, exceeds a multiple of its
    mean. Spikes that come at the same times in all trials give 1. Spikes at any time give 0 only where there are many
    trials: where all together spike rarely, chance makes events, in the end of each lone spike; the note says so. The
    value is the mean over the neurons that spike; spikes but no event give 0. With fewer than 2 trials, and for a
    neuron that never spikes, it is NaN.
    """

    unit: ClassVar[str] = "1"

    metric: Literal["event_reliability"] = "event_reliability"

    def of_neuron(self, events: Events, dt: float) -> float:
        return float(events.n_spikes.sum() / events.n_all) if events.n_all else float("nan")
