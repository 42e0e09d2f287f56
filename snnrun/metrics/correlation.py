"""How much the spike counts of two neurons vary together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import BinnedCounts, FloatArray
from snnrun.quantities import PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity


class Correlation(Metric):
    """Spike count correlation: mean of Pearson's r over all pairs of neurons; the value is that of the short bins.

    r_ij = Cov(n_i, n_j) / (sd(n_i) sd(n_j)) of the counts n in successive bins. The mean over pairs follows from the
    standardised counts z without forming a pair: over the pairs of N neurons, (mean over bins of (Σ z)² - N) /
    (N (N - 1)); over those of N_a neurons with N_b others, mean over bins of (Σ z_a) (Σ z_b) / (N_a N_b). Short bins
    see synchrony of single spikes, long bins common changes of the rate. Independent neurons have 0, identical ones 1.

    Of the network come the means within and between its populations, too: two matrices of populations × populations,
    in the order of the recording, one for each bin width.

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
        short, long = (
            [standardised(part.binned(width)) for part in activity.parts.values() or (activity,)]
            for width in self.bins()
        )
        n_short, n_long = n_varying(short), n_varying(long)
        value = correlation_within(short)
        excluded = activity.n_neurons - n_short
        return Measurement(
            value=value,
            unit="1",
            n_valid=n_short * (n_short - 1) // 2,
            series={
                "bin": Series(np.array([self.bin.value, self.long_bin.value]), "s"),
                "correlation": Series(np.array([value, correlation_within(long)]), "1"),
                "n_neurons": Series(np.array([n_short, n_long]), "1"),
                "matrix": Series(correlation_matrix(short), "1"),
                "long_matrix": Series(correlation_matrix(long), "1"),
            },
            parameters=self.parameters(),
            note=f"{excluded} neurons whose count does not vary are left out" if excluded else "",
        )


class Standardised(NamedTuple):
    """Standardised counts z of the neurons whose count varies: Σ z in each bin, shape (n_bins,), and their number."""

    total: FloatArray
    n_neurons: int


def standardised(binned: BinnedCounts) -> Standardised:
    """The sum over neurons of what is left of their counts without mean and scale."""
    mean, variance = binned.mean_and_variance()
    varies = variance > 0
    scale = np.zeros(len(variance))
    scale[varies] = 1 / np.sqrt(variance[varies])
    # What the spikes of a bin add, less what is taken from every bin for the means.
    total = np.bincount(binned.bins, weights=binned.counts * scale[binned.neurons], minlength=binned.n_bins)
    return Standardised(total - (mean[varies] * scale[varies]).sum(), int(varies.sum()))


def n_varying(parts: Sequence[Standardised]) -> int:
    """Number of neurons whose count varies."""
    return sum(part.n_neurons for part in parts)


def correlation_within(parts: Sequence[Standardised]) -> float:
    """Mean of Pearson's r over all pairs of neurons of these parts together; NaN without a pair."""
    n_neurons = n_varying(parts)
    if n_neurons < 2:
        return float("nan")
    total = sum(part.total for part in parts)
    return float((np.square(total).mean() - n_neurons) / (n_neurons * (n_neurons - 1)))


def correlation_between(first: Standardised, second: Standardised) -> float:
    """Mean of Pearson's r over all pairs of one neuron each; NaN without a pair."""
    n_pairs = first.n_neurons * second.n_neurons
    return float((first.total * second.total).mean() / n_pairs) if n_pairs else float("nan")


def correlation_matrix(parts: Sequence[Standardised]) -> FloatArray:
    """Means of Pearson's r within parts, on the diagonal, and between them; shape (n_parts, n_parts)."""
    matrix = np.diag([correlation_within([part]) for part in parts])
    for row, column in combinations(range(len(parts)), 2):
        matrix[row, column] = matrix[column, row] = correlation_between(parts[row], parts[column])
    return matrix
