"""The key numbers of a run, as shown after it was simulated or analysed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from snnrun.cli import console

if TYPE_CHECKING:
    from snnrun.results.analysis import Analysis, Measurement
    from snnrun.results.results import Results

_KEY_METRICS: Final = {"mean_rate": "rate (Hz)", "cv_isi": "CV", "regime": "regime"}
_WIDEST: Final = 80
"""Characters in a line of a terminal."""


def show(results: Results) -> None:
    """The key numbers of each population, and where the results lie."""
    rows = _table(results.analysis)
    if len(rows) > 1:
        console.table(rows)
        console.say()
    console.say(f"Results: {console.shown(results.folder)}")
    figure = main_figure(results)
    if figure:
        console.say(f"Figure:  {figure}")


def as_plain(results: Results) -> dict[str, Any]:
    """The same for JSON: every value that was measured."""
    analysis = results.analysis
    return {
        "run_id": analysis.run_id,
        "folder": results.folder,
        "figures": results.figures,
        "window": analysis.window,
        "populations": {
            population: {name: _number(measurement) for name, measurement in found.items()}
            for population, found in analysis.measurements.items()
        },
    }


def _number(measurement: Measurement) -> dict[str, Any]:
    return {"value": measurement.value, "unit": measurement.unit, "n_valid": measurement.n_valid}


def main_figure(results: Results) -> str | None:
    """The page that the experiment composes, else the summary, else the first figure there is."""
    drawn = sorted(results.figures, key=lambda path: (path.stem != "page", path.stem != "summary", path.name))
    return console.shown(drawn[0]) if drawn else None


def _table(analysis: Analysis) -> list[list[str]]:
    """A row for each population; or for each metric, where rows would be longer than a terminal is wide."""
    names = _asked_for(analysis)
    if not names:
        return []
    units = {name: found[name].unit for found in analysis.measurements.values() for name in names if name in found}
    rows = [["population", *(_heading(name, units.get(name, "")) for name in names)]]
    for population, found in analysis.measurements.items():
        rows.append([population, *(_cell(found.get(name)) for name in names)])
    if sum(max(map(len, column)) + 2 for column in zip(*rows, strict=True)) > _WIDEST:
        rows = [["metric", *rows[0][1:]], *rows[1:]]
        rows = [list(column) for column in zip(*rows, strict=True)]
    return rows


def _asked_for(analysis: Analysis) -> list[str]:
    """The metrics that the user has named; of the standard set, the key metrics."""
    from snnrun.metrics.analyse import standard_metrics
    from snnrun.registry import entry_name

    measured = list(analysis.definitions)
    if set(measured) == {entry_name(type(metric), "metrics") for metric in standard_metrics()}:
        return list(_KEY_METRICS)
    return measured


def _heading(name: str, unit: str) -> str:
    if name in _KEY_METRICS or unit in ("", "1"):
        return _KEY_METRICS.get(name, name)
    return f"{name} ({_shown(unit)[1]})"


def _cell(measurement: Measurement | None) -> str:
    if measurement is None:
        return "–"
    value = measurement.value
    if isinstance(value, str):
        return value
    return "–" if math.isnan(value) else f"{value * _shown(measurement.unit)[0]:.3g}"


def _shown(unit: str) -> tuple[float, str]:
    from snnrun.figures.style import in_display_unit  # brings the table of units: not for every `--help`

    return in_display_unit(unit)
