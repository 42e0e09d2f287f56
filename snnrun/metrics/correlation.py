"""How much the spike counts of two neurons vary together."""

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


class Correlation(Metric):
    """Spike count correlation: mean of Pearson's r over all pairs of neurons; the value is that of the short bins.

    r_ij = Cov(n_i, n_j) / (sd(n_i) sd(n_j)) of the counts n in successive bins. The mean over all pairs follows from
    the standardised counts z without forming a pair: (mean over bins of (Σ z)² - N) / (N (N - 1)). Short bins see
    synchrony of single spikes, long bins common changes of the rate. Independent neurons have 0, identical ones 1.
    Neurons whose count does not vary have no r; they are left out, and the note says how many. With fewer than 2 other
    neurons it is NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Cohen & Kohn 2011, Measuring and interpreting neuronal correlations", "10.1038/nn.2842"),
    )

    metric: Literal["correlation"] = "correlation"
    bin: PositiveTime = quantity("2 ms")
    """Width of the short bins."""
    long_bin: PositiveTime = quantity("100 ms")
    """Width of the long bins."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin, self.long_bin)

    def measure(self, activity: Activity) -> Measurement:
        short, n_short = mean_correlation(activity.binned(self.bin))
        long, n_long = mean_correlation(activity.binned(self.long_bin))
        excluded = activity.n_neurons - n_short
        return Measurement(
            value=short,
            unit="1",
            n_valid=n_short * (n_short - 1) // 2,
            series={
                "bin": Series(np.array([self.bin.value, self.long_bin.value]), "s"),
                "correlation": Series(np.array([short, long]), "1"),
                "n_neurons": Series(np.array([n_short, n_long]), "1"),
            },
            parameters=self.parameters(),
            note=f"{excluded} neurons whose count does not vary are left out" if excluded else "",
        )


def mean_correlation(binned: BinnedCounts) -> tuple[float, int]:
    """Mean of Pearson's r over all pairs of neurons whose count varies, and the number of these neurons."""
    mean, variance = binned.mean_and_variance()
    varies = variance > 0
    n_neurons = int(varies.sum())
    if n_neurons < 2:
        return float("nan"), n_neurons
    scale = np.zeros(len(variance))
    scale[varies] = 1 / np.sqrt(variance[varies])
    # Σ z of a bin: what its spikes add, less what is taken from every bin for the means.
    z_sum = np.bincount(binned.bins, weights=binned.counts * scale[binned.neurons], minlength=binned.n_bins)
    z_sum -= (mean * scale).sum()
    return float(((z_sum**2).mean() - n_neurons) / (n_neurons * (n_neurons - 1))), n_neurons
