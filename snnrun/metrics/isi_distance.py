"""How different the momentary rates of two spike trains are."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.knots import stretches
from snnrun.metrics.pairs import PairMetric
from snnrun.metrics.trains import FloatArray, Trains


class IsiDistance(PairMetric):
    """ISI-distance: mean over time and over the pairs of spike trains of the difference of their momentary intervals.

    At each time, |I - J| / max(I, J) of the interspike intervals I and J that the two trains are in. It is 0 for trains
    of the same momentary rate, whatever their phase, and about 1/2 for Poisson trains of the same rate. At the edges of
    the window, an interval is as long as its neighbour, or reaches to the edge where that is longer; a train without
    spikes has one on either edge. Of several trials, the pairs are those of the trials of each neuron, else those of
    the neurons. Without a pair it is NaN; two empty trains have 0.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Kreuz, Haas, Morelli, Abarbanel & Politi 2007, Measuring spike train synchrony",
            "10.1016/j.jneumeth.2007.05.031",
        ),
    )

    metric: Literal["isi_distance"] = "isi_distance"

    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        return isi_distance(trains, activity.spikes.stop - activity.spikes.start)


def isi_distance(trains: Trains, length: int) -> FloatArray:
    """Distance of each two trains in a window of a length in time steps; shape (n_trains, n_trains)."""
    distance = np.zeros((trains.n_neurons, trains.n_neurons))
    for train, beside in stretches(trains, length):
        one, another = beside.one.interval, beside.another.interval
        difference = np.abs(one - another) / np.maximum(one, another)
        distance[train, train + 1 :] = distance[train + 1 :, train] = beside.mean(difference)
    return distance
