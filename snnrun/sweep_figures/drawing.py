"""The figures of a sweep, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from snnrun.figures.render import render
from snnrun.registry import entry_name
from snnrun.results.sweep_table import SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.sweep_lines import SweepLines


def draw_sweep(
    table: SweepTable,
    results: Path,
    figures: Sequence[SweepFigure] | None,
    folder: Path,
    say: Callable[[str], None],
) -> list[Path]:
    """Draw the figures of a sweep and save them as PNG files; those that lack something are left out.

    Parameters
    ----------
    results
        The folder below which the recordings of the points lie.
    figures
        None for the standard set.
    folder
        Where the files are saved.
    say
        Told which figures are left out, and why.

    Returns
    -------
    The files.

    Raises
    ------
    ResultsError
        If a file cannot be written, or a recording cannot be read.
    """
    swept = Swept(table, results)
    names: dict[str, int] = {}
    drawn = []
    for figure in standard_figures(table) if figures is None else figures:
        missing = figure.missing(swept)
        if missing is not None:
            say(f"{entry_name(type(figure), 'sweep_figures')} left out: {missing}")
            continue
        names[figure.file_name] = number = names.get(figure.file_name, 0) + 1
        name = figure.file_name if number == 1 else f"{figure.file_name}-{number}"
        drawn.append(render(figure, swept, folder / f"{name}.png"))
    return drawn


def standard_figures(table: SweepTable) -> tuple[SweepFigure, ...]:
    """What is drawn when a sweep names no figures."""
    return (SweepLines(),) if table.axes else ()
