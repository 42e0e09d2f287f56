"""The one place where figures are made and saved."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from snnrun.errors import ResultsError
from snnrun.figures.style import SETTINGS

if TYPE_CHECKING:
    from snnrun.figures.base import Figure
    from snnrun.metrics.observation import Observation

# The date is left out, so that the same recording gives the same file.
_METADATA: Final[Mapping[str, Mapping[str, Any]]] = {
    "png": {},
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
}
FORMATS: Final = tuple(_METADATA)


def render(figure: Figure, observation: Observation, path: Path, *, dpi: float = 200) -> Path:
    """Draw a figure and save it, whole or not at all.

    Parameters
    ----------
    path
        The file; its suffix decides the format: PNG, PDF or SVG. Missing folders are made.
    dpi
        Dots per inch of PNG files, and of the rasterised parts of the others.

    Raises
    ------
    ResultsError
        If the suffix is another one, or the file cannot be written.
    """
    file_format = path.suffix.removeprefix(".").lower()
    if file_format not in FORMATS:
        raise ResultsError(f"{path}: figures are saved as {', '.join(FORMATS)}; choose one of these suffixes.")
    # In the same folder, because only there is the renaming one step; the process number keeps concurrent runs apart.
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            _write(figure, observation, file, file_format, dpi)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise ResultsError(
            f"{path}: the figure cannot be written ({error.strerror or error}). "
            "Check that the folder is writable and that the disk has space, then draw again."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return path


def _write(figure: Figure, observation: Observation, file: IO[bytes], file_format: str, dpi: float) -> None:
    # matplotlib takes 0.5 s to import, which commands that draw nothing need not wait for. Not pyplot: it keeps global
    # state and looks for a display.
    import matplotlib
    from matplotlib.figure import Figure as Page

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        page = Page(figsize=figure.size(observation), dpi=dpi, layout="constrained")
        axes = page.subplot_mosaic(figure.panels(observation))  # type: ignore[arg-type]
        figure.draw(axes, observation)
        page.savefig(file, format=file_format, dpi=dpi, metadata=dict(_METADATA[file_format]))
