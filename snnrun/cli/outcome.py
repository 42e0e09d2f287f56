"""The key numbers of a run, as shown after it was simulated or analysed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from snnrun.cli import console

if TYPE_CHECKING:
    from snnrun.results.analysis import Analysis, Measurement
    from snnrun.results.results import Results

_KEY_METRICS: Final = {"mean_rate": "rate (Hz)", "cv_isi": "CV", "regime": "regime"}


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
    """The summary, else the first figure there is."""
    drawn = sorted(results.figures, key=lambda path: (path.stem != "summary", path.name))
    return console.shown(drawn[0]) if drawn else None


def _table(analysis: Analysis) -> list[list[str]]:
    measured = [name for name in _KEY_METRICS if any(name in found for found in analysis.measurements.values())]
    if not measured:
        return []
    rows = [["population", *(_KEY_METRICS[name] for name in measured)]]
    for population, found in analysis.measurements.items():
        rows.append([population, *(_cell(found.get(name)) for name in measured)])
    return rows


def _cell(measurement: Measurement | None) -> str:
    if measurement is None:
        return "–"
    value = measurement.value
    return value if isinstance(value, str) else "–" if math.isnan(value) else f"{value:.3g}"
