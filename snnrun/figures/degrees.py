"""Degrees of neurons, beside the law of the rule that drew them, and what in-degrees do to rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from snnrun.connectivity.base import Ends, Side
from snnrun.figures.stored import rule_of
from snnrun.figures.style import INK, RATE, legend, line_widths, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.results.recording import FloatArray, IntArray, Recording, SynapseTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_BINS: Final = 40
_FEW: Final = 6
"""Up to so many projections between two populations, each has a curve of its own."""
_STYLES: Final = ("-", "--", "-.")
_DOTS: Final = 2000
"""Neurons of a population whose rates are shown."""


def draw_degrees(panel: Axes, recording: Recording, side: Side) -> None:
    """Distribution of the degrees of the neurons on one side of the recorded synapses."""
    panel.set(xlabel=_label(side), ylabel="Neurons (%)")
    curves = _degrees_by_curve(recording, side)
    if not curves:
        say(panel, "No synapses")
        return
    edges = _bins(np.concatenate(list(curves.values())))
    colors, widths, labels = _colors(recording, curves), line_widths(list(curves)), _labels(curves)
    styles = _styles(colors)
    any_law = False
    for name, degrees in curves.items():
        label = f"{labels[name]}: {_said(degrees)}"
        if _is_fixed(degrees):
            # All neurons in one bin would press the others flat.
            panel.axvline(degrees[0], color=colors[name], linewidth=widths[name], linestyle=styles[name], label=label)
            continue
        shares = np.histogram(degrees, edges)[0] / len(degrees) * 100
        panel.stairs(shares, edges, color=colors[name], linewidth=widths[name], linestyle=styles[name], label=label)
        law = _law(recording, name, side, edges)
        if law is not None:
            any_law = True
            centers = (edges[:-1] + edges[1:]) / 2
            panel.plot(centers, law, color=INK, linewidth=0.9, linestyle=":", marker=".", markersize=2, zorder=3)
    if any_law:
        panel.plot([], [], color=INK, linewidth=0.9, linestyle=":", marker=".", markersize=2, label="law of the rule")
    panel.set_xlim(edges[0], edges[-1])
    panel.set_ylim(bottom=0)
    legend(panel)


def draw_rates(panel: Axes, observation: Observation) -> None:
    """Rate of each neuron against the number of synapses that it receives, with the line of regression."""
    panel.set(xlabel=_label("target"), ylabel=RATE)
    recording = observation.recording
    curves = _degrees_by_curve(recording, "target")
    colors, labels = _colors(recording, curves), _labels(curves)
    found = {
        name: (degrees, observation.measure(name.split("/")[-1], MeanRate()).series["rate"].data)
        for name, degrees in curves.items()
        if name.split("/")[-1] in observation.populations
    }
    found = {name: (degrees[: len(rate)], rate) for name, (degrees, rate) in found.items() if len(rate)}
    if not found:
        say(panel, "No spikes of the targets\nwere recorded")
        return
    for name, (degrees, rate) in found.items():
        dots = slice(None, None, -(-len(rate) // _DOTS))
        label = f"{labels[name]}: SD {rate.std():.2g} Hz"
        if not _is_fixed(degrees):
            slope, offset = np.polyfit(degrees, rate, 1)
            ends = np.array([degrees.min(), degrees.max()])
            panel.plot(ends, offset + slope * ends, color=INK, linewidth=0.9, zorder=3)
            label += f", {slope:.2g} Hz per synapse"
        # Neurons of one degree make a short column, which the others would hide.
        above = 4 if _is_fixed(degrees) else 2
        panel.plot(degrees[dots], rate[dots], ".", color=colors[name], markersize=2.5, label=label, zorder=above)
    legend(panel)


def degrees_of(table: SynapseTable, recording: Recording, side: Side) -> IntArray:
    """Number of synapses of each neuron on one side of a projection; shape (n_neurons,)."""
    ids, population = (table.target_ids, table.target) if side == "target" else (table.source_ids, table.source)
    return np.bincount(ids, minlength=recording.populations[population].size)


def _degrees_by_curve(recording: Recording, side: Side) -> dict[str, IntArray]:
    """Degrees by projection; of more than a few, by population: all the synapses that its neurons receive, or send."""
    tables = recording.synapses
    if len(tables) <= _FEW:
        return {name: degrees_of(table, recording, side) for name, table in tables.items()}
    total: dict[str, IntArray] = {}
    for table in tables.values():
        name = table.target if side == "target" else table.source
        degrees = degrees_of(table, recording, side)
        total[name] = total[name] + degrees if name in total else degrees
    return total


def _law(recording: Recording, name: str, side: Side, edges: FloatArray) -> FloatArray | None:
    """Percentage of neurons that the rule of a projection puts into each bin of degrees."""
    table = recording.synapses.get(name)
    rule = rule_of(recording, name.partition("/")[0]) if table else None
    if table is None or rule is None:
        return None
    sizes = recording.populations[table.source].size, recording.populations[table.target].size
    degrees = np.arange(round(edges[0] + 0.5), round(edges[-1] + 0.5))
    probability = rule.degree_probability(Ends(*sizes, table.source == table.target), side, degrees)
    if probability is None:
        return None
    return np.asarray(np.histogram(degrees, edges, weights=probability)[0] * 100, dtype=np.float64)


def _bins(degrees: IntArray) -> FloatArray:
    """Edges of bins between whole numbers, each as many numbers wide as the others."""
    lowest, highest = int(degrees.min()), int(degrees.max())
    width = -(-(highest - lowest + 1) // _BINS)
    return np.arange(lowest - width, highest + 2 * width + 1, width, dtype=np.float64) - 0.5


def _colors(recording: Recording, curves: Mapping[str, IntArray]) -> dict[str, str]:
    """The colour of the population that sends; of pooled synapses, of the one whose degrees they are."""
    of_population = population_colors(recording.populations)
    return {name: of_population[name.split("/")[-2:][0]] for name in curves}


def _styles(colors: Mapping[str, str]) -> dict[str, str]:
    """Dashes for curves whose colour was used before."""
    used = list(colors.values())
    return {name: _STYLES[used[:index].count(used[index]) % len(_STYLES)] for index, name in enumerate(colors)}


def _labels(curves: Mapping[str, IntArray]) -> dict[str, str]:
    """The two ends, or where no synapse leaves its population, that population."""
    ends = {name: name.split("/")[-2:] for name in curves}
    if all(pair[0] == pair[-1] for pair in ends.values()):
        return {name: shortened(pair[0]) for name, pair in ends.items()}
    return {name: " → ".join(shortened(end, 12) for end in pair) for name, pair in ends.items()}


def _said(degrees: IntArray) -> str:
    return f"{degrees[0]}" if _is_fixed(degrees) else f"{degrees.mean():.4g} ± {degrees.std():.3g}"


def _is_fixed(degrees: IntArray) -> bool:
    return bool(degrees.min() == degrees.max())


def _label(side: Side) -> str:
    return "In-degree (synapses)" if side == "target" else "Out-degree (synapses)"
