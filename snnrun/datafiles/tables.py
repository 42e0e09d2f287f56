"""Columns of numbers in CSV, NPY and HDF5 files, read without running anything and with every number finite."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.datafiles.csv_text import CsvLayout, csv_layout, csv_line, csv_texts, csv_values
from snnrun.datafiles.location import DataFileError
from snnrun.errors import ResultsError, suggestion

FloatArray = NDArray[np.float64]
Column = str | int
HDF5_SUFFIXES: Final = (".h5", ".hdf5")


class Table(ABC):
    """Columns of one file, by name, or by position counted from 0."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def all_columns(self) -> list[Column]:
        """Every column, by name where the file has names."""

    @abstractmethod
    def read(self, columns: Sequence[Column]) -> FloatArray:
        """The named columns, side by side; shape (n_rows, n_columns)."""

    @abstractmethod
    def place(self, row: int) -> str:
        """Where a row stands, as a user finds it: ``line 7``."""

    def columns(self, columns: Sequence[Column] | None = None) -> dict[Column, FloatArray]:
        """Columns with their values, each of shape (n_rows,); all of them when none are named.

        Raises
        ------
        DataFileError
            If the file is damaged, lacks a column, or holds anything but finite numbers.
        """
        wanted = self.all_columns() if columns is None else list(columns)
        values = self.read(wanted)
        if not np.isfinite(values).all():
            row, index = np.argwhere(~np.isfinite(values))[0]
            raise DataFileError(
                f"{self.path.name}: {self.place(int(row))}, column {wanted[index]!r}: "
                f"{values[row, index]} is not a finite number"
            )
        return {column: values[:, index] for index, column in enumerate(wanted)}

    def texts(self, column: Column) -> tuple[str, ...]:
        """A column of words, as names of neurons are; of shape (n_rows,).

        Raises
        ------
        DataFileError
            If the file is damaged, lacks the column, or is no text.
        """
        raise DataFileError(f"{self.path.name}: column {column!r}: names are read from CSV files only")

    def _position(self, column: Column, names: Sequence[str], width: int) -> int:
        if isinstance(column, str) and column in names:
            return names.index(column)
        if isinstance(column, str) and not names:
            raise DataFileError(f"{self.path.name} has no names of columns; instead of {column!r} give a number from 0")
        if isinstance(column, str):
            raise DataFileError(f"{self.path.name} has no column {column!r}. {suggestion(column, names)}")
        if not 0 <= column < width:
            raise DataFileError(f"{self.path.name} has no column {column}: it has {width}, counted from 0")
        return column


class CsvTable(Table):
    """Text with one row per line."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._layout: CsvLayout = csv_layout(path)

    def all_columns(self) -> list[Column]:
        return [*self._layout.names] or [*range(self._layout.width)]

    def read(self, columns: Sequence[Column]) -> FloatArray:
        positions = [self._position(column, self._layout.names, self._layout.width) for column in columns]
        return csv_values(self.path, self._layout, positions)

    def texts(self, column: Column) -> tuple[str, ...]:
        return csv_texts(self.path, self._layout, self._position(column, self._layout.names, self._layout.width))

    def place(self, row: int) -> str:
        return f"line {csv_line(self.path, self._layout, row)}"


class ArrayTable(Table):
    """An array of one or two dimensions, or of records: NPY, or one dataset of an HDF5 file."""

    def __init__(self, path: Path, array: NDArray[Any]) -> None:
        super().__init__(path)
        self._array = array
        self._names = array.dtype.names or ()
        kinds = [array.dtype[name] for name in self._names] or [array.dtype]
        if any(kind.kind not in "biuf" or kind.shape for kind in kinds):
            raise DataFileError(f"{path.name} holds {array.dtype}, not real numbers")
        if array.ndim not in ((1,) if self._names else (1, 2)):
            raise DataFileError(f"{path.name} has {array.ndim} dimensions; a column or a table of columns is needed")

    def all_columns(self) -> list[Column]:
        return [*self._names] or [*range(self._width)]

    def read(self, columns: Sequence[Column]) -> FloatArray:
        values = np.empty((len(self._array), len(columns)))
        for index, column in enumerate(columns):
            position = self._position(column, self._names, self._width)
            source: Any = self._array[self._names[position]] if self._names else self._array
            values[:, index] = source[:, position] if source.ndim == 2 else source
        return values

    def place(self, row: int) -> str:
        return f"row {row}"

    @property
    def _width(self) -> int:
        return len(self._names) or (self._array.shape[1] if self._array.ndim == 2 else 1)


class Hdf5Table(Table):
    """An HDF5 file whose columns are datasets, named by their path."""

    def all_columns(self) -> list[Column]:
        raise DataFileError(f"{self.path.name}: say which datasets of the HDF5 file are meant")

    def read(self, columns: Sequence[Column]) -> FloatArray:
        arrays = [_dataset(self.path, str(column)).columns() for column in columns]
        if any(len(array) != 1 for array in arrays):
            raise DataFileError(f"{self.path.name}: each of {', '.join(map(str, columns))} must have one dimension")
        values = [next(iter(array.values())) for array in arrays]
        if len({len(value) for value in values}) > 1:
            lengths = ", ".join(f"{column}: {len(value)}" for column, value in zip(columns, values, strict=True))
            raise DataFileError(f"{self.path.name}: the columns differ in length ({lengths})")
        return np.stack(values, axis=1)

    def place(self, row: int) -> str:
        return f"row {row}"


def open_table(path: Path, dataset: str | None = None) -> Table:
    """The table in a file, by the ending of its name.

    Parameters
    ----------
    path
        From `resolve`.
    dataset
        The dataset of an HDF5 file that holds the table; without it, each dataset is a column.

    Raises
    ------
    DataFileError
        If the file is not of the kind that its name says, or does not hold real numbers.
    """
    suffix = path.suffix.lower()
    if suffix in HDF5_SUFFIXES:
        return Hdf5Table(path) if dataset is None else _dataset(path, dataset)
    if dataset is not None:
        raise DataFileError(f"{path.name} is not an HDF5 file ({', '.join(HDF5_SUFFIXES)}) and has no datasets")
    if suffix == ".npy":
        return ArrayTable(path, _npy(path))
    if suffix in (".csv", ".tsv", ".txt"):
        return CsvTable(path)
    raise DataFileError(f"{path.name}: the name must end in .csv, .tsv, .txt, .npy, .h5 or .hdf5")


def read_table(path: Path, columns: Sequence[Column] | None = None) -> dict[Column, FloatArray]:
    """Columns of a file, each of shape (n_rows,): by name, or by number where the file has no names.

    Raises
    ------
    DataFileError
        See `open_table` and `Table.columns`.
    """
    return open_table(path).columns(columns)


def _npy(path: Path) -> NDArray[Any]:
    # Not np.load: it follows what the file says it is, to pickles and archives. Mapped, so that an array announced
    # larger than its file is refused before memory is taken.
    try:
        array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")  # type: ignore[no-untyped-call]
        return array
    except (ValueError, OverflowError, SyntaxError, TypeError, EOFError) as error:
        reason = "it holds Python objects" if "object" in str(error).lower() else str(error)
        raise DataFileError(f"{path.name} cannot be read as an array of numbers: {reason}") from None


def _dataset(path: Path, dataset: str) -> ArrayTable:
    # h5py has one door, with the guards against crafted files; it is opened only for experiments that need it.
    from snnrun.results.store import read_array

    try:
        return ArrayTable(path, read_array(path, dataset))
    except ResultsError as error:
        raise DataFileError(str(error)) from None
