"""How many spikes of two trains coincide."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.pairs import PairMetric
from snnrun.metrics.trains import FloatArray, Trains


class SpikeSync(PairMetric):
    """SPIKE-synchronization: the fraction of spikes that coincide with one of the other train, mean over the pairs.

    Two spikes coincide when they are less apart than half of the shortest of the four intervals around them: what is
    near is decided by the rate of the moment, and no spike coincides with two. An interval that leaves the window does
    not count. Identical trains have 1, Poisson trains of the same rate about 1/4. Of several trials, the pairs are
    those of the trials of each neuron, else those of the neurons. A pair without any spike is NaN, and left out.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Kreuz, Mulansky & Bozanic 2015, SPIKY: a graphical user interface for monitoring spike train synchrony",
            "10.1152/jn.00848.2014",
        ),
    )

    metric: Literal["spike_sync"] = "spike_sync"

    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        return spike_sync(trains, activity.spikes.stop - activity.spikes.start)


def spike_sync(trains: Trains, length: int) -> FloatArray:
    """Fraction of coincident spikes of each two trains in a window of a length; shape (n_trains, n_trains)."""
    # The trains are laid end to end with silence between them: intervals that leave the window count as its length.
    n_trains = trains.n_neurons
    line = trains.ticks + 2 * length * trains.neurons.astype(np.int64)
    intervals = np.minimum(np.diff(line, prepend=-length, append=2 * length * n_trains + length), length)
    nearest = np.minimum(intervals[:-1], intervals[1:])

    fraction = np.full((n_trains, n_trains), np.nan)
    n_spikes = np.bincount(trains.neurons, minlength=n_trains)
    for train in np.flatnonzero(n_spikes):
        own = trains.neurons == train
        ticks, around = trains.ticks[own], nearest[own]
        after = np.searchsorted(ticks, trains.ticks)
        coincides = np.zeros(len(line), dtype=bool)
        for place in (np.maximum(after - 1, 0), np.minimum(after, len(ticks) - 1)):
            coincides |= 2 * np.abs(trains.ticks - ticks[place]) < np.minimum(nearest, around[place])
        n_coincident = np.bincount(trains.neurons[coincides], minlength=n_trains)
        fraction[train] = fraction[:, train] = 2 * n_coincident / (n_spikes + n_spikes[train])
    return fraction
