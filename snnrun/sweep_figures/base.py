"""What a figure of a sweep is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snnrun.entry import Entry
from snnrun.errors import UserError
from snnrun.figures.base import Block, Mosaic
from snnrun.registry import entry_name
from snnrun.results.sweep_table import SweepTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Swept:
    """What a figure of a sweep is drawn from.

    Parameters
    ----------
    table
        A row for each point.
    results
        The folder below which the recordings of the points lie.
    """

    table: SweepTable
    results: Path


class SweepFigure(Entry):
    """One way to look at a whole sweep, half done as it may be.

    Like a figure of one recording, an entry says how large it is, which panels it has, and draws on axes made for them;
    the page around them is the work of `snnrun.figures.render`.
    """

    at: dict[str, bool | float | str] = {}
    """Values of axes, such as `{delay: 1.5 ms}`: only the points that have them are shown."""

    @property
    def file_name(self) -> str:
        """What its file is called, without the suffix."""
        return entry_name(type(self), "sweep_figures")

    def named_after(self, measures: Sequence[str] | None) -> str:
        """Name of a file that shows measures of choice: with the name of the measure if it is one."""
        name = entry_name(type(self), "sweep_figures")
        return f"{name}-{measures[0]}" if measures is not None and len(measures) == 1 else name

    @abstractmethod
    def size(self, swept: Swept) -> tuple[float, float]:
        """Width and height of the page in inches."""

    @abstractmethod
    def panels(self, swept: Swept) -> Mosaic:
        """The panels that `draw` needs, as they lie on the page."""

    def blocks(self, swept: Swept) -> list[list[Block]]:
        """The panels as they lie on the page: one block."""
        return [[Block(*self.size(swept), self.panels(swept))]]

    @abstractmethod
    def draw(self, axes: Mapping[str, Axes], swept: Swept) -> None:
        """Draw on the axes named in `panels`."""

    def missing(self, swept: Swept) -> str | None:
        """What the sweep lacks for this figure, and what to do about it; None when there is something to draw."""
        try:
            return self.lacks(swept)
        except UserError as error:
            return str(error)

    @abstractmethod
    def lacks(self, swept: Swept) -> str | None:
        """The same.

        Raises
        ------
        UserError
            If the sweep has no column of a name that the figure gives, or no point at its values.
        """
