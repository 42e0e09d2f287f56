"""What a figure is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from snnrun.entry import Entry
from snnrun.registry import entry_name
from snnrun.units import Quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

Mosaic = list[list[str]]
"""Panels by name as they lie on the page; a name that is repeated makes its panel wider or higher."""

NO_PANEL: Final = "."
"""Stands in a mosaic where there is nothing; matplotlib's word for it."""


class Block(NamedTuple):
    """A part of a page that is laid out by itself: its width and height in inches, and its panels."""

    width: float
    height: float
    mosaic: Mosaic


class Figure(Entry):
    """One way to look at a recording.

    An entry says how large it is, which panels it has, and draws on axes made for them; it imports no matplotlib and
    never creates or saves a figure, which is the work of `snnrun.figures.render`. Panels of different entries have
    different names, so that one page can be composed of several entries.
    """

    standard: ClassVar[bool] = False
    """Whether the figure belongs to the set that is drawn when the experiment names none."""

    @property
    def file_name(self) -> str:
        """What its file is called, without the suffix."""
        return entry_name(type(self), "figures")

    @abstractmethod
    def size(self, observation: Observation) -> tuple[float, float]:
        """Width and height of the page in inches."""

    @abstractmethod
    def panels(self, observation: Observation) -> Mosaic:
        """The panels that `draw` needs, as they lie on the page."""

    def blocks(self, observation: Observation) -> list[list[Block]]:
        """The panels as they lie on the page, line by line; more than one block for figures made of others."""
        return [[Block(*self.size(observation), self.panels(observation))]]

    @abstractmethod
    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        """Draw on the axes named in `panels`; other axes in the mapping are left alone."""

    def missing(self, observation: Observation) -> str | None:
        """What the recording lacks for this figure, and what to do about it; None when there is something to draw."""
        if observation.populations:
            return None
        names = ", ".join(observation.recording.populations)
        return f"No spikes were recorded. Add 'record: {{spikes: [{names}]}}' to the experiment."


def shown_interval(observation: Observation, start: Quantity | None, duration: Quantity) -> tuple[float, float]:
    """Beginning and end, in seconds, of the part of the run that a figure shows.

    Without a beginning it is the last part of the analysis window. The interval does not reach beyond the run.
    """
    recording = observation.recording
    run_ends = recording.n_ticks * recording.dt
    if start is not None:
        return min(start.value, run_ends - recording.dt), min(start.value + duration.value, run_ends)
    window_starts, window_ends = observation.window
    return max(window_starts, window_ends - duration.value), window_ends
