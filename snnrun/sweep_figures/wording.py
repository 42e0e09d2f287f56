"""What is written about axes, their values, and measures."""

from __future__ import annotations

from typing import Final

from snnrun.figures.style import in_display_unit
from snnrun.results.sweep_table import Column
from snnrun.units import rounded

_WORDS: Final = {
    "cv": "CV",
    "cv2": "CV2",
    "ei": "E/I",
    "isi": "ISI",
    "lv": "LV",
    "lvr": "LvR",
    "psd": "PSD",
    "cv_isi": "CV of ISI",
    "schreiber": "Schreiber",
    "mean_field": "mean-field theory",
}
"""Metrics, and parts of their names, as the field writes them."""

_DIGITS: Final = 5


def axis_label(axis: Column) -> str:
    """The label of an axis with its unit."""
    return axis.name if axis.unit in ("", "1") else f"{axis.name} ({axis.unit})"


def measure_label(name: str) -> str:
    """What a measure is called in a figure: ``exc.mean_rate`` is ``exc, mean rate``."""
    population, dot, metric = name.partition(".")
    called = metric or population
    words = _WORDS.get(called) or " ".join(_WORDS.get(word, word) for word in called.split("_"))
    return f"{population}, {words}" if dot else words


def in_field_unit(column: Column) -> tuple[float, str]:
    """Factor from the SI unit of a measure to the unit of the field, and its label with this unit."""
    factor, shown = in_display_unit(column.unit)
    label = measure_label(column.name)
    return factor, label if shown == "1" else f"{label} ({shown})"


def in_words(axis: Column, value: float | str) -> str:
    """A value with its unit."""
    if isinstance(value, str):
        return value
    number = rounded(value, _DIGITS)
    return number if axis.unit == "1" else f"{number} {axis.unit}"
