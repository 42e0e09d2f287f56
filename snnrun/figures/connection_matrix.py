"""Who sends what to whom: a matrix of neurons, or of populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from snnrun.figures.stored import synapse_of
from snnrun.figures.style import COLORS, FAINT, INK, in_display_unit, legend, say, shortened
from snnrun.results.recording import FloatArray, Recording, SynapseTable
from snnrun.units import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NEURONS: Final = 500
"""Up to so many neurons, each has a row and a column of its own."""
_LINE: Final = 0.05
"""Height of the name of a population, as a share of the panel."""
_MANY: Final = 10
"""Beyond so many populations there is no room for numbers."""


def draw_matrix(panel: Axes, recording: Recording) -> None:
    """Weights from the neurons of the columns to those of the rows; of many neurons, densities and mean weights."""
    panel.set(xlabel="From", ylabel="To")
    tables = recording.synapses
    if not any(len(table.source_ids) for table in tables.values()):
        say(panel, "No synapses")
        return
    used = {name for table in tables.values() for name in (table.source, table.target)}
    names = [name for name in recording.populations if name in used]
    if sum(recording.populations[name].size for name in names) <= _NEURONS:
        _draw_neurons(panel, recording, names)
    else:
        _draw_populations(panel, recording, names)


def sign_of(recording: Recording, projection: str, table: SynapseTable) -> int:
    """-1 where the weights of a projection stand for inhibition though they are positive, as conductances are."""
    if table.weight_unit != "S":
        return 1
    kind = recording.populations[table.source].type
    if kind:
        return -1 if kind == "inhibitory" else 1
    synapse = synapse_of(recording, projection)
    reversal = synapse.reversal() if synapse else None
    below = isinstance(reversal, Quantity) and reversal.value < recording.populations[table.target].v_thresh
    return -1 if below else 1


def _draw_neurons(panel: Axes, recording: Recording, names: list[str]) -> None:
    sizes = [recording.populations[name].size for name in names]
    starts = dict(zip(names, np.cumsum([0, *sizes]), strict=False))
    matrix = np.zeros((sum(sizes), sum(sizes)))
    for name, table in recording.synapses.items():
        weights = _weights(recording, name, table)
        np.add.at(matrix, (starts[table.target] + table.target_ids, starts[table.source] + table.source_ids), weights)
    _color_image(panel, matrix, _strongest(recording, matrix))
    for start in list(starts.values())[1:]:
        panel.axhline(start - 0.5, color=FAINT, linewidth=0.6)
        panel.axvline(start - 0.5, color=FAINT, linewidth=0.6)
    middles = [float(starts[name] + (size - 1) / 2) for name, size in zip(names, sizes, strict=True)]
    _name_ticks(panel, names, _apart(middles, min(_LINE, 1 / len(names)) * sum(sizes), sum(sizes)))


def _draw_populations(panel: Axes, recording: Recording, names: list[str]) -> None:
    number = {name: index for index, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    sums = np.zeros_like(counts)
    for name, table in recording.synapses.items():
        cell = number[table.target], number[table.source]
        weights = _weights(recording, name, table)
        counts[cell] += len(weights)
        sums[cell] += weights.sum()
    sizes = np.array([recording.populations[name].size for name in names], dtype=float)
    density = counts / np.outer(sizes, sizes)
    signed = np.where(sums < 0, -density, density)
    _color_image(panel, signed, {1: "excitation", -1: "inhibition"})
    _name_ticks(panel, names, list(range(len(names))))
    if len(names) > _MANY:
        return
    unit = _common_unit(recording)
    for row, column in np.argwhere(counts):
        share = density[row, column]
        text = f"{share * 100:.2g} %"
        if unit and len(names) <= _MANY // 2:
            factor, shown = in_display_unit(unit)
            mean = sums[row, column] / counts[row, column]
            # Conductances are positive, whatever they do; the colour tells what.
            text += f"\n{(abs(mean) if unit == 'S' else mean) * factor:.2g} {shown}"
        alike = density[(sums < 0) == (sums[row, column] < 0)]
        color = "white" if share > 0.5 * alike.max() else INK
        panel.text(column, row, text, color=color, ha="center", va="center", fontsize=7 if len(names) < 6 else 5)


def _weights(recording: Recording, name: str, table: SynapseTable) -> FloatArray:
    """The weight of each synapse, inhibitory ones negative; shape (n_synapses,)."""
    weights = np.broadcast_to(table.weight, len(table.source_ids))
    signed: FloatArray = weights * sign_of(recording, name.partition("/")[0], table)
    return signed


def _common_unit(recording: Recording) -> str | None:
    units = {table.weight_unit for table in recording.synapses.values()}
    return units.pop() if len(units) == 1 else None


def _strongest(recording: Recording, matrix: FloatArray) -> dict[int, str]:
    """What the full colour of excitation and of inhibition stands for."""
    unit = _common_unit(recording)
    if unit is None:
        # Millivolts and nanosiemens have no common scale; what they have in common is the sign.
        return {1: "excitation", -1: "inhibition"}
    factor, shown = in_display_unit(unit)
    return {
        1: f"excitation, up to {matrix.max() * factor:.3g} {shown}",
        -1: f"inhibition, up to {-matrix.min() * factor:.3g} {shown}",
    }


def _color_image(panel: Axes, values: FloatArray, labels: Mapping[int, str]) -> None:
    """Excitation and inhibition in the colours of populations, each the fuller the stronger among its kind."""
    picture = np.ones((*values.shape, 3))
    for sign, kind in ((1, "excitatory"), (-1, "inhibitory")):
        strength = np.maximum(sign * values, 0)
        if not strength.any():
            continue
        color = COLORS[kind][0]
        rgb = np.array([int(color[first : first + 2], 16) for first in (1, 3, 5)]) / 255
        # The weakest can be told from nothing.
        opacity = np.where(strength > 0, 0.25 + 0.75 * strength / strength.max(), 0.0)[..., np.newaxis]
        picture = picture * (1 - opacity) + rgb * opacity
        panel.plot([], [], "s", color=color, label=labels[sign])
    panel.imshow(picture, aspect="equal", interpolation="none")
    panel.spines[:].set_visible(True)
    legend(panel)


def _apart(places: list[float], gap: float, end: float) -> list[float]:
    """Places in ascending order, moved until none is closer than a gap to the next, nor the last to the end."""
    apart: list[float] = []
    for place in places:
        apart.append(max(place, apart[-1] + gap) if apart else place)
    limit = end - gap / 2
    for number in reversed(range(len(apart))):
        apart[number] = min(apart[number], limit)
        limit = apart[number] - gap
    return apart


def _name_ticks(panel: Axes, names: list[str], places: list[float]) -> None:
    labels = [shortened(name, 10) for name in names]
    panel.set_xticks(places, labels, rotation=90 if len(names) > 4 else 0)
    panel.set_yticks(places, labels)
    panel.tick_params(length=0)
