"""Populations of integrate-and-fire neurons that drive each other: the rates at which all fit together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from snnrun.metrics.theory.siegert import COLOUR_SHIFT, GRID_SHIFT, siegert_rate
from snnrun.metrics.trains import FloatArray

_SETTLED = 1e-6
"""Change of a rate, relative to the largest, below which it is stationary."""
_LONGEST = 1000.0
"""Length of the relaxation, in units of its time constant."""

Start = Literal["silence", "saturation"]


@dataclass(frozen=True)
class LifPopulation:
    """Leaky integrate-and-fire neurons that are all alike; volts and seconds.

    Parameters
    ----------
    drive
        What constant currents add to the potential.
    noise
        Standard deviation σ of white noise currents, as in `siegert_rate`.
    """

    tau_m: float
    v_rest: float
    v_thresh: float
    v_reset: float
    tau_refrac: float = 0.0
    drive: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Pathway:
    """Spikes of one source at each neuron of a population.

    Parameters
    ----------
    target, source
        Names of populations, or of a source with a given rate.
    indegree
        Mean number of synapses of a target neuron.
    weight, weight_square
        Mean, and mean square, of the step of the potential at a spike, in volt and volt². For a synapse whose current
        decays with ``tau_syn``: of its charge, ``r_m * weight * tau_syn / tau_m``.
    tau_syn
        Decay time of the synaptic current in seconds; 0 for a delta synapse.
    """

    target: str
    source: str
    indegree: float
    weight: float
    weight_square: float
    tau_syn: float = 0.0


class InputStatistics(NamedTuple):
    """What arrives at each population: mean, σ and the rise of the threshold and of the reset; volt."""

    mean: FloatArray
    sd: FloatArray
    threshold_rise: FloatArray
    reset_rise: FloatArray


@dataclass(frozen=True)
class LifNetwork:
    """A network in the diffusion approximation: all spikes are independent, many and small.

    Parameters
    ----------
    populations
        By name.
    pathways
        Who drives whom.
    sources
        Rate in hertz of what is not driven itself: Poisson input.
    time_step
        If above 0, the threshold is looked at only so often (seconds); matters where the potential jumps.
    """

    populations: Mapping[str, LifPopulation]
    pathways: tuple[Pathway, ...] = ()
    sources: Mapping[str, float] = field(default_factory=dict)
    time_step: float = 0.0

    @property
    def largest_tau_syn(self) -> float:
        """The longest synaptic time constant, in units of the membrane time constant of its target."""
        ratios = (pathway.tau_syn / self.populations[pathway.target].tau_m for pathway in self.pathways)
        return max(ratios, default=0.0)

    def stationary_rates(self, start: Start = "silence") -> FloatArray:
        """The rates ν = Φ(ν) that the relaxation dν/dt = -ν + Φ(ν) reaches from its start, in hertz.

        A network can have other fixed points besides; where those from silence and from saturation differ, there are
        at least these two. The relaxation is no model of the network in time: a fixed point that it reaches need not be
        stable in the network, and an asynchronous state is presumed, not shown.

        Returns
        -------
        shape (n_populations,)
            In the order of the populations; NaN where nothing stationary is reached.
        """
        from scipy.integrate import solve_ivp
        from scipy.optimize import root

        def change(_: float, rates: FloatArray) -> FloatArray:
            return self.response(rates) - rates

        first = np.zeros(len(self.populations))
        if start == "saturation":
            # Without a refractory time no rate is the highest; one spike a millisecond is high enough.
            first = 1 / np.array([each.tau_refrac + 1e-3 for each in self.populations.values()])
        relaxed = solve_ivp(change, (0.0, _LONGEST), first, method="BDF", rtol=1e-6, atol=1e-9).y[:, -1]
        rates = np.asarray(root(lambda rates: change(0.0, rates), relaxed, tol=1e-12).x)
        near = _SETTLED * max(float(relaxed.max()), 1e-9)
        settled = np.abs(change(0.0, rates)).max() <= near and np.abs(rates - relaxed).max() <= 1e3 * near
        return np.maximum(rates, 0) if settled else np.full(len(first), np.nan)

    def response(self, rates: FloatArray) -> FloatArray:
        """The rates Φ of neurons whose sources fire at given rates; hertz, shape (n_populations,)."""
        arriving = self.input(rates)
        return siegert_rate(
            arriving.mean,
            arriving.sd,
            tau_m=self._each("tau_m"),
            v_thresh=self._each("v_thresh") + arriving.threshold_rise,
            v_reset=self._each("v_reset") + arriving.reset_rise,
            tau_refrac=self._each("tau_refrac"),
        )

    def input(self, rates: FloatArray) -> InputStatistics:
        """Mean and σ of the input, shape (n_populations,), when the populations fire at given rates.

        ``mean = v_rest + drive + tau_m Σ K J ν`` and ``σ² = noise² + tau_m Σ K ⟨J²⟩ ν`` over the pathways. Threshold
        and reset rise by `COLOUR_SHIFT` σ √(tau_syn / tau_m), the root averaged over the pathways by their share of σ²:
        exact to first order where all have one time constant, an interpolation where they differ.
        """
        all_rates = np.concatenate([np.maximum(rates, 0), list(self.sources.values())])
        tau_m, noise = self._each("tau_m"), self._each("noise")
        gains = self._gains
        mean = self._each("v_rest") + self._each("drive") + gains.mean @ all_rates
        sd = np.sqrt(noise**2 + gains.variance @ all_rates)
        coloured = np.divide(gains.coloured @ all_rates, sd, out=np.zeros_like(sd), where=sd > 0)
        jumping = np.sqrt(noise**2 + gains.white @ all_rates)
        reset_rise = COLOUR_SHIFT * coloured
        return InputStatistics(
            mean, sd, reset_rise + GRID_SHIFT * jumping * np.sqrt(self.time_step / tau_m), reset_rise
        )

    def _each(self, name: str) -> FloatArray:
        return np.array([getattr(each, name) for each in self.populations.values()])

    @cached_property
    def _gains(self) -> _Gains:
        names = [*self.populations, *self.sources]
        gains = _Gains(*(np.zeros((len(self.populations), len(names))) for _ in _Gains._fields))
        for pathway in self.pathways:
            at = names.index(pathway.target), names.index(pathway.source)
            tau_m = self.populations[pathway.target].tau_m
            variance = tau_m * pathway.indegree * pathway.weight_square
            gains.mean[at] += tau_m * pathway.indegree * pathway.weight
            gains.variance[at] += variance
            gains.coloured[at] += variance * math.sqrt(pathway.tau_syn / tau_m)
            gains.white[at] += variance if pathway.tau_syn == 0 else 0.0
        return gains


class _Gains(NamedTuple):
    """What one hertz of each source adds to each target; shape (n_populations, n_populations + n_sources).

    To the mean; to σ²; to σ² times √(tau_syn / tau_m); to that part of σ² at which the potential jumps.
    """

    mean: FloatArray
    variance: FloatArray
    coloured: FloatArray
    white: FloatArray
