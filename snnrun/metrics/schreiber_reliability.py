"""How reliably spike times are repeated from trial to trial."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric
from snnrun.metrics.trains import FloatArray, Trains, mean_of_defined
from snnrun.quantities import PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.units import quantity

_SIGMAS = np.arange(1, 31) * 1e-3
"""Widths of the curve: from the precision of single spikes to that of a rate."""


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
    spectra, omega, weight = _spectra(trains, sigmas, length)
    pairs = np.triu_indices(n_trials, k=1)
    mean = np.empty(len(sigmas))
    for place, sigma in enumerate(sigmas):
        # The product of two smoothed trains is that of their spectra, each damped by exp(-σ²ω²/2).
        damped = spectra * np.sqrt(weight * np.exp(-((sigma * omega) ** 2)))
        products = (damped @ damped.conj().T).real
        norms = np.sqrt(np.diag(products))
        cosines = np.zeros(products.shape)
        np.divide(products, norms[:, None] * norms, out=cosines, where=norms[:, None] * norms > 0)
        mean[place] = cosines[pairs].mean()
    return mean


def _spectra(trains: Trains, sigmas: FloatArray, length: int) -> tuple[NDArray[np.complex128], FloatArray, FloatArray]:
    """Spectra of the trains up to where every Gaussian has damped them away.

    Returns
    -------
    spectra
        Shape (n_trains, n_frequencies).
    omega
        Angular frequencies per time step; shape (n_frequencies,).
    weight
        How often each frequency counts, positive and negative ones together; shape (n_frequencies,).
    """
    from scipy.fft import next_fast_len

    # The spectrum is that of a train repeated for ever: 12 σ of silence keep its end from its beginning. Beyond 6/σ a
    # product is damped below the precision of numbers.
    n_padded = next_fast_len(length + int(np.ceil(12 * sigmas.max())), real=True)
    omega = 2 * np.pi * np.arange(n_padded // 2 + 1) / n_padded
    n_kept = int(np.searchsorted(omega, 6.1 / sigmas.min()))
    spectra = np.empty((trains.n_neurons, min(n_kept, len(omega))), dtype=np.complex128)
    for trial in range(trains.n_neurons):
        counts = np.bincount(trains.ticks[trains.neurons == trial], minlength=n_padded)
        spectra[trial] = np.fft.rfft(counts)[:n_kept]
    weight = np.full(len(omega), 2.0)
    weight[0] = 1
    weight[-1] = 1 if n_padded % 2 == 0 else 2  # the highest frequency of an even number is its own negative
    return spectra, omega[:n_kept], weight[:n_kept]
