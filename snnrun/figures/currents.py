"""Excitation and inhibition as they arrive at a neuron."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic, shown_interval
from snnrun.figures.style import COLORS, FAINT, INK, LAG, TIME, in_words, legend, neuron_in_words, say
from snnrun.metrics.ei_balance import EiBalance
from snnrun.metrics.gaussian import smooth
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import NonNegativeTime, PositiveTime
from snnrun.results.recording import FloatArray
from snnrun.synapses.base import CURRENT
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_EXCITATION: Final = COLORS["excitatory"][0]
_INHIBITION: Final = COLORS["inhibitory"][0]


class CurrentsFigure(Figure):
    """Excitatory and inhibitory current into a neuron, what is left of them, and how closely one follows the other.

    Left, one neuron of each population: recorded currents with a positive mean add up to its excitation, those with a
    negative mean to its inhibition, below zero; in black their sum; of several trials, in the first. Right, the
    cross-correlation of excitation with inhibition (its sign reversed), the mean over the recorded neurons: a peak at a
    positive lag is inhibition that follows excitation.
    """

    references: ClassVar = (Reference("Okun & Lampl (2008) Nat. Neurosci. 11:535–537", "10.1038/nn.2105"),)

    figure: Literal["currents"] = "currents"

    duration: PositiveTime = quantity("200 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    smoothing: NonNegativeTime = quantity("0 ms")
    """Standard deviation of the Gaussian that the currents on the left are smoothed by, to see what is common to both
    where single spikes stand out."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 7.5, 2.6 * max(1, len(_drives(observation)))

    def panels(self, observation: Observation) -> Mosaic:
        rows = [[f"currents_{name}"] * 2 + [f"balance_{name}"] for name in _drives(observation)]
        return rows or [["currents"]]

    def missing(self, observation: Observation) -> str | None:
        if _drives(observation):
            return None
        if not observation.populations:
            return super().missing(observation)
        return (
            f"Excitation and inhibition of a neuron are needed, in a population whose spikes are recorded. Add the "
            f"currents of receptors or projections, as 'record: {{traces: {{{observation.populations[0]}: "
            f"{{variables: [{CURRENT}_excitation, {CURRENT}_inhibition]}}}}}}'."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        drives = _drives(observation)
        if not drives:
            say(axes["currents"], "No excitation and inhibition\nwere recorded")
            return
        interval = shown_interval(observation, self.start, self.duration)
        for name, drive in drives.items():
            smoothed = _smoothed(drive, self.smoothing.value)
            _draw_currents(axes[f"currents_{name}"], name, observation.recording.trials, smoothed, interval)
            _draw_correlation(axes[f"balance_{name}"], observation, name)


class _Drive(NamedTuple):
    """Excitation and inhibition of a neuron in ampere, at times in seconds; shape (n_times,)."""

    node: int
    time: FloatArray
    excitation: FloatArray
    inhibition: FloatArray


def _drives(observation: Observation) -> dict[str, _Drive]:
    """By population: its first recorded neuron, in the first trial."""
    found = {name: _drive(observation, name) for name in observation.populations}
    return {name: drive for name, drive in found.items() if drive is not None}


def _drive(observation: Observation, name: str) -> _Drive | None:
    activity = observation.activity(name)
    traces = {
        variable: trace
        for variable, trace in activity.traces.items()
        if variable.startswith(f"{CURRENT}_") and variable != TOTAL_CURRENT and trace.unit == "A"
    }
    # What excites is told from all neurons and the analysis window, as in the metric `ei_balance`.
    means = {variable: float(trace.data[activity.in_window(trace)].mean()) for variable, trace in traces.items()}
    excitatory = [traces[variable] for variable, mean in means.items() if mean > 0]
    inhibitory = [traces[variable] for variable, mean in means.items() if mean < 0]
    if not excitatory or not inhibitory:
        return None
    first = excitatory[0]
    excitation, inhibition = (
        np.sum([trace.data[:, 0] for trace in traces], axis=0) for traces in (excitatory, inhibitory)
    )
    return _Drive(int(first.node_ids[0]), first.time, excitation, inhibition)


def _smoothed(drive: _Drive, sigma: float) -> _Drive:
    if not sigma or len(drive.time) < 2:
        return drive
    samples = sigma / float(drive.time[1] - drive.time[0])
    return drive._replace(excitation=smooth(drive.excitation, samples), inhibition=smooth(drive.inhibition, samples))


def _draw_currents(panel: Axes, name: str, n_trials: int, drive: _Drive, interval: tuple[float, float]) -> None:
    panel.set_title(neuron_in_words(name, drive.node, n_trials))
    panel.set(xlabel=TIME, ylabel="Current (nA)")
    inside = (drive.time >= interval[0]) & (drive.time < interval[1])
    if not inside.any():
        say(panel, f"Nothing recorded\nin {in_words(interval)}")
        return
    time = drive.time[inside] * 1e3
    excitation, inhibition = drive.excitation[inside] * 1e9, drive.inhibition[inside] * 1e9
    panel.axhline(0, color=FAINT, linewidth=0.6)
    panel.plot(time, excitation, color=_EXCITATION, linewidth=0.8, label="excitation")
    panel.plot(time, inhibition, color=_INHIBITION, linewidth=0.8, label="inhibition")
    panel.plot(time, excitation + inhibition, color=INK, linewidth=0.8, label="sum")
    panel.set_xlim(interval[0] * 1e3, interval[1] * 1e3)
    legend(panel)


def _draw_correlation(panel: Axes, observation: Observation, name: str) -> None:
    panel.set(xlabel=LAG, ylabel="Correlation of E with −I (r)")
    series = observation.measure(name, EiBalance()).series
    if not series or not np.isfinite(series["crosscorrelation"].data).any():
        say(panel, f"Nothing varies\nin {in_words(observation.window)}")
        return
    lag, r = series["lag"].data * 1e3, series["crosscorrelation"].data
    panel.axvline(0, color=FAINT, linewidth=0.6)
    panel.axhline(0, color=FAINT, linewidth=0.6)
    panel.plot(lag, r, color=INK)
    peak = int(np.nanargmax(r))
    panel.plot(lag[peak], r[peak], "o", color=INK, markersize=3)
    panel.set_title(f"peak {r[peak]:.2g} at {lag[peak]:.3g} ms")
    panel.set_xlim(lag[0], lag[-1])
    # Always up to 1: loose and tight balance are told apart by the height.
    panel.set_ylim(min(-0.2, 1.05 * float(np.nanmin(r))), 1.05)
