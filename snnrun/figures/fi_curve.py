"""How fast neurons fire in which constant current."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.stored import constant_currents, neuron_of, only_constant_currents, per_neuron
from snnrun.figures.style import INK, RATE, in_display_unit, legend, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.neurons.lif import Lif
from snnrun.quantities import Values
from snnrun.results.recording import FloatArray, IntArray, Recording
from snnrun.synapses.base import CURRENT
from snnrun.units import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_FEW: Final = 40
"""Up to so many neurons, each is a point of its own on the curve."""


class FiCurve(Figure):
    """Rate of each neuron against the constant current that it gets (f–I curve).

    For populations whose neurons get different constant currents: one run is the whole curve. Where nothing else
    arrives at leaky integrate-and-fire neurons, the dotted line is their closed form.
    """

    references: ClassVar = (
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 1.3", "10.1017/CBO9781107447615"),
    )

    figure: Literal["fi_curve"] = "fi_curve"

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 3.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["fi_curve"]]

    def missing(self, observation: Observation) -> str | None:
        recording = observation.recording
        if not observation.populations:
            return super().missing(observation)
        varied = [name for name in observation.populations if _is_varied(observation, name)]
        if not varied:
            return (
                "No population of which spikes were recorded gets constant currents that differ between neurons. Add "
                "for example 'inputs: {current: {to: POPULATION, model: constant_current, "
                'amplitude: "linspace(0 pA, 500 pA)"}}\'.'
            )
        if any(_curve(observation, name) for name in varied):
            return None
        currents = ", ".join(f"{CURRENT}_{name}" for name in constant_currents(recording, varied[0]))
        size = recording.populations[varied[0]].size
        return (
            f"The recording does not say which current each neuron of {varied[0]!r} got. "
            f"Add 'record: {{traces: {{{varied[0]}: {{variables: [{currents}], neurons: {size}}}}}}}'."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["fi_curve"]
        factor, shown_unit = in_display_unit("A")
        panel.set(xlabel=f"Current ({shown_unit})", ylabel=RATE)
        found = {name: _curve(observation, name) for name in observation.populations}
        curves = {name: curve for name, curve in found.items() if curve is not None}
        if not curves:
            say(panel, "Currents that differ between neurons\nare not known")
            return
        colors = population_colors(observation.recording.populations)
        for name, curve in curves.items():
            marker = "o" if len(curve.current) <= _FEW else ""
            current = curve.current * factor
            panel.plot(
                current,
                curve.rate,
                color=colors[name],
                marker=marker,
                markersize=3,
                linewidth=1.8,
                label=shortened(name),
            )
        drawn = [_draw_closed_form(panel, observation.recording, *curve, factor) for curve in curves.items()]
        if any(drawn):
            panel.plot([], [], color=INK, linewidth=1.0, linestyle=":", label="closed form")
        panel.margins(x=0)
        panel.set_ylim(bottom=0)
        legend(panel)


class _Curve(NamedTuple):
    """Current in ampere and rate in hertz of neurons, by ascending current; shape (n_neurons,)."""

    current: FloatArray
    rate: FloatArray


def _curve(observation: Observation, name: str) -> _Curve | None:
    """The f–I curve of a population; None where its neurons get the same current, or nobody knows which."""
    recording = observation.recording
    n_recorded = recording.spikes[name].n_recorded
    if not _is_varied(observation, name) or not n_recorded:
        return None
    total = np.zeros(n_recorded)
    for source, amplitude in _currents(observation, name).items():
        currents = per_neuron(amplitude, recording.populations[name].size)
        if currents is None:
            currents = _recorded(recording, name, source)
        if currents is None:
            return None
        total += currents[:n_recorded]
    known = np.isfinite(total)
    order = np.argsort(total[known], kind="stable")
    rate = observation.measure(name, MeanRate()).series["rate"].data
    return _Curve(total[known][order], rate[known][order]) if known.any() else None


def _currents(observation: Observation, name: str) -> dict[str, Values | None]:
    """Constant currents that flow in the window in which the rates are measured."""
    return constant_currents(observation.recording, name, since=observation.window[0])


def _is_varied(observation: Observation, name: str) -> bool:
    return any(not isinstance(amplitude, Quantity) for amplitude in _currents(observation, name).values())


def _recorded(recording: Recording, name: str, source: str) -> FloatArray | None:
    """The current of an input into each neuron as it was recorded, NaN for those where it was not; None without any."""
    trace = recording.traces.get(name, {}).get(f"{CURRENT}_{source}")
    if trace is None:
        return None
    nodes: IntArray
    nodes, first = np.unique(trace.node_ids, return_index=True)
    currents = np.full(recording.populations[name].size, np.nan)
    currents[nodes] = trace.data[:, first].mean(axis=0)
    return currents


def _draw_closed_form(panel: Axes, recording: Recording, name: str, curve: _Curve, factor: float) -> bool:
    """Whether there is one: for equal integrate-and-fire neurons, and nothing but constant currents."""
    neuron = neuron_of(recording, name)
    if not isinstance(neuron, Lif) or not only_constant_currents(recording, name):
        return False
    values = {key: value.value for key, value in neuron.values().items() if isinstance(value, Quantity)}
    if len(values) < len(neuron.values()):
        return False
    current = np.linspace(curve.current[0], curve.current[-1], 2000)
    panel.plot(current * factor, lif_rate(current, **values), color=INK, linewidth=1.0, linestyle=":", zorder=3)
    return True


def lif_rate(
    current: FloatArray,
    *,
    tau_m: float,
    r_m: float,
    v_rest: float,
    v_thresh: float,
    v_reset: float,
    tau_refrac: float,
) -> FloatArray:
    """Rate in hertz of the leaky integrate-and-fire neuron in constant current, all in SI units.

    The potential relaxes from the reset towards ``v_rest + r_m I`` and crosses the threshold after
    ``tau_m ln((v_rest + r_m I - v_reset) / (v_rest + r_m I - v_thresh))``, or never (Neuronal Dynamics, ch. 1.3).
    """
    towards = v_rest + r_m * current
    fires = towards > v_thresh
    rate = np.zeros(len(current))
    rising = tau_m * np.log((towards[fires] - v_reset) / (towards[fires] - v_thresh))
    rate[fires] = 1 / (tau_refrac + rising)
    return rate
