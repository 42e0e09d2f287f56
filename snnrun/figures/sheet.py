"""Activity on a sheet of neurons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import numpy as np

from snnrun.figures.base import NO_PANEL, Figure, Mosaic
from snnrun.figures.sheet_picture import draw_picture, draw_scale, picture_of, spacing_of
from snnrun.figures.style import RATE, first_trial, in_words, say, shortened
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveLength, PositiveTime
from snnrun.results.recording import FloatArray
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_PER_ROW: Final = 6
_BRIGHTEST: Final = 99.5
"""Percentile of the rates that has the last colour, lest a single neuron make all others dark."""
_BLUR: Final = 2.0
"""Width of the blur in distances between neurons: a few spikes in a frame become a picture, patches stay apart."""


class SheetFigure(Figure):
    """Frames of the activity on a sheet or torus: where neurons fire, in successive intervals of time.

    Each frame is the rate of the neurons around each place, the mean under a Gaussian; all share one scale of colours.
    Of several trials, the first is shown.
    """

    example: ClassVar[str] = "{figure: sheet, population: exc, frames: 6, frame: 100 ms}"

    figure: Literal["sheet"] = "sheet"

    population: str | None = None
    """Whose neurons; by default the first population on a sheet of which spikes were recorded."""

    frames: PositiveCount = 6
    """Number of frames."""

    frame: PositiveTime = quantity("100 ms")
    """Length of the interval that a frame shows."""

    every: PositiveTime | None = None
    """Time from one frame to the next; by default they follow each other without a gap."""

    start: NonNegativeTime | None = None
    """Beginning of the first frame; without it, the last frame ends with the analysis window."""

    caption: str = ""
    """What is said left of the frames."""

    blur: PositiveLength | None = None
    """Standard deviation of the Gaussian; by default two distances between neurons."""

    def size(self, observation: Observation) -> tuple[float, float]:
        rows = self.panels(observation)
        return 0.9 + 1.35 * max(3, len(rows[0])), 0.25 + 1.5 * len(rows)

    def panels(self, observation: Observation) -> Mosaic:
        names = [f"frame_{number}" for number in range(self.frames)]
        width = min(len(names), _PER_ROW)
        rows = [names[first : first + width] for first in range(0, len(names), width)]
        rows[-1] += [NO_PANEL] * (width - len(rows[-1]))
        return rows

    def missing(self, observation: Observation) -> str | None:
        if not observation.populations:
            return super().missing(observation)
        if self._shown(observation) is not None:
            return None
        whose = f"of {self.population!r} " if self.population is not None else ""
        return (
            f"No spikes {whose}on a sheet were recorded. Add 'positions: {{extent: [1 mm, 1 mm]}}' to the population, "
            "and its name to 'record: {spikes: …}'."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        name = self._shown(observation)
        panels = [axes[f"frame_{number}"] for number in range(self.frames)]
        if name is None:
            for panel in panels:
                say(panel, "No sheet")
            return
        recording = observation.recording
        population = recording.populations[name]
        intervals = self._intervals(observation)
        pictures = [self._picture(observation, name, *interval) for interval in intervals]
        highest = max(float(np.nanpercentile(pictures, _BRIGHTEST)), 1e-9)
        for panel, interval, picture in zip(panels, intervals, pictures, strict=True):
            image = draw_picture(panel, population, picture, cmap="inferno", vmin=0.0, vmax=highest)
            panel.set_title(in_words((interval[0] * recording.dt, interval[1] * recording.dt)), loc="center")
            panel.set(xticks=[], yticks=[])
        panels[0].set_ylabel(self.caption)
        draw_scale(panels[0], population)
        bar = panels[0].figure.colorbar(image, ax=panels, shrink=0.8, pad=0.01, extend="max")
        bar.set_label("\n".join(filter(None, (f"{shortened(name)}: {RATE}", first_trial(recording.trials)))))
        bar.outline.set_linewidth(0.6)

    def _picture(self, observation: Observation, name: str, start: int, stop: int) -> FloatArray:
        """Rate around each place in hertz, between two time steps."""
        recording = observation.recording
        population, spikes = recording.populations[name], recording.spikes[name].of_trial(0)
        counts = np.bincount(spikes.between(start, stop).node_ids, minlength=spikes.n_recorded)
        blur = self.blur.value if self.blur is not None else _BLUR * spacing_of(population)
        return picture_of(population, counts / ((stop - start) * recording.dt), blur)

    def _shown(self, observation: Observation) -> str | None:
        """The population; None where there is none on a sheet."""
        names = observation.populations if self.population is None else (self.population,)
        for name in names:
            if name in observation.populations and len(observation.recording.populations[name].extent) == 2:
                return name
        return None

    def _intervals(self, observation: Observation) -> list[tuple[int, int]]:
        """First time step of each frame, and the one after the last."""
        dt = observation.recording.dt
        every = (self.every or self.frame).value
        whole = (self.frames - 1) * every + self.frame.value
        start = self.start.value if self.start is not None else max(0.0, observation.window[1] - whole)
        length = max(1, round(self.frame.value / dt))
        first = [round((start + number * every) / dt) for number in range(self.frames)]
        return [(tick, tick + length) for tick in first]
