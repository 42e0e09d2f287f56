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
    for name, table in tables.items():
        edges, share = _share_by_distance(recording, table)
        label = f"{shortened(table.source, 12)} → {shortened(table.target, 12)}"
        panel.stairs(share * 100, edges * factor, color=colors[table.source], label=label)
        rule = rule_of(recording, name.partition("/")[0])
        if isinstance(rule, DistanceDependent):
            distance = np.linspace(0, edges[-1], 300)
            panel.plot(distance * factor, rule.kernel(distance) * 100, color=INK, linewidth=0.9, linestyle=":")
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    legend(panel)


def _share_by_distance(recording: Recording, table: SynapseTable) -> tuple[FloatArray, FloatArray]:
    """Edges of bins of distance in metres, and the synapses per pair in each; shapes (n + 1,) and (n,)."""
    space = _space(recording, table)
    source, target = (recording.populations[name].positions for name in (table.source, table.target))
    assert space is not None and source is not None and target is not None
    n_chosen = max(1, min(len(source), _PAIRS // len(target)))
    chosen = np.unique(np.linspace(0, len(source) - 1, n_chosen).astype(np.int64))
    of_pairs = space.distances(source[chosen, np.newaxis], target[np.newaxis])
    if table.source == table.target:
        of_pairs = of_pairs[chosen[:, np.newaxis] != np.arange(len(target))]
    sent = np.isin(table.source_ids, chosen)
    of_synapses = space.distances(source[table.source_ids[sent]], target[table.target_ids[sent]])
    reach = float(of_synapses.max()) if len(of_synapses) else space.diameter
    edges = np.linspace(0, max(reach, 1e-9), _BINS + 1)
    pairs = np.histogram(of_pairs, edges)[0]
    synapses = np.histogram(of_synapses, edges)[0]
    # Where no two neurons are at such a distance, as between the meshes of a grid, there is nothing to show.
    share = np.divide(synapses, pairs, out=np.full(_BINS, np.nan), where=pairs > 0)
    return edges, share


def _space(recording: Recording, table: SynapseTable) -> Space | None:
    """The space of both populations; None where they have none in common."""
    source, target = recording.populations[table.source], recording.populations[table.target]
    if source.positions is None or target.positions is None:
        return None
    here, there = Space(source.extent, source.periodic), Space(target.extent, target.periodic)
    return here if here.is_same(there) else None
