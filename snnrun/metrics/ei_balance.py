"""How well inhibition cancels excitation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from snnrun.entry import Names, Reference
from snnrun.language.values import evaluate
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric, Scope
from snnrun.metrics.crosscorrelation import crosscorrelation, highest
from snnrun.metrics.gaussian import smooth
from snnrun.metrics.synaptic_drive import Drive, synaptic_drives, tables_onto
from snnrun.metrics.theory.reading import NotCoveredError, lif_network
from snnrun.metrics.trains import FloatArray, mean_of_defined
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime
from snnrun.results.analysis import Measurement, Series
from snnrun.results.recording import Recording
from snnrun.synapses.base import CURRENT
from snnrun.units import Quantity, quantity


class EiBalance(Metric):
    """Balance of excitation and inhibition: correlation of I_E with -I_I at lag 0, the mean over neurons.

    Of each neuron: Pearson's r of the smoothed excitation with inhibition, its highest value over lags and that lag
    (positive: inhibition is later); β = |⟨I_E + I_I⟩| / ⟨I_E⟩, the mean that is not cancelled (0 for exact
    cancellation); Var(I_E + I_I) / (Var I_E + Var I_I), 1 where the two fluctuate independently, 0 where they cancel at
    each moment. Loose balance has a small β and r near 0; tight balance has r near 1 and a lag of milliseconds.

    I_E and I_I are the sums of the recorded currents with a positive and with a negative mean, unless named. Without
    recorded currents, they are rebuilt from the spikes and the stored delta synapses of some neurons: each arriving
    spike counts with its weight and is forgotten with the membrane time constant; of input from outside only the mean
    counts. Where neither was recorded, where excitation or inhibition is missing, or where nothing varies, it is NaN.
    """

    scope: ClassVar[Scope] = "population"
    across_trials: ClassVar[bool] = True  # a neuron in another trial counts as one more neuron
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "van Vreeswijk & Sompolinsky 1996, Chaos in neuronal networks with balanced excitatory and inhibitory "
            "activity",
            "10.1126/science.274.5293.1724",
        ),
        Reference(
            "Okun & Lampl 2008, Instantaneous correlation of excitation and inhibition during ongoing and "
            "sensory-evoked activities",
            "10.1038/nn.2105",
        ),
        Reference(
            "Ahmadian & Miller 2021, What is the dynamical regime of cerebral cortex?", "10.1016/j.neuron.2021.07.031"
        ),
    )

    metric: Literal["ei_balance"] = "ei_balance"
    excitatory: Names | None = None
    """Recorded currents that excite; by default those with a positive mean."""
    inhibitory: Names | None = None
    """Recorded currents that inhibit; by default those with a negative mean."""
    smoothing: NonNegativeTime = quantity("3 ms")
    """Standard deviation of the Gaussian that both are smoothed by."""
    longest: PositiveTime = quantity("20 ms")
    """Longest lag to either side."""
    neurons: PositiveCount = 50
    """How many neurons at most are rebuilt from delta synapses; they are drawn from the seed."""

    def measure(self, activity: Activity) -> Measurement:
        try:
            found = self._recorded(activity) or _rebuilt(activity, self.neurons)
        except NothingToBalanceError as reason:
            return Measurement(float("nan"), "1", 0, {}, self.parameters(), str(reason))
        n_lags = int(self.longest.value / found.dt + 1e-6)
        each = [balance(drive, n_lags, self.smoothing.value / found.dt) for drive in found.drives]
        series = _series(each, found.dt) if each else {}
        value, n_valid = mean_of_defined(series["correlation"].data if each else np.empty(0))
        return Measurement(value, "1", n_valid, series, self.parameters(), found.note)

    def _recorded(self, activity: Activity) -> Signals | None:
        """Excitation and inhibition from the recorded currents; None where there are none."""
        currents = _currents(activity)
        means = {name: float(data.mean()) for name, data in currents.items() if data.size}
        asked = (*(self.excitatory or ()), *(self.inhibitory or ()))
        missing = [name for name in asked if name not in means]
        if missing:
            raise NothingToBalanceError(f"the current {missing[0]} was not recorded")
        if not means:
            return None
        excitatory = self.excitatory or [name for name, mean in means.items() if mean > 0 and name not in asked]
        inhibitory = self.inhibitory or [name for name, mean in means.items() if mean < 0 and name not in asked]
        if not excitatory or not inhibitory:
            raise NothingToBalanceError(f"all recorded currents have the same sign: {', '.join(means)}")
        excitation, inhibition = (
            np.sum([currents[name] for name in names], axis=0) for names in (excitatory, inhibitory)
        )
        time = activity.traces[excitatory[0]].time
        dt = float(time[1] - time[0]) if len(time) > 1 else activity.spikes.dt
        note = f"excitation: {', '.join(excitatory)}; inhibition: {', '.join(inhibitory)}"
        return Signals(map(Drive, excitation.T, inhibition.T), dt, note)


class NothingToBalanceError(Exception):
    """Why there is no excitation or inhibition to compare."""


class Signals(NamedTuple):
    """Excitation and inhibition of each neuron, the time between two samples in seconds, and where they come from."""

    drives: Iterator[Drive]
    dt: float
    note: str


class Balance(NamedTuple):
    """How excitation and inhibition of one neuron compare; the correlation is over lags from the most negative on."""

    correlation: FloatArray
    beta: float
    variance_ratio: float


def balance(drive: Drive, n_lags: int, sigma: float) -> Balance:
    """Compare excitation and inhibition after smoothing by a Gaussian of a width in samples."""
    excitation, inhibition = (smooth(each, sigma, ends="edge") if sigma else each for each in drive)
    net = excitation + inhibition
    mean, variance = float(excitation.mean()), float(excitation.var() + inhibition.var())
    return Balance(
        crosscorrelation(excitation, -inhibition, min(n_lags, len(net) - 1)),
        abs(float(net.mean())) / mean if mean > 0 else float("nan"),
        float(net.var()) / variance if variance > 0 else float("nan"),
    )


def _series(each: Sequence[Balance], dt: float) -> dict[str, Series]:
    """All neurons together; the curve is the mean over those that have one."""
    curves = np.array([one.correlation for one in each])
    defined = curves[~np.isnan(curves).any(axis=1)]
    n_lags = curves.shape[1] // 2
    peaks = [highest(curve) for curve in curves]
    return {
        "lag": Series(np.arange(-n_lags, n_lags + 1) * dt, "s"),
        "crosscorrelation": Series(defined.mean(axis=0) if len(defined) else curves[0], "1"),
        "correlation": Series(curves[:, n_lags], "1"),
        "peak": Series(np.array([peak.height for peak in peaks]), "1"),
        "peak_lag": Series(np.array([peak.lag for peak in peaks]) * dt, "s"),
        "beta": Series(np.array([one.beta for one in each]), "1"),
        "variance_ratio": Series(np.array([one.variance_ratio for one in each]), "1"),
    }


def _currents(activity: Activity) -> dict[str, FloatArray]:
    """The recorded currents of single receptors and inputs in the window; shape (n_times, n_columns)."""
    return {
        name: trace.data[activity.in_window(trace)]
        for name, trace in activity.traces.items()
        if name.startswith(f"{CURRENT}_") and name != TOTAL_CURRENT and trace.unit == "A"
    }


def _rebuilt(activity: Activity, n_neurons: int) -> Signals:
    """Excitation and inhibition from spikes and stored delta synapses."""
    recording = activity.recording
    tables = [] if recording is None else tables_onto(recording, activity.name)
    if recording is None or not tables:
        raise NothingToBalanceError("no currents were recorded, and no delta synapses stored")
    for source in {table.source for table in tables}:
        spikes = recording.spikes.get(source)
        if spikes is None or spikes.n_recorded < recording.populations[source].size:
            raise NothingToBalanceError(f"the spikes of '{source}' were not all recorded")
    tau_m = _membrane_time(recording, activity.name)
    neurons = activity.sample(n_neurons)
    outside, note = _outside(recording, activity.name)
    window = activity.spikes.start, activity.spikes.stop
    drives = (
        Drive(drive.excitation + max(outside, 0.0), drive.inhibition + min(outside, 0.0))
        for trial in range(activity.n_trials)
        for drive in synaptic_drives(recording, activity.name, neurons, tau_m, trial, window)
    )
    return Signals(drives, recording.dt, f"from the spikes that arrive at {len(neurons)} neurons, {note}")


def _membrane_time(recording: Recording, name: str) -> float:
    section = recording.spec_resolved.get("populations", {}).get(name, {})
    written = section.get("neuron", {}).get("tau_m")
    value = evaluate(written, {}) if isinstance(written, str) else None
    if not isinstance(value, Quantity):
        raise NothingToBalanceError(f"the neurons of '{name}' have no common time constant 'tau_m'")
    return value.value


def _outside(recording: Recording, name: str) -> tuple[float, str]:
    """Mean of what moves the potential from outside the network, in volt, and a note on it."""
    try:
        network = lif_network(recording.spec_resolved)
    except NotCoveredError as reason:
        return 0.0, f"without what comes from outside ({reason})"
    target = network.populations[name]
    mean = target.drive + sum(
        target.tau_m * pathway.indegree * pathway.weight * network.sources[pathway.source]
        for pathway in network.pathways
        if pathway.target == name and pathway.source in network.sources and pathway.source not in recording.populations
    )
    return mean, "and the mean of what comes from outside"
