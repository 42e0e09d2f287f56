"""The figures of a sweep, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from snnrun.figures.render import render
from snnrun.registry import entry_name
from snnrun.results.sweep_table import SweepTable
from snnrun.sweep_figures.base import SweepFigure, Swept
from snnrun.sweep_figures.selection import MOST_MEASURES, levels
from snnrun.sweep_figures.sweep_heatmap import SweepHeatmap
from snnrun.sweep_figures.sweep_lines import SweepLines

_THEORY: Final = "network.mean_field"


def draw_sweep(
    table: SweepTable,
    results: Path,
    figures: Sequence[SweepFigure] | None,
    folder: Path,
    say: Callable[[str], None],
    *,
    collect: Sequence[str] | None = None,
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
    collect
        The measures that the standard set shows; None for those that it chooses.

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
    for figure in standard_figures(table, collect) if figures is None else figures:
        missing = figure.missing(swept)
        if missing is not None:
            say(f"{entry_name(type(figure), 'sweep_figures')} left out: {missing}")
            continue
        # On some systems, files whose names differ in case are the same.
        key = figure.file_name.casefold()
        names[key] = names.get(key, 0) + 1
        name = figure.file_name if names[key] == 1 else f"{figure.file_name}-{names[key]}"
        drawn.append(render(figure, swept, folder / f"{name}.png"))
    return drawn


def standard_figures(table: SweepTable, collect: Sequence[str] | None = None) -> tuple[SweepFigure, ...]:
    """What is drawn when a sweep names no figures: a plane of two axes of numbers, or lines over one; none without.

    Parameters
    ----------
    collect
        The measures that the sweep asks for.
    """
    axes = [axis for axis in table.axes if len(levels(axis.data)) > 1]
    if not axes:
        return ()
    asked = [measure for measure in table.measures if collect is None or measure.name in collect]
    numbers = tuple(measure.name for measure in asked if not measure.is_text)
    shown = numbers[:MOST_MEASURES] if collect is not None and numbers else None
    names = {measure.name: measure for measure in table.measures}
    theory = (_THEORY,) if _THEORY in names else None
    numeric = [axis.name for axis in axes if not axis.is_text]
    if len(axes) == len(numeric) == 2:
        regimes = next((name for name, measure in names.items() if measure.is_text and name.endswith(".regime")), None)
        return (SweepHeatmap(value=shown, regimes=regimes, theory=theory),)
    return (SweepLines(x=(numeric or [axes[0].name])[0], values=shown, theory=theory),)
