"""Several figures on one page."""

from __future__ import annotations

from collections.abc import Mapping
from math import lcm
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import Field, field_validator

from snnrun.figures.base import NO_PANEL, Block, Figure, Mosaic
from snnrun.figures.style import FAINT
from snnrun.registry import OneOf, entry_name
from snnrun.results.layout import is_safe_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_ROW: Final = 0.2
"""Height in inches of a row of the grid on which the panels lie."""
_REMARK: Final = (5.0, 0.8)
"""Width and height in inches of what stands in the place of a figure that is left out."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Page(Figure):
    """Several figures on one page, lettered in the order of the list.

    They lie one below the other, or side by side in two columns, each about as large as by itself. In the place of one
    for which something was not recorded stands what to record; other figures of the same kind, with other parameters,
    may follow.
    """

    example: ClassVar[str] = "{figure: page, of: [raster, {figure: psd}, isi], columns: 2}"

    figure: Literal["page"] = "page"

    of: Annotated[tuple[Annotated[Figure, OneOf("figures")], ...], Field(strict=False, min_length=1)]
    """The figures, as they are written in the list `figures`."""

    columns: Literal[1, 2] = 1
    """How many stand side by side."""

    name: str = "page"
    """What its file is called, without the suffix; pages of one experiment have different names."""

    @field_validator("of")
    @classmethod
    def _has_room(cls, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
        number = _n_figures(figures)
        if number > len(_LETTERS):
            raise ValueError(f"a page has room for {len(_LETTERS)} figures, with those of pages on it; got {number}")
        return figures

    @field_validator("name")
    @classmethod
    def _is_a_file_name(cls, name: str) -> str:
        if not is_safe_name(name):
            raise ValueError("cannot be the name of a file; use letters, digits and '_'")
        return name

    @property
    def n_figures(self) -> int:
        """How many figures are on it, with those of pages on it."""
        return _n_figures(self.of)

    @property
    def file_name(self) -> str:
        return self.name

    def size(self, observation: Observation) -> tuple[float, float]:
        lines = self.blocks(observation)
        width = max(sum(block.width for block in line) for line in lines)
        return width, sum(max(block.height for block in line) for line in lines)

    def blocks(self, observation: Observation) -> list[list[Block]]:
        blocks = [_block(number, figure, observation) for number, figure in enumerate(self.of)]
        return [blocks[first : first + self.columns] for first in range(0, len(blocks), self.columns)]

    def panels(self, observation: Observation) -> Mosaic:
        lines = self.blocks(observation)
        width = lcm(*(len(block.mosaic[0]) * len(line) for line in lines for block in line))
        return [row for line in lines for row in _side_by_side(line, width)]

    def missing(self, observation: Observation) -> str | None:
        missing = [figure.missing(observation) for figure in self.of]
        return None if None in missing else " ".join(dict.fromkeys(filter(None, missing)))

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        for number, figure in enumerate(self.of):
            own = {_own(name): panel for name, panel in axes.items() if name.startswith(_prefix(number))}
            missing = figure.missing(observation)
            if missing is None:
                figure.draw(own, observation)
            else:
                _say_what_is_missing(own["remark"], figure, missing)
            if len(self.of) > 1:
                _letter(next(iter(own.values())), _LETTERS[number])


def _n_figures(figures: tuple[Figure, ...]) -> int:
    return sum(figure.n_figures if isinstance(figure, Page) else 1 for figure in figures)


def _block(number: int, figure: Figure, observation: Observation) -> Block:
    """A figure under names that no other figure on the page has."""
    if figure.missing(observation) is None:
        width, height = figure.size(observation)
        mosaic = figure.panels(observation)
    else:
        width, height = _REMARK
        mosaic = [["remark"]]
    return Block(width, height, [[_on_page(number, name) for name in row] for row in mosaic])


def _prefix(number: int) -> str:
    return f"{number}: "


def _on_page(number: int, name: str) -> str:
    return name if name == NO_PANEL else _prefix(number) + name


def _own(name: str) -> str:
    """The name by which the figure itself calls a panel."""
    return name.partition(": ")[2]


def _side_by_side(line: list[Block], width: int) -> Mosaic:
    """Rows of equal height, each of as many cells as the page is wide; the higher figure decides how many rows."""
    row_counts = [len(block.mosaic) for block in line]
    least = max(block.height for block in line) / _ROW
    n_rows = lcm(*row_counts) * max(1, round(least / lcm(*row_counts)))
    return [
        [
            name
            for block in line
            for name in block.mosaic[row * len(block.mosaic) // n_rows]
            for _ in range(width // (len(line) * len(block.mosaic[0])))
        ]
        for row in range(n_rows)
    ]


def _say_what_is_missing(panel: Axes, figure: Figure, missing: str) -> None:
    panel.set_axis_off()
    remark = fill(f"{entry_name(type(figure), 'figures')} left out: {missing}", 80)
    panel.text(0.5, 0.5, remark, transform=panel.transAxes, ha="center", va="center", color=FAINT)


def _letter(panel: Axes, letter: str) -> None:
    """A letter at the left edge of the page, at the height of the titles."""
    if not any(panel.get_title(place) for place in ("left", "center", "right")):
        panel.set_title(" ")  # which makes room for the letter
    written = panel.annotate(
        letter,
        (0, 1),
        xytext=(3, 4),
        xycoords=(panel.figure.transSubfigure, panel.transAxes),
        textcoords="offset points",
        fontsize=10,
        fontweight="bold",
    )
    # The layout shifts panels until everything fits; this one stays where it is.
    written.set_in_layout(False)
