"""The map of preferred orientations, and what follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

import numpy as np

from snnrun.connectivity.orientation_map import preferred_orientations
from snnrun.connectivity.patchy import Patchy
from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.sheet_picture import draw_picture, length_unit
from snnrun.figures.stored import rule_of
from snnrun.figures.style import FAINT, INK, population_colors, say, shortened
from snnrun.metrics.orientation_correlation import OrientationCorrelation
from snnrun.quantities import Count, PositiveLength
from snnrun.results.recording import FloatArray, Population, Recording, SynapseTable
from snnrun.space import Space
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_PIXELS: Final = 200
"""Of the map along the longer side of the sheet."""
_PAIRS: Final = 2_000_000
"""Pairs that are looked at: those of as many source neurons as that makes, evenly drawn."""
_BINS: Final = 9
_FAINTEST: Final = 0.01
"""Correlations up to here are drawn as near 0 as they are."""
_DEGREES: Final = "Difference of preferred orientations (deg)"
_DIFFERENCES: Final = (0, 30, 60, 90)
_CYCLE: Final = (0, 45, 90, 135, 180)


class OrientationMapFigure(Figure):
    """What the rule `patchy` does: targets of a neuron on the map of orientations, and who varies with whom.

    Left, the map that the rule draws with, in colours that go round, and on it the recorded targets of one neuron
    (star). Middle, the share of all these synapses against the difference of the preferred orientations of their two
    neurons; dotted, what it would be if the rule were blind to orientation. Right, the spike count
    correlation of distant neurons against the same difference, as of the metric `orientation_correlation`.
    """

    references: ClassVar = (
        Reference("Bosking et al. 1997, J Neurosci 17: 2112", "10.1523/JNEUROSCI.17-06-02112.1997"),
        Reference("Kenet et al. 2003, Nature 425: 954", "10.1038/nature02078"),
    )

    figure: Literal["orientation_map"] = "orientation_map"

    neuron: Count | None = None
    """The neuron whose targets are shown; by default one in the middle of the sheet."""

    beyond: PositiveLength = quantity("500 um")
    """Correlations are those of pairs of neurons farther apart."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 9.0, 2.9

    def panels(self, observation: Observation) -> Mosaic:
        return [["orientation_map", "target_orientations", "orientation_correlation"]]

    def missing(self, observation: Observation) -> str | None:
        if _patchy(observation.recording) is not None:
            return None
        return (
            "No synapses of the rule 'patchy' within a population were recorded. "
            "Add 'record: {synapses: [PROJECTION]}' with a projection that has them."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        seen = _patchy(observation.recording)
        if seen is None:
            for panel in axes.values():
                say(panel, "No patchy synapses")
            return
        self._draw_map(axes["orientation_map"], seen)
        _draw_targets(axes["target_orientations"], seen)
        self._draw_correlation(axes["orientation_correlation"], observation, seen)

    def _draw_map(self, panel: Axes, seen: _Seen) -> None:
        factor, unit = length_unit(seen.population)
        across = np.array(seen.population.extent)
        counts = np.maximum(1, np.round(across / across.max() * _PIXELS)).astype(np.int64)
        x, y = (np.arange(n) + 0.5 for n in counts)
        pixels = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) * across / counts
        picture = np.degrees(seen.preferred_at(pixels)).reshape(counts[1], counts[0]) % 180
        image = draw_picture(panel, seen.population, picture, cmap="hsv", vmin=0, vmax=180, alpha=0.55)
        neuron = self._neuron(seen)
        targets = seen.places[seen.table.target_ids[seen.table.source_ids == neuron]] * factor
        panel.plot(*targets.T, ".", color=INK, markersize=3, markeredgewidth=0)
        place = seen.places[neuron] * factor
        panel.plot(*place, "*", color="white", markeredgecolor=INK, markeredgewidth=0.8, markersize=11)
        panel.set(xlabel=f"x ({unit})", ylabel=f"y ({unit})")
        panel.set_title(f"{len(targets)} targets of {shortened(seen.table.source)} neuron {neuron}")
        bar = panel.figure.colorbar(image, ax=panel, shrink=0.8, ticks=_CYCLE)
        bar.set_label("Preferred orientation (deg)")
        bar.outline.set_linewidth(0.6)

    def _draw_correlation(self, panel: Axes, observation: Observation, seen: _Seen) -> None:
        panel.set(xlabel=_DEGREES, ylabel="Spike count correlation (r)", xlim=(0, 90), xticks=_DIFFERENCES)
        name = seen.table.source
        if name not in observation.populations:
            say(panel, f"No spikes of {shortened(name)} were recorded")
            return
        metric = OrientationCorrelation(beyond=self.beyond, spacing=seen.rule.spacing, map_seed=seen.rule.map_seed)
        measured = observation.measure(name, metric)
        series = measured.series
        if not np.isfinite(series["correlation"].data).any():
            say(panel, "No two distant neurons vary")
            return
        panel.axhline(0, color=FAINT, linewidth=0.8, linestyle=":")
        color = population_colors(observation.recording.populations)[name]
        panel.plot(np.degrees(series["difference"].data), series["correlation"].data, "o-", color=color, markersize=4)
        reach = max(1.1 * float(np.nanmax(np.abs(series["correlation"].data))), _FAINTEST)
        panel.set_ylim(-reach, reach)
        panel.set_title(f"{shortened(name)}, pairs beyond {self.beyond.pretty()}")

    def _neuron(self, seen: _Seen) -> int:
        if self.neuron is not None and self.neuron < len(seen.places):
            return self.neuron
        space, middle = seen.space, np.array(seen.population.extent) / 2
        return int(np.argmin(space.distances(seen.places, middle)))


