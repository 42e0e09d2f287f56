"""Writes the file from which the program reads its values."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from snnrun.errors import ResultsError
from snnrun.network.construct import Array, Change, Filling

# Type codes of runtime/input.h.
_CODES: Final = {np.dtype(np.float64): b"d", np.dtype(np.int32): b"i", np.dtype(np.int64): b"q"}


def write_input(
    path: Path, numbers: dict[str, int], fillings: Iterable[Filling], changes: Sequence[Change] | None = None
) -> None:
    """Write named numbers and the content of slots, in the order in which the program asks for them.

    Parameters
    ----------
    changes
        Slots that are filled anew later; None for an input that has no place for them.

    Raises
    ------
    ResultsError
        If the disk is full or the folder cannot be written.
    """
    try:
        with path.open("wb") as file:
            for name, number in numbers.items():
                _write_number(file, name, number)
            for filling in fillings:
                _write_filling(file, filling)
            if changes is not None:
                _write_number(file, "n_changes", len(changes))
                for change in changes:
                    _write_number(file, "tick", change.tick)
                    _write_number(file, "position", change.position)
                    _write_filling(file, change.draw())
    except OSError as error:
        raise ResultsError(
            f"The input of the simulation cannot be written to {path.parent}: {error.strerror}.\n"
            "Free some space, or choose another results folder with --output."
        ) from error


def _write_number(file: BinaryIO, name: str, number: int) -> None:
    _write_record(file, name, np.array([number], dtype=np.int64))


def _write_filling(file: BinaryIO, filling: Filling) -> None:
    for array in filling.arrays:
        _write_record(file, filling.slot.name, array)


def _write_record(file: BinaryIO, name: str, array: Array) -> None:
    encoded = name.encode()
    file.write(struct.pack("=I", len(encoded)) + encoded + _CODES[array.dtype] + struct.pack("=Q", array.size))
    array.tofile(file)
