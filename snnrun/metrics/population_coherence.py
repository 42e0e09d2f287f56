"""How often neurons fire in the same moment."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import BinnedCounts
from snnrun.quantities import PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class PopulationCoherence(Metric):
    """Population coherence κ of Wang and Buzsáki: the share of spikes that two neurons fire in the same bin.

    κ_ij = Σ X_i X_j / √(Σ X_i Σ X_j), where X is 1 in a bin in which the neuron fires and 0 in others; the value is its
    mean over all pairs. 1 when all neurons fire in the same bins; by chance about the rate times the bin, which is
    stored beside it. The bin must be short against the period. Silent neurons are left out, and the note says how many;
    fewer than 2 others have NaN.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Wang & Buzsáki 1996, Gamma oscillation by synaptic inhibition in a hippocampal interneuronal network "
            "model",
            "10.1523/JNEUROSCI.16-20-06402.1996",
        ),
    )

    metric: Literal["population_coherence"] = "population_coherence"
    bin: PositiveTime = quantity("2.5 ms")
    """The bin τ; a tenth of the period of a rhythm of 40 Hz."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        binned = activity.binned(self.bin)
        value, chance, n_neurons = population_coherence(binned)
        silent = activity.n_neurons - n_neurons
        return Measurement(
            value=value,
            unit="1",
            n_valid=n_neurons * (n_neurons - 1) // 2,
            series={"chance": Series(np.array(chance), "1")},
            parameters=self.parameters(),
            note=f"{silent} silent neurons are left out" if silent else "",
        )


def population_coherence(binned: BinnedCounts) -> tuple[float, float, int]:
    """Mean of κ over pairs, what it would be of independent neurons, and the number of neurons that fire.

    No pair is formed: of X_i / √(Σ X_i), summed over neurons, the square sums to κ over all pairs, and to 1 for each
    neuron with itself.
    """
    occupied = np.bincount(binned.neurons, minlength=binned.n_neurons)
    n_neurons = int(np.count_nonzero(occupied))
    if n_neurons < 2:
        return float("nan"), float("nan"), n_neurons
    n_pairs = n_neurons * (n_neurons - 1)
    total = np.bincount(binned.bins, weights=1 / np.sqrt(occupied[binned.neurons]), minlength=binned.n_bins)
    root = np.sqrt(occupied / binned.n_bins)  # of the probability of a spike in a bin
    value = (np.square(total).sum() - n_neurons) / n_pairs
    chance = (root.sum() ** 2 - np.square(root).sum()) / n_pairs
    return float(value), float(chance), n_neurons
