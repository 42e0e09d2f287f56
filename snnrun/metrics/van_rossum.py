"""How far apart two spike trains are, smoothed by an exponential."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.pairs import PairMetric
from snnrun.metrics.trains import FloatArray, Trains
from snnrun.quantities import PositiveTime
from snnrun.units import quantity


class VanRossum(PairMetric):
    """Van Rossum distance: mean over the pairs of spike trains, each spike of which is followed by a decaying trace.

    D² = (2/τ) ∫ (f - g)² dt, where each spike adds exp(-t/τ) to f (or to g) after it; the integral does not end with
    the window. A single spike is 1 away from no spike, two spikes far apart √2. For τ → 0 the distance counts the
    spikes that are not shared, for τ → ∞ the difference between the numbers of spikes. Of several trials, the pairs are
    those of the trials of each neuron, else those of the neurons. Without a pair it is NaN; two empty trains have 0.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("van Rossum 2001, A novel spike distance", "10.1162/089976601300014321"),
        Reference(
            "Houghton & Kreuz 2012, On the efficient calculation of van Rossum distances",
            "10.3109/0954898X.2012.673048",
        ),
    )

    metric: Literal["van_rossum"] = "van_rossum"
    tau: PositiveTime = quantity("10 ms")
    """Time constant τ of the trace."""

    def of_pairs(self, trains: Trains, activity: Activity) -> FloatArray:
        return van_rossum(trains, self.tau.value / activity.spikes.dt)


def van_rossum(trains: Trains, tau: float) -> FloatArray:
    """Distance of each two trains, with τ in time steps; shape (n_trains, n_trains)."""
    order = np.argsort(trains.ticks, kind="stable")
    ticks, firsts = np.unique(trains.ticks[order], return_index=True)
    decays = np.exp(-np.diff(ticks, prepend=ticks[:1]) / tau)
    # The sum over pairs of spikes of exp(-|t - u|/τ) is, from spike to spike, that of the traces left by earlier ones.
    # Spikes at the same time are counted apart, in whole numbers: identical trains are 0 apart, without rounding.
    trace = np.zeros(trains.n_neurons)
    met = np.zeros((trains.n_neurons, trains.n_neurons))
    at_once = np.zeros((trains.n_neurons, trains.n_neurons))
    for neurons, decay in zip(np.split(trains.neurons[order], firsts[1:]), decays.tolist(), strict=False):
        trace *= decay
        met[neurons] += trace
        at_once[neurons[:, None], neurons] += 1
        trace[neurons] += 1
    overlap = met + met.T + at_once
    alone = np.diag(overlap)
    # Rounding can leave identical trains a little below 0.
    distance: FloatArray = np.sqrt(np.maximum(alone[:, None] + alone - 2 * overlap, 0))
    return distance
