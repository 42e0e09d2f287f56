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
    colors, widths = _colors(recording, curves, side), line_widths(list(curves))
    styles = _styles(colors)
    any_law = False
    for name, degrees in curves.items():
        look = {
            "color": colors[name],
            "linewidth": widths[name],
            "linestyle": styles[name],
            "label": _said(name, degrees),
        }
        if degrees.min() == degrees.max():
            # All neurons in one bin would press the others flat.
            panel.axvline(degrees[0], **look)
            continue
        shares = np.histogram(degrees, edges)[0] / len(degrees) * 100
        panel.stairs(shares, edges, **look)
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
    colors = _colors(recording, curves, "target")
    found = {
        name: (degrees, observation.measure(_target(name), MeanRate()).series["rate"].data)
        for name, degrees in curves.items()
        if _target(name) in observation.populations
    }
    found = {name: (degrees[: len(rate)], rate) for name, (degrees, rate) in found.items() if len(rate)}
    if not found:
        say(panel, "No spikes of the targets\nwere recorded")
        return
    for name, (degrees, rate) in found.items():
        is_fixed = degrees.min() == degrees.max()
        dots = slice(None, None, -(-len(rate) // _DOTS))
        label = f"{_arrow(name)}: SD {rate.std():.2g} Hz"
        if not is_fixed:
            slope, offset = np.polyfit(degrees, rate, 1)
            ends = np.array([degrees.min(), degrees.max()])
            panel.plot(ends, offset + slope * ends, color=INK, linewidth=0.9, zorder=3)
            label += f", {slope:.2g} Hz per synapse"
        # Neurons of one degree make a short column, which the others would hide.
        above = 4 if is_fixed else 2
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
    law = np.histogram(degrees, edges, weights=probability)[0] * 100
    return law.astype(np.float64)


def _bins(degrees: IntArray) -> FloatArray:
    """Edges of bins between whole numbers, each as many numbers wide as the others."""
    lowest, highest = int(degrees.min()), int(degrees.max())
    width = -(-(highest - lowest + 1) // _BINS)
    edges: FloatArray = np.arange(lowest - width, highest + 2 * width + 1, width) - 0.5
    return edges


def _colors(recording: Recording, curves: Mapping[str, IntArray], side: Side) -> dict[str, str]:
    """The colour of the population whose degrees they are; where several curves share it, that of the partner."""
    of_population = population_colors(recording.populations)
    ends = {name: name.split("/")[-2:] for name in curves}
    own = {name: pair[-1] if side == "target" else pair[0] for name, pair in ends.items()}
    other = {name: pair[0] if side == "target" else pair[-1] for name, pair in ends.items()}
    chosen = own if len(set(own.values())) == len(own) else other
    return {name: of_population[population] for name, population in chosen.items()}


def _styles(colors: Mapping[str, str]) -> dict[str, str]:
    """Dashes for curves whose colour was used before."""
    names = list(colors)
    used = [colors[name] for name in names]
    return {name: "--" if colors[name] in used[:index] else "-" for index, name in enumerate(names)}


def _said(name: str, degrees: IntArray) -> str:
    if degrees.min() == degrees.max():
        return f"{_arrow(name)}: {degrees[0]}"
    return f"{_arrow(name)}: {degrees.mean():.4g} ± {degrees.std():.3g}"


def _arrow(name: str) -> str:
    _, _, pair = name.partition("/")
    source, _, target = pair.partition("/")
    return shortened(target or name) if source == target else f"{shortened(source, 12)} → {shortened(target, 12)}"


def _target(name: str) -> str:
    return name.rpartition("/")[2]


def _label(side: Side) -> str:
    return "In-degree (synapses)" if side == "target" else "Out-degree (synapses)"
