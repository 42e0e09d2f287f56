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
        ticks = padded[train, : n_spikes[train]]
        costs = _costs(ticks, padded[others], cost)
        # What stands behind the last spike of a train comes too late to have changed its cost.
        distance[train, others] = distance[others, train] = np.take_along_axis(
            costs, n_spikes[others, None], axis=1
        ).ravel()
    return distance


def _costs(ticks: FloatArray, others: FloatArray, cost: float) -> FloatArray:
    """Least cost of turning a train into the first 0, 1, 2 … spikes of others; shape (n_others, longest other + 1)."""
    number = np.arange(others.shape[1] + 1.0)
    costs = np.tile(number, (len(others), 1))
    for tick in ticks:
        moved = costs[:, :-1] + cost * np.abs(others - tick)
        costs += 1  # the spike is removed
        np.minimum(costs[:, 1:], moved, out=costs[:, 1:])
        # Adding spikes of the other train, any number of them in a row, is a running minimum once they are free.
        costs = np.minimum.accumulate(costs - number, axis=1) + number
    return costs
