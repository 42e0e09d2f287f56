"""Spikes in the order of neurons rather than of time: trains, intervals, and counts in bins.

Everything is O(spikes) in time and memory; nothing is ever of shape (neurons, bins), which for a large network and a
long recording is the largest array of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Trains:
    """Spikes sorted by neuron, then by time.

    Parameters
    ----------
    ticks
        Time of each spike since the start of the window, in steps of ``dt``; shape (n_spikes,).
    neurons
        Neuron of each spike, not decreasing; shape (n_spikes,).
    n_neurons
        Number of neurons, silent ones included.
    """

    ticks: IntArray
    neurons: IntArray
    n_neurons: int

    def lagged(self, k: int) -> tuple[IntArray, IntArray]:
        """Time from each spike to the k-th next one of the same neuron, where there is one.

        Returns
        -------
        lags
            Steps of ``dt``; shape (n_pairs,).
        neurons
            Neuron of each pair; shape (n_pairs,).
        """
        same = self.neurons[k:] == self.neurons[:-k]
        return (self.ticks[k:] - self.ticks[:-k])[same], self.neurons[k:][same]

    def of(self, neurons: IntArray) -> Trains:
        """The trains of some neurons, renumbered from 0; ``neurons`` is sorted."""
        first, last = np.searchsorted(self.neurons, neurons), np.searchsorted(self.neurons, neurons, side="right")
        spikes = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)] or [np.arange(0)])
        renumbered = np.repeat(np.arange(len(neurons), dtype=np.int32), last - first)
        return Trains(self.ticks[spikes], renumbered, len(neurons))

    def binned(self, bin_ticks: int, n_bins: int) -> BinnedCounts:
        """Spikes in each bin of each neuron; spikes after the last bin are left out."""
        # Trains are sorted, so spikes of one neuron in one bin are neighbours.
        bins = self.ticks // bin_ticks
        inside = bins < n_bins
        bins, neurons = bins[inside], self.neurons[inside]
        is_first = np.ones(len(bins), dtype=bool)
        is_first[1:] = (bins[1:] != bins[:-1]) | (neurons[1:] != neurons[:-1])
        firsts = np.flatnonzero(is_first)
        counts = np.diff(firsts, append=len(bins)).astype(np.int32)
        return BinnedCounts(counts, neurons[firsts], bins[firsts], self.n_neurons, n_bins)


@dataclass(frozen=True)
class Intervals:
    """Interspike intervals, neuron after neuron, in the order of time.

    Parameters
    ----------
    ticks
        Length of each interval in steps of ``dt``; shape (n_intervals,).
    neurons
        Neuron of each interval, not decreasing; shape (n_intervals,).
    n_neurons
        Number of neurons, silent ones included.
    """

    ticks: IntArray
    neurons: IntArray
    n_neurons: int

    def successive(self) -> tuple[IntArray, IntArray, IntArray]:
        """Pairs of successive intervals of one neuron; pairs of zero length are left out.

        Returns
        -------
        first, second
            Steps of ``dt``; shape (n_pairs,).
        neurons
            Neuron of each pair; shape (n_pairs,).
        """
        first, second = self.ticks[:-1], self.ticks[1:]
        usable = (self.neurons[1:] == self.neurons[:-1]) & (first + second > 0)
        return first[usable], second[usable], self.neurons[1:][usable]


@dataclass(frozen=True)
class BinnedCounts:
    """Numbers of spikes per neuron and bin, of which only those above zero are kept.

    Parameters
    ----------
    counts, neurons, bins
        Number of spikes, neuron and bin; shape (n_occupied,).
    n_neurons, n_bins
        Numbers of neurons and bins, empty ones included.
    """

    counts: IntArray
    neurons: IntArray
    bins: IntArray
    n_neurons: int
    n_bins: int

    def mean_and_variance(self) -> tuple[FloatArray, FloatArray]:
        """Mean and variance (ddof = 0) of the count of each neuron over the bins; NaN without bins.

        Returns
        -------
        mean, variance
            Shapes (n_neurons,).
        """
        n_bins = self.n_bins or float("nan")
        total = np.bincount(self.neurons, weights=self.counts, minlength=self.n_neurons)
        squares = np.bincount(self.neurons, weights=np.square(self.counts, dtype=np.int64), minlength=self.n_neurons)
        # The sums are whole numbers, so that a constant count has exactly no variance.
        spread = n_bins * squares - total**2
        return total / n_bins, np.asarray(spread / n_bins**2, dtype=np.float64)


def mean_per_neuron(values: FloatArray | IntArray, neurons: IntArray, n_neurons: int, at_least: int = 1) -> FloatArray:
    """Mean of the values of each neuron; NaN for neurons with fewer than ``at_least`` of them; shape (n_neurons,)."""
    number = np.bincount(neurons, minlength=n_neurons)
    total = np.bincount(neurons, weights=values, minlength=n_neurons)
    mean = np.full(n_neurons, np.nan)
    np.divide(total, number, out=mean, where=number >= max(at_least, 1))
    return mean


def mean_of_defined(values: FloatArray) -> tuple[float, int]:
    """Mean over the values that are not NaN, and their number; NaN when there is none."""
    defined = values[~np.isnan(values)]
    return (float(defined.mean()), len(defined)) if len(defined) else (float("nan"), 0)
