"""Postsynaptic potentials: what one spike does to cells at different potentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.stored import projections_to, synapse_of
from snnrun.figures.style import FAINT, legend, population_colors, say, shortened
from snnrun.quantities import PositiveTime
from snnrun.results.recording import FloatArray, Recording
from snnrun.units import Quantity, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_Limits = tuple[float, float]
_BEFORE: Final = 0.1
"""How much of the interval shown lies before the spike arrives."""
# From dark violet by way of red to yellow, as in matplotlib's `plasma`: red, green and blue at the ends and half-way.
_TONES: Final = ((0.16, 0.80, 0.94), (0.05, 0.28, 0.75), (0.50, 0.47, 0.15))


class PspFigure(Figure):
    """Postsynaptic potentials: how far one spike moves the potential of cells that are at different potentials.

    A row for each population of which `v` was recorded, a column for each projection onto it: the potential of every
    recorded neuron from the moment when the first spike of the source arrives, less its value at that moment, in the
    colour of that value. At the right the largest deflection against the potential: flat where a synapse brings a
    current or a step, a falling line through zero at the reversal potential (dotted) where it opens a conductance.
    """

    references: ClassVar = (
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 3.1", "10.1017/CBO9781107447615"),
    )

    figure: Literal["psp"] = "psp"

    duration: PositiveTime = quantity("100 ms")
    """Length of the interval shown of each response."""

    def size(self, observation: Observation) -> tuple[float, float]:
        rows = self.panels(observation)
        return 0.8 + 2.6 * len(rows[0]), 0.5 + 1.9 * len(rows)

    def panels(self, observation: Observation) -> Mosaic:
        shown = _responses(observation.recording, self.duration.value)
        n_columns = max((len(responses) for responses in shown.values()), default=0)
        rows = [
            [_panel(responses, name, min(column, len(responses) - 1)) for column in range(n_columns)]
            + [f"psp_amplitude_{name}"]
            for name, responses in shown.items()
        ]
        return rows or [["psp"]]

    def missing(self, observation: Observation) -> str | None:
        if _responses(observation.recording, self.duration.value):
            return None
        return (
            "No response of a membrane potential to the spike of a projection was recorded. Add "
            "'record: {spikes: [SOURCE], traces: {TARGET: {variables: v, neurons: 10}}}' for the two ends of a "
            "projection."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        recording = observation.recording
        shown = _responses(recording, self.duration.value)
        if not shown:
            say(axes["psp"], "No postsynaptic potentials\nwere recorded")
            return
        levels = np.concatenate([each.level for responses in shown.values() for each in responses])
        lowest, highest = float(levels.min()), float(levels.max())
        colors = population_colors(recording.populations)
        for name, responses in shown.items():
            for column, response in enumerate(responses):
                _draw_response(axes[_panel(responses, name, column)], response, (lowest, highest))
            first = axes[_panel(responses, name, 0)]
            first.set_ylabel(f"{shortened(name)}\nChange of v (mV)")
            _draw_amplitudes(axes[f"psp_amplitude_{name}"], responses, colors, (lowest, highest))


class _Response(NamedTuple):
    """What the first spike of a projection did to each recorded neuron of its target.

    Parameters
    ----------
    time
        Seconds since the spike arrived; shape (n_times,).
    change
        Volt, from the potential at that moment; shape (n_times, n_neurons).
    level
        That potential, in volt; shape (n_neurons,).
    reversal
        Reversal potential of the synapse in volt; None where it has none, or not one for all.
    """

    projection: str
    source: str
    model: str
    time: FloatArray
    change: FloatArray
    level: FloatArray
    reversal: float | None

    @property
    def amplitude(self) -> FloatArray:
        """Largest deflection of each neuron, with its sign; shape (n_neurons,)."""
        later = self.change[self.time >= 0]
        largest: FloatArray = later[np.abs(later).argmax(axis=0), np.arange(later.shape[1])]
        return largest


def _responses(recording: Recording, duration: float) -> dict[str, list[_Response]]:
    """By population, in the order of its projections."""
    found: dict[str, list[_Response]] = {}
    for name in recording.traces:
        for projection, source in projections_to(recording, name):
            response = _response(recording, projection, source, name, duration)
            if response is not None:
                found.setdefault(name, []).append(response)
    return found


def _response(recording: Recording, projection: str, source: str, target: str, duration: float) -> _Response | None:
    trace = recording.traces[target].get("v")
    spikes, synapse = recording.spikes.get(source), synapse_of(recording, projection)
    if trace is None or trace.unit != "V" or spikes is None or not len(spikes) or synapse is None:
        return None
    if not isinstance(synapse.delay, Quantity):
        return None  # the spike arrives at each neuron at another time
    trace = trace.of_trial(0)
    # A trace holds the values at the beginning of a step; the spike acts at its end.
    arrival = spikes.times[0] + synapse.delay.value
    before = np.flatnonzero(trace.time <= arrival + 0.5 * recording.dt)
    inside = (trace.time >= arrival - _BEFORE * duration) & (trace.time <= arrival + duration)
    if not len(before) or not (trace.time[inside] > arrival).any():
        return None
    level = trace.data[before[-1]]
    reversal = synapse.reversal()
    return _Response(
        projection,
        source,
        str(synapse.model_dump()["model"]),
        trace.time[inside] - arrival,
        trace.data[inside] - level,
        level,
        reversal.value if isinstance(reversal, Quantity) else None,
    )


def _draw_response(panel: Axes, response: _Response, levels: _Limits) -> None:
    panel.set(xlabel="Time since arrival (ms)", ylabel="Change of v (mV)")
    panel.set_title(f"{response.model}, from {shortened(response.source, 12)}")
    panel.axhline(0, color=FAINT, linewidth=0.6)
    shades = _shades(response.level, levels)
    # Thinner lines above wider ones, lest equal responses hide each other.
    widths = np.linspace(2.4, 0.7, len(shades))
    for width, column in zip(widths, np.argsort(response.level), strict=True):
        panel.plot(response.time * 1e3, response.change[:, column] * 1e3, color=shades[column], linewidth=width)
    panel.margins(x=0)


def _draw_amplitudes(panel: Axes, responses: list[_Response], colors: Mapping[str, str], levels: _Limits) -> None:
    panel.set(xlabel="Potential before the spike (mV)", ylabel="Largest change (mV)")
    panel.axhline(0, color=FAINT, linewidth=0.6)
    for response in responses:
        order = np.argsort(response.level)
        level, amplitude = response.level[order] * 1e3, response.amplitude[order] * 1e3
        color = colors[response.source]
        panel.plot(level, amplitude, color=color, linewidth=1.2, label=f"from {shortened(response.source, 12)}")
        # The dots are the key to the colours of the traces.
        panel.scatter(level, amplitude, s=12, c=_shades(response.level[order], levels), zorder=3)
        if response.reversal is not None:
            panel.axvline(response.reversal * 1e3, color=color, linewidth=0.9, linestyle=":")
            above = panel.get_xaxis_transform()
            panel.text(response.reversal * 1e3, 1.01, "e_rev", color=color, transform=above, ha="center", va="bottom")
    legend(panel)


def _shades(level: FloatArray, limits: _Limits) -> FloatArray:
    """Dark for the lowest potential, light for the highest; red, green and blue, shape (n, 3)."""
    lowest, highest = limits
    fraction = (level - lowest) / (highest - lowest) if highest > lowest else np.zeros_like(level)
    shades: FloatArray = np.stack([np.interp(fraction, (0.0, 0.5, 1.0), tones) for tones in _TONES], axis=-1)
    return shades


def _panel(responses: list[_Response], name: str, column: int) -> str:
    return f"psp_{name}_{responses[column].projection}"
