"""How precisely spike times are repeated in all trials."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.metrics.events import EventMetric, Events
from snnrun.metrics.trains import mean_of_defined


class EventPrecision(EventMetric):
    """Precision of events, after Mainen & Sejnowski: the standard deviation of the spike times in an event.

    Events are the runs of bins in which the PSTH over the trials, smoothed by a Gaussian, exceeds a multiple of its
    mean. The value is the mean over the events of a neuron that hold at least 2 spikes, then over the neurons: the
    smaller, the more precise. Without such an event, and with fewer than 2 trials, it is NaN.
    """

    unit: ClassVar[str] = "s"

    metric: Literal["event_precision"] = "event_precision"

    def of_neuron(self, events: Events, dt: float) -> float:
        return mean_of_defined(events.sd)[0] * dt
