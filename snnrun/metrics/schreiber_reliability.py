"""How reliably spike times are repeated from trial to trial."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, Trains, mean_of_defined
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import quantity

_SIGMAS = np.arange(1, 31) * 1e-3
"""Widths of the curve: from the precision of single spikes to that of a rate."""
_FAR = 12
"""Spikes this many σ apart have a product of exp(-36), below the precision of numbers."""
_DAMPED = 6.1
"""Frequencies above this over σ add less than exp(-37) to a product."""


class SchreiberReliability(Metric):
    """Reliability after Schreiber: mean cosine between the trials of a neuron, each smoothed by a Gaussian.

    R = ⟨s_i · s_j / (|s_i| |s_j|)⟩ over the pairs of trials i < j, where s is the train smoothed by a Gaussian of
    standard deviation σ; the value is the mean over the neurons that spike. Identical trials have 1; what independent
    ones have grows with σ and with the rate, so compare values of equal σ. The series holds R for σ from 1 to 30 ms:
    it rises where σ passes the jitter. A pair with an empty trial counts as 0. With fewer than 2 trials, and for a
    neuron that never spikes, it is NaN.
    """

    across_trials: ClassVar[bool] = True
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Schreiber, Fellous, Whitmer, Tiesinga & Sejnowski 2003, A new correlation-based measure of spike timing "
            "reliability",
            "10.1016/S0925-2312(02)00838-X",
        ),
    )

    metric: Literal["schreiber_reliability"] = "schreiber_reliability"
    sigma: PositiveTime = quantity("3 ms")
    """Standard deviation σ of the Gaussian."""
    neurons: PositiveCount = 100
    """How many neurons are taken at most; they are drawn from the seed."""

    def measure(self, activity: Activity) -> Measurement:
        sample = activity.sample(self.neurons)
        sigmas = np.array([self.sigma.value, *_SIGMAS]) / activity.spikes.dt
        length = activity.spikes.stop - activity.spikes.start
        trains = activity.over_trials(sample)
        per_neuron = np.array([reliability(each, sigmas, length) for each in trains]).reshape(-1, len(sigmas))
        value, n_neurons = mean_of_defined(per_neuron[:, 0])
        n_pairs = activity.n_trials * (activity.n_trials - 1) // 2
        return Measurement(
            value=value,
            unit="1",
            n_valid=n_neurons * n_pairs,
            series={
                "neuron": Series(sample, "1"),
                "of_neuron": Series(per_neuron[:, 0], "1"),
                "sigma": Series(_SIGMAS, "s"),
                "reliability": Series(np.array([mean_of_defined(each)[0] for each in per_neuron[:, 1:].T]), "1"),
            },
            parameters=self.parameters(),
            note=f"pairs of {activity.n_trials} trials" if n_pairs else "one trial has no other to be compared with",
        )


def reliability(trains: Trains, sigmas: FloatArray, length: int) -> FloatArray:
    """Mean cosine over the pairs of trains for each σ; NaN without a pair or without a spike; shape (n_sigmas,).

    Parameters
    ----------
    trains
        The trials of one neuron.
    sigmas
        In time steps; shape (n_sigmas,).
    length
        Of the window, in time steps.
    """
    n_trials = trains.n_neurons
    if n_trials < 2 or not len(trains.ticks):
        return np.full(len(sigmas), np.nan)
    spectra, omega = _spectra(trains, sigmas, length)
    pairs = np.triu_indices(n_trials, k=1)
    mean = np.empty(len(sigmas))
    for place, sigma in enumerate(sigmas):
        # The product of two smoothed trains is that of their spectra, each damped by exp(-σ²ω²/2).
        n_kept = int(np.searchsorted(omega, _DAMPED / sigma))
        damped = spectra[:, :n_kept] * np.exp(-((sigma * omega[:n_kept]) ** 2) / 2)
        products = damped @ damped.T
        norms = np.sqrt(np.diag(products))
        cosines = np.zeros(products.shape)
        np.divide(products, norms[:, None] * norms, out=cosines, where=norms[:, None] * norms > 0)
        mean[place] = cosines[pairs].mean()
    return mean


def _spectra(trains: Trains, sigmas: FloatArray, length: int) -> tuple[FloatArray, FloatArray]:
    """Spectra of the trains, up to where every Gaussian has damped them away.

    Returns
    -------
    spectra
        Real and imaginary parts in turn, scaled so that their product is that of the trains; shape (n_trains, 2 ·
        n_frequencies).
    omega
        Angular frequency of each part, per time step, ascending; shape (2 · n_frequencies,).
    """
    from scipy.fft import next_fast_len

    # The spectrum is that of a train repeated for ever: silence keeps its end from its beginning.
    n_padded = next_fast_len(length + int(np.ceil(_FAR * sigmas.max())), real=True)
    number = np.arange(n_padded // 2 + 1)
    omega = 2 * np.pi * number / n_padded
    omega = omega[: int(np.searchsorted(omega, _DAMPED / sigmas.min()))]
    # Each frequency stands for its negative as well; 0, and the highest of an even number, are their own.
    scale = np.where(2 * number[: len(omega)] % n_padded == 0, 1, np.sqrt(2))
    spectra = np.empty((trains.n_neurons, 2 * len(omega)))
    for trial in range(trains.n_neurons):
        counts = np.bincount(trains.ticks[trains.neurons == trial], minlength=n_padded)
        spectrum = np.fft.rfft(counts)[: len(omega)] * scale
        spectra[trial, ::2], spectra[trial, 1::2] = spectrum.real, spectrum.imag
    return spectra, np.repeat(omega, 2)
