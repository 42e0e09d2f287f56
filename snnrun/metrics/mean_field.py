"""The rates that theory predicts."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric, Scope
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.theory.lif_network import Start
from snnrun.metrics.theory.reading import NotCoveredError, lif_network
from snnrun.results.analysis import Measurement, Series

_LARGE_TAU_SYN = 0.1
"""Share of tau_m from which on a synaptic time constant is no longer short."""


class MeanField(Metric):
    """Rates that mean-field theory predicts from the experiment alone; the value is their mean over all neurons.

    Every neuron receives Gaussian noise whose mean and variance follow from the rates of its sources, and answers with
    the rate of Siegert's formula: rates that reproduce themselves are the prediction. It holds for leaky
    integrate-and-fire neurons with many weak, independent inputs, for delta synapses, and to first order in
    √(tau_syn / tau_m) for exponential currents; the asynchronous state is presumed. In-degrees count with their mean,
    weights with mean and variance. Of several self-consistent states it is the one that is reached from the start of
    choice by dν/dt = -ν + Φ(ν).

    With the predictions come the measured rates, and mean and σ of the input that each population receives (without a
    threshold the potential would have the standard deviation σ/√2); in the order of the experiment. Where the theory
    does not cover the experiment, or no stationary rates are found, it is NaN and the note says why.
    """

    scope: ClassVar[Scope] = "network"
    across_trials: ClassVar[bool] = True  # the prediction is the same in all
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Brunel 2000, Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons",
            "10.1023/A:1008925309027",
        ),
        Reference(
            "Fourcaud & Brunel 2002, Dynamics of the firing probability of noisy integrate-and-fire neurons",
            "10.1162/089976602320264015",
        ),
        Reference(
            "Schuecker, Diesmann & Helias 2015, Modulated escape from a metastable state driven by colored noise",
            "10.1103/PhysRevE.92.052119",
        ),
    )

    metric: Literal["mean_field"] = "mean_field"
    start: Start = "silence"
    """Where the search for stationary rates starts; where the two starts end apart, there are several states."""
    discrete: bool = False
    """Whether the threshold is raised for being looked at only once in each time step, as it is in the simulation."""

    def measure(self, activity: Activity) -> Measurement:
        if activity.recording is None or not activity.recording.spec_resolved.get("populations"):
            return self._nothing("the experiment is not known")
        spec = activity.recording.spec_resolved
        try:
            network = lif_network(spec, activity.recording.dt if self.discrete else 0.0)
        except NotCoveredError as error:
            return self._nothing(f"not covered by the theory: {error}")
        if not network.populations:
            return self._nothing("there are no neurons whose rate could be predicted")
        rates = network.stationary_rates(self.start)
        arriving = network.input(rates)
        names = list(network.populations)
        sizes = [spec["populations"][name]["size"] for name in names]
        series = {
            "predicted": Series(rates, "Hz"),
            "measured": Series(np.array([_measured(activity, name) for name in names]), "Hz"),
            "mean": Series(arriving.mean, "V"),
            "sd": Series(arriving.sd, "V"),
        }
        n_valid = 0 if np.isnan(rates).any() else len(names)
        notes = [f"populations: {', '.join(names)}"]
        if not n_valid:
            notes.append("no stationary rates were found")
        if network.largest_tau_syn > _LARGE_TAU_SYN:
            notes.append(f"tau_syn is {network.largest_tau_syn:.2g} tau_m: the prediction is rough")
        value = float(np.average(rates, weights=sizes))
        return Measurement(value, "Hz", n_valid, series, self.parameters(), "; ".join(notes))

    def _nothing(self, note: str) -> Measurement:
        return Measurement(float("nan"), "Hz", 0, {}, self.parameters(), note)


def _measured(activity: Activity, name: str) -> float:
    part = activity.parts.get(name)
    return float("nan") if part is None else float(part.measure(MeanRate()).value)
