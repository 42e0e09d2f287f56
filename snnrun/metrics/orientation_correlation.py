"""Whether distant neurons that prefer like orientations vary together."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.connectivity.orientation_map import preferred_orientations
from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric, Scope
from snnrun.metrics.trains import FloatArray, IntArray
from snnrun.quantities import Count, PositiveCount, PositiveLength, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.space import Space
from snnrun.units import Quantity, quantity

_BINS: Final = 9
_BLOCK: Final = 1 << 20
"""Pairs that are looked at at once."""


class OrientationCorrelation(Metric):
    """How the spike count correlation of distant neurons depends on the difference of their preferred orientations.

    Of the pairs of neurons that are farther apart than a distance, with Pearson's r of their spike counts and the
    difference Δ of the orientations that they prefer on the map of the rule `patchy`, it is b in r ≈ a + b cos 2Δ, by
    least squares: half of what the correlation of like orientations is above that of orthogonal ones. The series are
    the mean r of the pairs in bins of Δ, from 0 to π/2.

    Neurons whose count does not vary are left out. For neurons that are on no sheet, or without pairs, it is NaN.
    """

    scope: ClassVar[Scope] = "population"
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Tsodyks et al. 1999, Linking spontaneous activity of single cortical neurons and the underlying "
            "functional architecture",
            "10.1126/science.286.5446.1943",
        ),
        Reference(
            "Kenet et al. 2003, Spontaneously emerging cortical representations of visual attributes",
            "10.1038/nature02078",
        ),
    )

    metric: Literal["orientation_correlation"] = "orientation_correlation"
    bin: PositiveTime = quantity("100 ms")
    """Width in which spikes are counted."""
    beyond: PositiveLength = quantity("500 um")
    """Pairs at a smaller distance are left out: they share what local connections do."""
    spacing: PositiveLength = quantity("750 um")
    """Of the map, as in the rule `patchy`."""
    map_seed: Count = 1
    """Which map, as in the rule `patchy`."""
    neurons: PositiveCount = 3000
    """How many neurons at most are taken; they are drawn from the seed."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        recording = activity.recording
        population = recording.populations.get(activity.name) if recording is not None else None
        if population is None or population.positions is None or len(population.extent) != 2:
            return self._measurement(_Pairs.none(), "the neurons are on no sheet")
        sample, counts = _standardised(activity, self.bin, activity.sample(self.neurons))
        if not len(sample):
            return self._measurement(_Pairs.none(), "no neuron's count varies")
        space, places = Space(population.extent, population.periodic), population.positions[sample]
        preferred = preferred_orientations(places, space, self.spacing.value, self.map_seed)
        pairs = _Pairs.none()
        height = max(1, _BLOCK // len(sample))
        for first in range(0, len(sample), height):
            rows = slice(first, first + height)
            far = space.distances(places[rows, np.newaxis], places[np.newaxis]) > self.beyond.value
            # Each pair comes twice, once in the row of each of its neurons, which changes no mean.
            pairs = pairs.more((counts[rows] @ counts.T)[far], (preferred[rows, np.newaxis] - preferred)[far])
        return self._measurement(pairs, f"{len(sample)} neurons whose count varies")

    def _measurement(self, pairs: _Pairs, note: str) -> Measurement:
        edges = np.linspace(0, np.pi / 2, _BINS + 1)
        series = {
            "difference": Series((edges[:-1] + edges[1:]) / 2, "1"),
            "correlation": Series(pairs.mean, "1"),
        }
        return Measurement(pairs.slope, "1", int(pairs.number.sum()) // 2, series, self.parameters(), note)


class _Pairs(NamedTuple):
    """Sums over pairs: in bins of the difference, their number and r; moments for the line through (cos 2Δ, r)."""

    number: IntArray
    total: FloatArray
    moments: FloatArray

    @classmethod
    def none(cls) -> _Pairs:
        return cls(np.zeros(_BINS, np.int64), np.zeros(_BINS), np.zeros(4))

    def more(self, correlation: FloatArray, difference: FloatArray) -> _Pairs:
        likeness = np.cos(2 * difference)
        bins = np.minimum((np.arccos(likeness) * (_BINS / np.pi)).astype(np.int64), _BINS - 1)
        moments = (likeness.sum(), correlation.sum(), (likeness**2).sum(), (likeness * correlation).sum())
        return _Pairs(
            self.number + np.bincount(bins, minlength=_BINS),
            self.total + np.bincount(bins, weights=correlation, minlength=_BINS),
            self.moments + moments,
        )

    @property
    def mean(self) -> FloatArray:
        """Mean r in each bin, NaN without pairs; shape (n_bins,)."""
        mean = np.full(_BINS, np.nan)
        np.divide(self.total, self.number, out=mean, where=self.number > 0)
        return mean

    @property
    def slope(self) -> float:
        """Of the line; NaN where all differences are one, or there is no pair."""
        n = int(self.number.sum())
        x, y, xx, xy = self.moments
        spread = n * xx - x * x
        return float((n * xy - x * y) / spread) if n and spread > 1e-9 * n * xx else float("nan")


def _standardised(activity: Activity, width: Quantity, sample: IntArray) -> tuple[IntArray, FloatArray]:
    """Neurons of a sample whose count varies, and their counts such that products sum up to Pearson's r."""
    binned = activity.binned(width)
    varies = binned.mean_and_variance()[1][sample] > 0
    if not varies.any():
        return sample[varies], np.empty((0, binned.n_bins))
    row_of = np.full(activity.n_neurons, -1)
    row_of[sample] = np.arange(len(sample))
    rows = row_of[binned.neurons]
    counts = np.zeros((len(sample), binned.n_bins))
    counts[rows[rows >= 0], binned.bins[rows >= 0]] = binned.counts[rows >= 0]
    counts = counts[varies] - counts[varies].mean(axis=1, keepdims=True)
    return sample[varies], counts / np.sqrt((counts**2).sum(axis=1, keepdims=True))
