"""The one place where figures are made and saved."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, cast

from snnrun.errors import ResultsError
from snnrun.figures.style import SETTINGS
from snnrun.results.atomic import make_folder, write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Page

    from snnrun.figures.base import Block

_Subject = TypeVar("_Subject")
_Subject_contra = TypeVar("_Subject_contra", contravariant=True)

# The date is left out, so that the same recording gives the same file.
_METADATA: Final[Mapping[str, Mapping[str, Any]]] = {
    "png": {},
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
}
FORMATS: Final = tuple(_METADATA)


class Drawing(Protocol[_Subject_contra]):
    """A figure of whatever subject: of one recording, or of a whole sweep."""

    def size(self, subject: _Subject_contra, /) -> tuple[float, float]:
        """Width and height of the page in inches."""

    def blocks(self, subject: _Subject_contra, /) -> list[list[Block]]:
        """The panels as they lie on the page, line by line."""

    def draw(self, axes: Mapping[str, Axes], subject: _Subject_contra, /) -> None:
        """Draw on the axes made for the panels."""


def render(figure: Drawing[_Subject], subject: _Subject, path: Path, *, dpi: float = 200) -> Path:
    """Draw a figure and save it, whole or not at all.

    Parameters
    ----------
    subject
        What is drawn.
    path
        The file; its suffix decides the format: PNG, PDF or SVG. Missing folders are made.
    dpi
        Dots per inch of PNG files, and of the rasterised parts of the others.

    Returns
    -------
    The file.

    Raises
    ------
    ResultsError
        If the suffix is another one, or the file cannot be written.
    """
    file_format = path.suffix.removeprefix(".").lower()
    if file_format not in FORMATS:
        raise ResultsError(f"{path}: figures are saved as {', '.join(FORMATS)}. Choose one of these suffixes.")
    make_folder(path.parent)
    write_whole(path, draw_to_bytes(figure, subject, file_format, dpi=dpi))
    return path


def draw_to_bytes(figure: Drawing[_Subject], subject: _Subject, file_format: str, *, dpi: float = 200) -> bytes:
    """Draw a figure; the bytes of a file of one of the `FORMATS`."""
    # matplotlib takes 0.9 s to import: commands that draw nothing need not wait for it. Never pyplot: it keeps global
    # state and looks for a display.
    import matplotlib as mpl
    from matplotlib.figure import Figure as Page

    content = BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        # Newer versions of matplotlib type the names of settings, older ones do not.
        mpl.rcParams.update(cast(Any, SETTINGS))
        page = Page(figsize=figure.size(subject), dpi=dpi, layout="constrained")
        figure.draw(_axes_on(page, figure.blocks(subject)), subject)
        page.savefig(content, format=file_format, dpi=dpi, metadata=dict(_METADATA[file_format]))
    return content.getvalue()


def _axes_on(page: Page, lines: list[list[Block]]) -> dict[str, Axes]:
    """The panels of a page by name. Each block is laid out by itself: a legend makes no room in the others."""
    axes: dict[str, Axes] = {}
    heights = [max(block.height for block in line) for line in lines]
    for row, line in zip(
        page.subfigures(len(lines), 1, squeeze=False, height_ratios=heights)[:, 0], lines, strict=True
    ):
        widths = [block.width for block in line]
        for place, block in zip(row.subfigures(1, len(line), squeeze=False, width_ratios=widths)[0], line, strict=True):
            axes |= place.subplot_mosaic(cast(Any, block.mosaic))
    return axes
