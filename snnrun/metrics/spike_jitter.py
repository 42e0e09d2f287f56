"""How the times of spikes drift apart from trial to trial."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, IntArray, Trains, mean_of_defined, mean_per_neuron
from snnrun.quantities import PositiveCount, Probability
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity


class SpikeJitter(Metric):
    """Jitter: standard deviation, over the trials, of the time of the k-th spike of a neuron in the window.

    The series holds it for every k. Under constant current the jitter of each interval adds up, and it grows as √k;
    a fluctuating current holds it down, until the first missing or additional spike makes the k-th spikes of the trials
    different ones. The value is that of the last k which enough trials reach, its mean over the neurons. With fewer
    than 2 trials, and for a neuron of which too few trials spike, it is NaN.
    """

    across_trials: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Mainen & Sejnowski 1995, Reliability of spike timing in neocortical neurons", "10.1126/science.7770778"
        ),
    )

    metric: Literal["spike_jitter"] = "spike_jitter"
    # Where some trials do not reach k, those that do are the fast ones, whose times differ less than all would.
    reached_by: Probability = Quantity(1.0)
    """Fraction of the trials that must reach the last k."""
    neurons: PositiveCount = 100
    """How many neurons are taken at most; they are drawn from the seed."""

    def measure(self, activity: Activity) -> Measurement:
        sample = activity.sample(self.neurons)
        jitters = [jitter(trains) for trains in activity.over_trials(sample)]
        enough = max(2, int(np.ceil(self.reached_by.value * activity.n_trials - 1e-9)))
        last = [sd[n >= enough][-1:] for sd, n in jitters]
        of_neuron = np.array([sd[0] if len(sd) else np.nan for sd in last]) * activity.spikes.dt
        value, n_valid = mean_of_defined(of_neuron)
        longest = max((len(sd) for sd, _ in jitters), default=0)
        sds, ns = np.full((len(sample), longest), np.nan), np.zeros((len(sample), longest), dtype=int)
        for place, (sd, n) in enumerate(jitters):
            sds[place, : len(sd)], ns[place, : len(n)] = sd, n
        return Measurement(
            value=value,
            unit="s",
            n_valid=n_valid,
            series={
                "neuron": Series(sample, "1"),
                "of_neuron": Series(of_neuron, "s"),
                "index": Series(np.arange(1, longest + 1), "1"),
                "sd": Series(np.array([mean_of_defined(column)[0] for column in sds.T]) * activity.spikes.dt, "s"),
                "n": Series(ns.sum(axis=0), "1"),
            },
            parameters=self.parameters(),
            note="" if activity.n_trials >= 2 else "one trial has no other to be compared with",
        )


def jitter(trains: Trains) -> tuple[FloatArray, IntArray]:
    """Standard deviation of the time of each k-th spike over trains, and the number of trains that reach it.

    Returns
    -------
    sd
        Time steps, NaN where fewer than 2 trains reach it; shape (longest train,).
    n
        Shape (longest train,).
    """
    firsts = np.searchsorted(trains.neurons, trains.neurons)
    index = np.arange(len(trains.ticks)) - firsts
    n = np.bincount(index)
    mean = mean_per_neuron(trains.ticks, index, len(n))
    variance = mean_per_neuron((trains.ticks - mean[index]) ** 2, index, len(n), at_least=2)
    return np.sqrt(variance), n
