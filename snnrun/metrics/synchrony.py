"""How much the neurons do the same at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.gaussian import smooth
from snnrun.metrics.trains import BinnedCounts, FloatArray
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement
from snnrun.units import Quantity, quantity

_BLOCK_SIZE = 1 << 20
"""Numbers held at once while trains are smoothed: 8 MB."""


class Synchrony(Metric):
    """Synchrony χ of Golomb: fluctuation of the mean over the neurons, relative to the fluctuations of each.

    χ = √(Var_t ⟨x⟩ / ⟨Var_t x⟩), with ⟨⟩ the mean over neurons. Identical neurons have 1, N independent ones 1/√N:
    compare values of equal N only. x is the membrane potential v where it was recorded for at least 2 neurons, else the
    spike trains, smoothed by a Gaussian, of a sample of neurons of fixed size; the note says which. Where nothing
    varies, and for fewer than 2 neurons, it is NaN.
    """

    standard: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Golomb & Rinzel 1994, Clustering in globally coupled inhibitory neurons", "10.1016/0167-2789(94)90214-3"
        ),
        Reference("Golomb 2007, Neuronal synchrony measures, Scholarpedia 2(1):1347", "10.4249/scholarpedia.1347"),
    )

    metric: Literal["synchrony"] = "synchrony"
    signal: Literal["auto", "v", "spikes"] = "auto"
    """What x is: ``v``, ``spikes``, or ``auto``: v where it was recorded for at least 2 neurons, else spikes."""
    smoothing: PositiveTime = quantity("5 ms")
    """Standard deviation of the Gaussian that spike trains are smoothed by."""
    bin: PositiveTime = quantity("1 ms")
    """Bin width of the spike trains."""
    neurons: PositiveCount = 1000
    """How many neurons' spike trains are taken at most; they are drawn from the seed."""

    def bins(self) -> tuple[Quantity, ...]:
        return (self.bin,)

    def measure(self, activity: Activity) -> Measurement:
        potentials = None if self.signal == "spikes" else _potentials(activity)
        if potentials is not None:
            n_neurons = len(potentials)
            value = synchrony([potentials])
            note = f"from the membrane potentials of {n_neurons} neurons"
        elif self.signal == "v":
            return Measurement(float("nan"), "1", 0, {}, self.parameters(), "v was not recorded for 2 neurons or more")
        else:
            sample = activity.sample(self.neurons)
            n_neurons = len(sample)
            binned = activity.trains.of(sample).binned(activity.bin_ticks(self.bin), activity.n_bins(self.bin))
            value = synchrony(smoothed_trains(binned, self.smoothing.value / self.bin.value))
            note = (
                f"from the spike trains of {n_neurons} of {activity.n_neurons} neurons, "
                f"smoothed with σ = {self.smoothing.pretty()}"
            )
        return Measurement(value, "1", 0 if np.isnan(value) else n_neurons, {}, self.parameters(), note)


def synchrony(blocks: Iterable[FloatArray]) -> float:
    """The synchrony χ of signals that come in blocks of neurons, each of shape (n_neurons_in_block, n_times)."""
    total: FloatArray = np.zeros(1)
    variances = 0.0
    n_neurons = 0
    for block in blocks:
        varies = np.ptp(block, axis=1) > 0 if block.size else np.zeros(len(block), dtype=bool)
        # Left to itself, rounding makes a constant vary a little.
        variances += float(block[varies].var(axis=1).sum())
        total = total + block.sum(axis=0)
        n_neurons += len(block)
    if n_neurons < 2 or variances == 0:
        return float("nan")
    return float(np.sqrt((total / n_neurons).var() / (variances / n_neurons)))


def smoothed_trains(binned: BinnedCounts, sigma: float) -> Iterator[FloatArray]:
    """Spike trains smoothed by a Gaussian with a standard deviation in bins, in blocks of neurons of bounded size.

    The end of a train is continued by its beginning, so that its mean and its statistics are the same at all times.
    """
    if not binned.n_bins:
        return
    per_block = max(_BLOCK_SIZE // binned.n_bins, 1)
    for first in range(0, binned.n_neurons, per_block):
        last = min(first + per_block, binned.n_neurons)
        here = slice(*np.searchsorted(binned.neurons, (first, last)))
        block = np.zeros((last - first, binned.n_bins))
        block[binned.neurons[here] - first, binned.bins[here]] = binned.counts[here]
        yield smooth(block, sigma, ends="wrap")


def _potentials(activity: Activity) -> FloatArray | None:
    """The membrane potentials in the window, shape (n_neurons, n_times); None for fewer than 2 neurons or no times."""
    trace = activity.traces.get("v")
    if trace is None or trace.data.shape[1] < 2:
        return None
    inside = activity.in_window(trace)
    return np.asarray(trace.data[inside].T, dtype=float) if inside.any() else None
