"""CSV: text with one row per line, columns parted by commas, semicolons, tabs or blanks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from snnrun.datafiles.location import DataFileError

MAX_VALUES: Final = 100_000_000
# Words are Python objects, ten times as large as numbers.
MAX_TEXTS: Final = 10_000_000
_MAX_LINE: Final = 1_000_000
_ENCODING: Final = "utf-8-sig"


@dataclass(frozen=True)
class CsvLayout:
    """What the first line tells.

    Parameters
    ----------
    delimiter
        None for blanks.
    names
        Of the columns; empty where the file begins with numbers.
    width
        Number of columns.
    """

    delimiter: str | None
    names: tuple[str, ...]
    width: int


def csv_layout(path: Path) -> CsvLayout:
    """Delimiter, names and number of columns, from the first line that is neither empty nor a comment (``#``).

    Raises
    ------
    DataFileError
        If the file is empty or no text, or two columns have the same name.
    """
    _, first = next(_rows(path), (0, ""))
    if not first:
        raise DataFileError(f"{path.name} is empty")
    delimiter = next((candidate for candidate in ",;\t" if candidate in first), None)
    fields = _fields(first, delimiter)
    names = () if all(map(_is_number, fields)) else tuple(fields)
    repeated = [name for name in names if names.count(name) > 1] if len(names) < 1000 else []
    if repeated:
        raise DataFileError(f"{path.name}: two columns are called {repeated[0]!r}")
    return CsvLayout(delimiter, names, len(fields))


def csv_values(path: Path, layout: CsvLayout, columns: list[int]) -> NDArray[np.float64]:
    """Columns by position.

    Returns
    -------
    shape (n_rows, n_columns)

    Raises
    ------
    DataFileError
        Naming the line that is no row of numbers, or if there are too many rows.
    """
    max_rows = MAX_VALUES // max(len(columns), 1)
    rows = islice((text for _, text in _rows(path)), 1 if layout.names else 0, None)
    first = next(rows, None)
    if first is None:
        return np.empty((0, len(columns)))
    try:
        # Lines, not the path: numpy would unpack archives and follow web addresses.
        values = np.loadtxt(
            chain([first], islice(rows, max_rows)),
            delimiter=layout.delimiter,
            usecols=columns,
            quotechar='"',
            comments=None,
            ndmin=2,
        )
    except ValueError as error:
        raise _explained(path, layout, columns) or DataFileError(f"{path.name}: {error}") from None
    if len(values) > max_rows:
        raise DataFileError(f"{path.name} has more than {MAX_VALUES:,} values")
    return values


def csv_texts(path: Path, layout: CsvLayout, column: int) -> tuple[str, ...]:
    """A column of words, by position.

    Raises
    ------
    DataFileError
        Naming the line that has too few or too many columns, or if there are too many rows.
    """
    texts: list[str] = []
    for number, text in islice(_rows(path), 1 if layout.names else 0, None):
        fields = _fields(text, layout.delimiter)
        if len(fields) <= column or any(fields[layout.width :]):
            raise _uneven(path, number, fields, layout)
        if len(texts) == MAX_TEXTS:
            raise DataFileError(f"{path.name} has more than {MAX_TEXTS:,} rows")
        texts.append(fields[column])
    return tuple(texts)


def csv_line(path: Path, layout: CsvLayout, row: int) -> int:
    """Number of the line, from 1, on which a row of values stands."""
    return next(islice(_rows(path), row + (1 if layout.names else 0), None))[0]


def _rows(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that hold something, numbered from 1, without comments."""
    try:
        with path.open(encoding=_ENCODING) as file:
            # Read with a limit: a file of gigabytes may be one line.
            for number, line in enumerate(iter(partial(file.readline, _MAX_LINE + 1), ""), start=1):
                if len(line) > _MAX_LINE:
                    raise DataFileError(f"{path.name}: line {number} is too long for a row of numbers")
                text = line.partition("#")[0].strip(" \r\n")
                if text:
                    yield number, text
    except UnicodeDecodeError:
        raise DataFileError(f"{path.name} is not text in UTF-8") from None


def _explained(path: Path, layout: CsvLayout, columns: list[int]) -> DataFileError | None:
    """The first row that is not made of numbers. Looked for only when numpy has stumbled, as it cannot name lines."""
    for number, text in islice(_rows(path), 1 if layout.names else 0, None):
        fields = _fields(text, layout.delimiter)
        if len(fields) <= max(columns):
            return _uneven(path, number, fields, layout)
        wrong = next((fields[column] for column in columns if not _is_number(fields[column])), None)
        if wrong is not None:
            return DataFileError(f"{path.name}: line {number}: {wrong!r} is not a number")
    return None


def _uneven(path: Path, number: int, fields: list[str], layout: CsvLayout) -> DataFileError:
    columns = "column" if len(fields) == 1 else "columns"
    return DataFileError(f"{path.name}: line {number} has {len(fields)} {columns} instead of {layout.width}")


def _fields(text: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return text.split()
    return [field.strip() for field in next(csv.reader([text], delimiter=delimiter))]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text
