"""How far the spikes of two trains are from each other, at each time."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.knots import stretches
from snnrun.metrics.pairs import PairMetric
from snnrun.metrics.trains import FloatArray, Trains


class SpikeDistance(PairMetric):
    """SPIKE-distance: mean over time and over the pairs of spike trains of how far their spikes are from each other.

    At each time, each train has a distance: that of its preceding and of its following spike to the nearest spike of
    the other train, weighted by how near they are in time. The two are weighted by the interval of the other train and
    divided by the squared mean interval: S = (s₁ I₂ + s₂ I₁) / (2 ⟨I⟩²). It is 0 for identical trains and about 0.295
    for Poisson trains. At the edges of the window, an interval is as long as its neighbour, or reaches to the edge
    where that is longer; a train without spikes has one on either edge. Of several trials, the pairs are those of the
    trials of each neuron, else those of the neurons. Without a pair it is NaN; two empty trains have 0.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Kreuz, Chicharro, Houghton, Andrzejak & Mormann 2013, Monitoring spike train synchrony",
            "10.1152/jn.00873.2012",
        ),
    )

    metric: Literal["spike_distance"] = "spike_distance"

    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        return spike_distance(trains, activity.spikes.stop - activity.spikes.start)


def spike_distance(trains: Trains, length: int) -> FloatArray:
    """Distance of each two trains in a window of a length in time steps; shape (n_trains, n_trains)."""
    distance = np.zeros((trains.n_neurons, trains.n_neurons))
    for train, beside in stretches(trains, length):
        one, another = beside.one, beside.another
        summed = one.interval + another.interval
        # Between two spikes nothing but the weights changes, and that linearly: the mean is that of the two ends.
        ends = [
            2 * (one.far(time) * another.interval + another.far(time) * one.interval) / summed**2
            for time in (beside.start, beside.stop)
        ]
        distance[train, train + 1 :] = distance[train + 1 :, train] = beside.mean((ends[0] + ends[1]) / 2)
    return distance
