"""Probability of a synapse as a function of the distance between two neurons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from snnrun.connectivity.distance_dependent import DistanceDependent
from snnrun.figures.stored import rule_of
from snnrun.figures.style import INK, in_display_unit, legend, population_colors, say, shortened
from snnrun.results.recording import FloatArray, Recording, SynapseTable
from snnrun.space import Space

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS: Final = 30
_PAIRS: Final = 2_000_000
"""Pairs whose distance is looked at: those of as many source neurons as that makes, evenly drawn."""


def has_kernel(recording: Recording, table: SynapseTable) -> bool:
    """Whether there are distances between the neurons of a projection."""
    return len(table.source_ids) > 0 and _space(recording, table) is not None


def draw_kernel(panel: Axes, recording: Recording) -> None:
    """Share of the pairs at each distance that have a synapse; dotted, the kernel of the rule."""
    factor, shown_unit = in_display_unit("m")
    panel.set(xlabel=f"Distance ({shown_unit})", ylabel="Probability of a synapse (%)")
    tables = {name: table for name, table in recording.synapses.items() if has_kernel(recording, table)}
    if not tables:
        say(panel, "No synapses between\nneurons that are somewhere")
        return
    colors = population_colors(recording.populations)
    drawn: list[str] = []
    for name, table in tables.items():
        distance, share = _share_by_distance(recording, table)
        color = colors[table.source]
        label = f"{shortened(table.source, 12)} → {shortened(table.target, 12)}"
        style = ".--" if color in drawn else ".-"
        drawn.append(color)
        panel.plot(distance * factor, share * 100, style, color=color, markersize=3, label=label)
        rule = rule_of(recording, name.partition("/")[0])
        if isinstance(rule, DistanceDependent):
            fine = np.linspace(0, distance.max(), 500)
            panel.plot(fine * factor, rule.kernel(fine) * 100, color=INK, linewidth=0.9, linestyle=":", zorder=3)
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    legend(panel)


def _share_by_distance(recording: Recording, table: SynapseTable) -> tuple[FloatArray, FloatArray]:
    """Mean distance, in metres, of the pairs in each bin of distance, and the synapses per pair there; shape (n_bins,).

    Bins without pairs are left out: on a grid, neurons have only certain distances.
    """
    space = _space(recording, table)
    source, target = (recording.populations[name].positions for name in (table.source, table.target))
    assert space is not None and source is not None and target is not None
    n_chosen = max(1, min(len(source), _PAIRS // len(target)))
    chosen = np.unique(np.linspace(0, len(source) - 1, n_chosen).astype(np.int64))
    of_pairs = space.distances(source[chosen, np.newaxis], target[np.newaxis]).ravel()
    if table.source == table.target:
        of_pairs = of_pairs[(chosen[:, np.newaxis] != np.arange(len(target))).ravel()]
    sent = np.isin(table.source_ids, chosen)
    of_synapses = space.distances(source[table.source_ids[sent]], target[table.target_ids[sent]])
    # A little beyond the longest synapse, where the probability has come to nothing.
    reach = 1.2 * float(of_synapses.max()) if len(of_synapses) else space.diameter
    edges = np.linspace(0, reach, _BINS + 1)
    pairs, total = (np.histogram(of_pairs, edges, weights=weights)[0] for weights in (None, of_pairs))
    synapses = np.histogram(of_synapses, edges)[0]
    some = pairs > 0
    return total[some] / pairs[some], synapses[some] / pairs[some]


def _space(recording: Recording, table: SynapseTable) -> Space | None:
    """The space of both populations; None where they have none in common."""
    source, target = recording.populations[table.source], recording.populations[table.target]
    if source.positions is None or target.positions is None:
        return None
    here, there = Space(source.extent, source.periodic), Space(target.extent, target.periodic)
    return here if here.is_same(there) else None
