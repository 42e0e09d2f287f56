"""How volleys of spikes travel along a chain of populations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from snnrun.entry import Names, Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.raster import draw_spikes
from snnrun.figures.style import COLORS, INK, TIME, legend, mean_over, say
from snnrun.metrics.observation import NETWORK
from snnrun.metrics.volleys import Volleys
from snnrun.quantities import NonNegativeTime, PositiveCount
from snnrun.results.analysis import Measurement
from snnrun.results.recording import FloatArray
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_COLORS: Final = tuple(colors[0] for colors in COLORS.values()) + COLORS[""][1:]
_LEAD: Final = quantity("20 ms")
"""What is seen before the first volley."""


class VolleysFigure(Figure):
    """Volleys on their way along a chain of populations: their spikes, how many they are, and how far they spread.

    Above, spikes of some neurons of each population, and a triangle where a volley goes in. Below, what the metric
    `volleys` found: left, the number of spikes of each volley in each population; right, the same against their spread:
    the plane in which a stable volley has a fixed point (a dot marks the first population).
    """

    references: ClassVar = (
        Reference("Diesmann, Gewaltig & Aertsen (1999) Nature 402:529–533, Figs. 1 and 3", "10.1038/990101"),
    )
    example: ClassVar[str] = "{figure: volleys, times: [50 ms, 150 ms]}"

    figure: Literal["volleys"] = "volleys"

    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False, min_length=1)] | None = None
    """When each volley goes in; by default one as the analysis window begins."""

    chain: Names | None = None
    """The populations in their order; by default all that were recorded."""

    neurons: PositiveCount = 500
    """Number of neurons shown, all populations together."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 6.5, 4.0 + 0.2 * len(observation.populations)

    def panels(self, observation: Observation) -> Mosaic:
        return [["volleys_raster"] * 2, ["volleys_raster"] * 2, ["volleys_number", "volleys_plane"]]

    def missing(self, observation: Observation) -> str | None:
        if not observation.populations:
            return super().missing(observation)
        unknown = [name for name in self.chain or () if name not in observation.populations]
        if not unknown:
            return None
        return f"No spikes of {', '.join(unknown)} were recorded. Record them, or leave them out of the chain."

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        raster, number, plane = (axes[f"volleys_{name}"] for name in ("raster", "number", "plane"))
        number.set(xlabel="Population (number)", ylabel="Volley (spikes)")
        plane.set(xlabel="Spread σ (ms)", ylabel="Volley (spikes)")
        raster.set(xlabel=TIME, ylabel="Neurons")
        if not observation.populations:
            for panel in (raster, number, plane):
                say(panel, "No spikes were recorded")
            return
        measured = observation.measure(NETWORK, Volleys(times=self.times, chain=self.chain))
        self._draw_raster(raster, observation, measured)
        self._draw_volleys(number, plane, measured)
        plane.set_title(mean_over(observation.recording.trials))

    def _draw_raster(self, panel: Axes, observation: Observation, measured: Measurement) -> None:
        start, stop = observation.window
        goes_in = measured.series["start"].data
        begins = float(goes_in.min()) - _LEAD.value
        interval = (max(start, begins) if begins < stop else start, stop)
        draw_spikes(panel, observation, interval, self.neurons, color=INK)
        for time, color in zip(goes_in, _cycled(len(goes_in)), strict=True):
            panel.plot(
                time * 1e3, 1.0, "v", color=color, markersize=6, transform=panel.get_xaxis_transform(), clip_on=False
            )
        panel.set_xlim(interval[0] * 1e3, interval[1] * 1e3)

    def _draw_volleys(self, number: Axes, plane: Axes, measured: Measurement) -> None:
        spikes, spread = measured.series["spikes"].data, measured.series["spread"].data * 1e3
        goes_in = measured.series["start"].data * 1e3
        if not np.isfinite(spikes).any():
            for panel in (number, plane):
                say(panel, "No volley was found")
            return
        place = np.arange(1, spikes.shape[1] + 1)
        for which, color in enumerate(_cycled(len(spikes))):
            label = f"{goes_in[which]:.4g} ms"
            number.plot(place, np.nan_to_num(spikes[which]), ".-", color=color, label=label)
            plane.plot(spread[which], spikes[which], ".-", color=color, linewidth=0.8, label=label)
            plane.plot(spread[which, :1], spikes[which, :1], "o", color=color, markersize=6, markerfacecolor="white")
        number.set_xlim(0.5, len(place) + 0.5)
        highest = 1.1 * float(np.nanmax(spikes))
        number.set_ylim(0, highest)
        plane.set_ylim(0, highest)
        plane.set_xlim(0, 1.1 * _largest(spread))
        legend(plane, title="goes in at")


def _cycled(number: int) -> list[str]:
    return [_COLORS[each % len(_COLORS)] for each in range(number)]


def _largest(spread: FloatArray) -> float:
    known = spread[np.isfinite(spread)]
    return float(known.max(initial=0)) or 1.0
