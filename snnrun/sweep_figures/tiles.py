"""How small multiples lie on the page, and what they share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from snnrun.figures.base import NO_PANEL, Mosaic

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

FAILED: Final = "failed"
"""The label of crosses."""
DASHES: Final = ((0, (3.5, 1.5)), (0, (1, 1)))
"""The lines of theories: in units of the width of the line."""

_COLUMNS: Final = 3
"""As many panels side by side as fit on a printed page."""
_SYMBOL: Final = 0.42
"""Width in inches of what stands before a label, with the space between columns."""
_LETTER: Final = 0.05
"""Width in inches of a letter, on average."""


def tile(name: str, facet: int) -> str:
    """The panel that shows a measure at some values of the other axes."""
    return f"{name} {facet}"


def tiles(names: Sequence[str], n_facets: int) -> Mosaic:
    """Panels of some measures: a line for each when there are several facets, else as nearly square as can be."""
    if n_facets > 1 and len(names) > 1:
        return [[tile(name, facet) for facet in range(n_facets)] for name in names]
    panels = [tile(name, facet) for name in names for facet in range(n_facets)]
    columns = 2 if len(panels) == 4 else min(_COLUMNS, len(panels))
    lines = [panels[first : first + columns] for first in range(0, len(panels), columns)]
    return [line + [NO_PANEL] * (columns - len(line)) for line in lines]


def label_outer(axes: Mapping[str, Axes], mosaic: Mosaic, sides: Collection[str]) -> None:
    """Leave labels out where the panel below, or at the left, says the same."""
    for row, line in enumerate(mosaic):
        for column, name in enumerate(line):
            if name == NO_PANEL:
                continue
            if "x" in sides and row + 1 < len(mosaic) and mosaic[row + 1][column] != NO_PANEL:
                axes[name].set_xlabel("")
                axes[name].tick_params(axis="x", labelbottom=False)
            if "y" in sides and column > 0:
                axes[name].set_ylabel("")
                axes[name].tick_params(axis="y", labelleft=False)


def shared_legend(axes: Mapping[str, Axes], title: str = "") -> None:
    """One legend of all panels, below them, where it covers no data; what failed comes last."""
    found: dict[str, Artist] = {}
    for panel in axes.values():
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    if not found and not title:
        return
    labels = sorted(found, key=FAILED.__eq__)
    page = next(iter(axes.values())).figure
    width = page.bbox.width / page.dpi
    columns = columns_of(labels, width)
    handles = [found[label] for label in labels]
    page.legend(handles, labels, loc="outside lower center", ncols=columns, title=title or None, title_fontsize=7)


def columns_of(labels: Sequence[str], width: float) -> int:
    """Columns of a legend that fit into so many inches, each as wide as its longest label, in rows of one length."""
    letters = np.array([len(label) for label in labels])
    for n_rows in range(1, len(labels)):
        columns = -(-len(labels) // n_rows)
        # The first columns have a label more where they are not all full.
        parts = np.array_split(letters, columns)
        if sum(_SYMBOL + _LETTER * part.max() for part in parts) <= width:
            return columns
    return 1
