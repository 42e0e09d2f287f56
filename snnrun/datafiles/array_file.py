"""One column of a file, with its unit: values for each neuron or synapse."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from snnrun.datafiles.location import DataFileError, resolve
from snnrun.datafiles.tables import Column, FloatArray, open_table
from snnrun.errors import suggestion
from snnrun.units import Dimension, Quantity, unit

_KEYS: Final = {"file": (str,), "column": (str, int), "dataset": (str,), "unit": (str,), "sha256": (str,)}
_KINDS: Final = {str: "text", int: "a number from 0"}


@dataclass(frozen=True, eq=False)
class ArrayFile:
    """Values read from a file: ``{file: data/weights.csv, column: w, unit: mV}``.

    Parameters
    ----------
    values
        SI values; shape (n,).
    dimension
        Of the values.
    source
        What the experiment says: file, column, dataset, unit.
    """

    values: FloatArray
    dimension: Dimension
    source: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, mapping: Mapping[str, Any], folder: Path | None) -> ArrayFile:
        """Read the values that a mapping of the experiment describes.

        Raises
        ------
        DataFileError
            If the mapping is wrong, the file cannot be used, or its values are not those of ``sha256``.
        UnitError
            If the unit is none.
        """
        _check_keys(mapping)
        factor = unit(mapping.get("unit", "1"))
        values = _column(mapping, folder) * factor.value
        array = cls(values, factor.dimension, {key: mapping[key] for key in mapping if key != "sha256"})
        if mapping.get("sha256", array.sha256) != array.sha256:
            raise DataFileError(
                f"{mapping['file']} has changed since this experiment was resolved (sha256 differs). "
                "Restore the file, or remove 'sha256' to use it as it is now."
            )
        return array

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """What may be written, for editors."""
        text = {"type": "string"}
        return {
            "type": "object",
            "description": "values from a CSV, NPY or HDF5 file below the experiment's folder",
            "properties": {
                "file": {**text, "description": "relative path"},
                "column": {"anyOf": [text, {"type": "integer", "minimum": 0}], "description": "name, or number from 0"},
                "dataset": {**text, "description": "path inside an HDF5 file"},
                "unit": {**text, "description": "of the values in the file, such as mV"},
                "sha256": {**text, "description": "of the values; checked when given"},
            },
            "required": ["file"],
            "additionalProperties": False,
        }

    def to_mapping(self) -> dict[str, Any]:
        """As it stands in the resolved spec: with the sha256 of the values, so that other data are another run."""
        return {**self.source, "sha256": self.sha256}

    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value, in SI units."""
        return float(self.values.min()), float(self.values.max())

    def pretty(self) -> str:
        """For people: ``data/w.csv (100 values, 0.1 mV … 0.3 mV)``."""
        low, high = (Quantity(bound, self.dimension).pretty() for bound in self.bounds())
        return f"{self.source.get('file', 'array')} ({len(self.values)} values, {low} … {high})"

    @cached_property
    def sha256(self) -> str:
        """Of the SI values as little-endian 64-bit floats: the same on every machine."""
        return hashlib.sha256(self.values.astype("<f8").tobytes()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArrayFile) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return (self.dimension, self.sha256, tuple(sorted(self.source.items())))


def _check_keys(mapping: Mapping[str, Any]) -> None:
    for key, value in mapping.items():
        if key not in _KEYS:
            raise DataFileError(f"unknown key {key!r}. {suggestion(key, _KEYS)}")
        if type(value) not in _KEYS[key]:
            raise DataFileError(f"{key!r} must be {' or '.join(_KINDS[kind] for kind in _KEYS[key])}")
    if "file" not in mapping:
        raise DataFileError("'file' is missing. Write for example {file: data/v.csv, column: v, unit: mV}.")


def _column(mapping: Mapping[str, Any], folder: Path | None) -> FloatArray:
    table = open_table(resolve(folder, mapping["file"]), mapping.get("dataset"))
    column: Column | None = mapping.get("column")
    if column is None:
        known = table.all_columns()
        if len(known) != 1:
            raise DataFileError(f"{mapping['file']} has {len(known)} columns; say which ('column'): {_shown(known)}")
        column = known[0]
    values = table.columns([column])[column]
    if not values.size:
        raise DataFileError(f"{mapping['file']} holds no values")
    return values


def _shown(columns: list[Column]) -> str:
    return ", ".join(map(str, columns[:10])) + (" …" if len(columns) > 10 else "")