class _Seen(NamedTuple):
    """Patchy synapses within a population, and where its neurons are."""

    rule: Patchy
    table: SynapseTable
    population: Population
    places: FloatArray

    @property
    def space(self) -> Space:
        return Space(self.population.extent, self.population.periodic)

    def preferred_at(self, places: FloatArray) -> FloatArray:
        """Preferred orientation in radian."""
        return preferred_orientations(places, self.space, self.rule.spacing.value, self.rule.map_seed)


def _patchy(recording: Recording) -> _Seen | None:
    """The first projection of the rule `patchy` from a population to itself whose synapses were recorded."""
    for name, table in recording.synapses.items():
        rule, population = rule_of(recording, name.partition("/")[0]), recording.populations[table.source]
        if isinstance(rule, Patchy) and table.source == table.target and population.positions is not None:
            return _Seen(rule, table, population, population.positions)
    return None


def _draw_targets(panel: Axes, seen: _Seen) -> None:
    panel.set(xlabel=_DEGREES, ylabel="Synapses (%)", xlim=(0, 90), xticks=_DIFFERENCES)
    table = seen.table
    if not len(table.source_ids):
        say(panel, "No synapses")
        return
    preferred = seen.preferred_at(seen.places)
    edges = np.linspace(0, 90, _BINS + 1)
    found = np.histogram(_degrees(preferred[table.source_ids], preferred[table.target_ids]), edges)[0]
    panel.stairs(found / found.sum() * 100, edges, fill=True, color=FAINT, alpha=0.5)
    panel.stairs(_blind_shares(seen, preferred, edges), edges, color=INK, linestyle=":", baseline=None)
    panel.set_title(f"{shortened(table.source)} → {shortened(table.target)} (dotted: blind)")
    panel.set_ylim(bottom=0)


def _blind_shares(seen: _Seen, preferred: FloatArray, edges: FloatArray) -> FloatArray:
    """What the shares would be by the kernel of the rule alone; on a small map, not all orientations are alike."""
    n = len(preferred)
    sources = np.unique(np.linspace(0, n - 1, max(1, min(n, _PAIRS // n))).astype(np.int64))
    shares = np.zeros(len(edges) - 1)
    for source in sources:
        probability = seen.rule.kernel(seen.space.distances(seen.places[source], seen.places))
        probability[source] = 0
        shares += np.histogram(_degrees(preferred[source], preferred), edges, weights=probability)[0]
    shares *= 100 / shares.sum()
    return shares


def _degrees(one: FloatArray, other: FloatArray) -> FloatArray:
    """How much orientations in radian differ: from 0 to 90 degrees."""
    degrees: FloatArray = np.degrees(np.arccos(np.cos(2 * (one - other))) / 2)
    return degrees
