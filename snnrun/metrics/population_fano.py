"""How variable the number of spikes of a population is."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement
from snnrun.units import Quantity, quantity


class PopulationFano(Metric):
    """Fano factor of a population: variance over mean of the number of spikes of all its neurons in a bin.

    It is the "synchrony" of Potjans & Diesmann 2014. Independent Poisson neurons have 1; with correlations it grows
    with the number of neurons: a sample of fixed size makes populations comparable, and where a population is smaller,
    the note says so. Without spikes it is NaN, and so it is for fewer than 2 bins.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Potjans & Diesmann 2014, The cell-type specific cortical microcircuit: relating structure and activity in "
            "a full-scale spiking network model",
            "10.1093/cercor/bhs358",
        ),
    )

    metric: Literal["population_fano"] = "population_fano"
    bin: PositiveTime = quantity("3 ms")
    """Width of the bins."""
    neurons: PositiveCount = 1000
    """How many neurons are taken at most; they are drawn from the seed."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        sample = activity.sample(self.neurons)
        n_bins = activity.n_bins(self.bin)
        binned = activity.trains.of(sample).binned(activity.bin_ticks(self.bin), n_bins)
        counts = np.bincount(binned.bins, weights=binned.counts, minlength=n_bins)
        defined = n_bins >= 2 and counts.any()
        return Measurement(
            value=float(counts.var() / counts.mean()) if defined else float("nan"),
            unit="1",
            n_valid=len(sample) if defined else 0,
            parameters=self.parameters(),
            note=f"fewer neurons than asked for: {len(sample)}" if len(sample) < self.neurons else "",
        )
