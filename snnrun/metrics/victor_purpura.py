"""How much it costs to turn one spike train into another."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.pairs import PairMetric
from snnrun.metrics.trains import FloatArray, Trains
from snnrun.quantities import Frequency
from snnrun.units import quantity


class VictorPurpura(PairMetric):
    """Victor-Purpura distance: mean over the pairs of the least cost of turning one spike train into the other.

    Adding or removing a spike costs 1, moving it by Δt costs q |Δt|: spikes further apart than 2/q are rather removed
    and added. With q = 0 it is the difference between the numbers of spikes. Of several trials, the pairs are those of
    the trials of each neuron, else those of the neurons. Without a pair it is NaN; two empty trains have 0.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Victor & Purpura 1996, Nature and precision of temporal coding in visual cortex: a metric-space analysis",
            "10.1152/jn.1996.76.2.1310",
        ),
    )

    metric: Literal["victor_purpura"] = "victor_purpura"
    cost: Frequency = quantity("100 Hz")
    """Cost q of moving a spike, per time."""

    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        return victor_purpura(trains, self.cost.value * activity.spikes.dt)


def victor_purpura(trains: Trains, cost: float) -> FloatArray:
    """Distance of each two trains, with a cost per time step; shape (n_trains, n_trains)."""
    n_spikes = np.bincount(trains.neurons, minlength=trains.n_neurons)
    last = np.cumsum(n_spikes)
    padded = np.zeros((trains.n_neurons, n_spikes.max(initial=0)))
    padded[trains.neurons, np.arange(len(trains.ticks)) - (last - n_spikes)[trains.neurons]] = trains.ticks
    distance = np.zeros((trains.n_neurons, trains.n_neurons))
    for train in range(trains.n_neurons):
        others = slice(train + 1, None)
        saved = _saved(padded[train, : n_spikes[train]], padded[others], cost)
        # What stands behind the last spike of a train comes too late to have changed what it saves.
        whole = np.take_along_axis(saved, n_spikes[others, None], axis=1)[:, 0]
        distance[train, others] = distance[others, train] = n_spikes[train] + n_spikes[others] - whole
    return distance


def _saved(ticks: FloatArray, others: FloatArray, cost: float) -> FloatArray:
    """What moving spikes saves at most, against removing all of a train and adding all of the other.

    Returns
    -------
    shape (n_others, longest other + 1)
        For the first 0, 1, 2 … spikes of each other train.
    """
    saved = np.zeros((len(others), others.shape[1] + 1))
    for tick in ticks:
        moved = np.abs(others - tick)
        moved *= -cost
        moved += 2  # it is neither removed nor added
        moved += saved[:, :-1]
        np.maximum(saved[:, 1:], moved, out=saved[:, 1:])
        np.maximum.accumulate(saved, axis=1, out=saved)
    return saved
