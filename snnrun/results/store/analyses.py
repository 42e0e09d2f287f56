"""``analysis.h5``: an analysis as a tree, and back.

``/<population>/<metric>`` holds one measurement with its definition, its arrays as datasets; ``/summary`` is the table
of all values, one row each, for readers that want nothing else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis, Measurement, Series
from snnrun.results.store.reading import read_tree
from snnrun.results.store.tree import Dataset, Group, TreeError, parse_json
from snnrun.results.store.writing import write_tree

FORMAT: Final = "snnrun analysis"
VERSION: Final = 1
SUMMARY: Final = "summary"
"""Name of the table."""
_COLUMNS: Final = {"population": "S", "metric": "S", "value": "f", "label": "S", "units": "S", "n_valid": "i"}


def write_analysis(analysis: Analysis, path: Path) -> None:
    """Write an analysis, whole or not at all; the same analysis gives the same bytes.

    Raises
    ------
    ResultsError
        If the file cannot be written, or a population is called ``summary``.
    """
    check_names(analysis, path)
    write_tree(analysis_to_tree(analysis), path)


def read_analysis(path: Path) -> Analysis:
    """Read an analysis, from whomever it comes.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no analysis or of a newer version.
    """
    tree = read_tree(path, {FORMAT: VERSION})
    try:
        return tree_to_analysis(tree)
    except TreeError as error:
        raise ResultsError(f"{path}: is not a valid analysis: {error}.") from None


def check_names(analysis: Analysis, path: Path) -> None:
    """Refuse an analysis that cannot be stored.

    Raises
    ------
    ResultsError
        If a population is called ``summary``.
    """
    if SUMMARY in analysis.measurements:
        raise ResultsError(f"{path}: a table stands under {SUMMARY!r}: give that population another name.")


def analysis_to_tree(analysis: Analysis) -> Group:
    """The analysis as it lies in the file."""
    populations: dict[str, Group | Dataset] = {
        population: Group(
            {metric: _measurement(one, analysis.definitions.get(metric, "")) for metric, one in metrics.items()}
        )
        for population, metrics in analysis.measurements.items()
    }
    start, stop = analysis.window
    return Group(
        {**populations, SUMMARY: Dataset(_summary(analysis.measurements))},
        {
            "format": FORMAT,
            "version": VERSION,
            "run_id": analysis.run_id,
            "window_start": float(start),
            "window_stop": float(stop),
            "window_units": "s",
        },
    )


def _measurement(measurement: Measurement, definition: str) -> Group:
    return Group(
        {name: Dataset(series.data, {"units": series.unit}) for name, series in measurement.series.items()},
        {
            "value": measurement.value if isinstance(measurement.value, str) else float(measurement.value),
            "units": measurement.unit,
            "n_valid": int(measurement.n_valid),
            "parameters": json.dumps(dict(measurement.parameters)),
            "definition": definition,
            "note": measurement.note,
        },
    )


def _summary(measurements: Mapping[str, Mapping[str, Measurement]]) -> NDArray[np.void]:
    """One row for each value; a text stands in ``label``, its ``value`` is NaN."""
    rows = [
        (population, metric, one.value, one.unit, one.n_valid)
        for population, metrics in measurements.items()
        for metric, one in metrics.items()
    ]
    columns = {
        "population": _texts([population for population, *_ in rows]),
        "metric": _texts([metric for _, metric, *_ in rows]),
        "value": np.array([np.nan if isinstance(value, str) else value for _, _, value, _, _ in rows], np.float64),
        "label": _texts([value if isinstance(value, str) else "" for _, _, value, _, _ in rows]),
        "units": _texts([unit for *_, unit, _ in rows]),
        "n_valid": np.array([n_valid for *_, n_valid in rows], np.int64),
    }
    table = np.empty(len(rows), [(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    return table


def read_table(dataset: Dataset) -> dict[str, dict[str, Measurement]]:
    """The values in the table of all values, by population and metric: without series, parameters and notes.

    Raises
    ------
    TreeError
        If it is no such table.
    """
    table = dataset.data
    if isinstance(table, str) or table.ndim != 1 or _kinds(table.dtype) != _COLUMNS:
        raise TreeError(f"{SUMMARY!r} should be a table of values")
    found: dict[str, dict[str, Measurement]] = {}
    for row in table.tolist():
        population, metric, label, units = (row[index].decode(errors="replace") for index in (0, 1, 3, 4))
        value = label if label and math.isnan(row[2]) else row[2]
        found.setdefault(population, {})[metric] = Measurement(value, units, row[5])
    return found


def _kinds(dtype: np.dtype[Any]) -> dict[str, str]:
    return {name: dtype[name].kind for name in dtype.names or ()}


def _texts(texts: list[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts] or [b""], np.bytes_)[: len(texts)]


def tree_to_analysis(tree: Group) -> Analysis:
    """The analysis in a tree, which may come from anybody.

    Raises
    ------
    TreeError
        If the tree is not what `analysis_to_tree` makes.
    """
    tree.dataset(SUMMARY)  # repeats the values; only its presence is asked for
    populations = {name: tree.group(name).groups() for name in tree.members if name != SUMMARY}
    return Analysis(
        run_id=tree.text("run_id"),
        window=(tree.number("window_start"), tree.number("window_stop")),
        measurements={
            population: {metric: _read_measurement(one) for metric, one in metrics.items()}
            for population, metrics in populations.items()
        },
        definitions={
            metric: one.text("definition") for metrics in populations.values() for metric, one in metrics.items()
        },
    )


def _read_measurement(group: Group) -> Measurement:
    value = group.attributes.get("value")
    parameters = parse_json(group.text("parameters"))
    if not isinstance(parameters, dict) or not all(isinstance(one, str) for one in parameters.values()):
        raise TreeError("'parameters' should be a JSON object of texts")
    return Measurement(
        value=value if isinstance(value, str) else group.number("value"),
        unit=group.text("units"),
        n_valid=group.integer("n_valid"),
        series={name: _read_series(group.dataset(name)) for name in group.members},
        parameters=parameters,
        note=group.text("note"),
    )


def _read_series(dataset: Dataset) -> Series:
    if isinstance(dataset.data, str) or dataset.data.dtype.kind not in "iufb":
        raise TreeError("a series should be made of numbers")
    return Series(dataset.data, dataset.text("units"))
