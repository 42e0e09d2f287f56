"""Writes what the program reads: named records, one after the other."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from snnrun.errors import ResultsError
from snnrun.network.filling import Array, Block, Change, Filling

# Type codes of runtime/input.h.
_CODES: Final = {
    np.dtype(np.float64): b"d",
    np.dtype(np.float32): b"f",
    np.dtype(np.int32): b"i",
    np.dtype(np.int64): b"q",
}


def write_network(
    file: BinaryIO, numbers: Mapping[str, int], fillings: Iterable[Filling | Block], changes: Sequence[Change]
) -> None:
    """Write the input of a run, in the order in which the program asks for it.

    Parameters
    ----------
    numbers
        What the program has to know first, by name.
    changes
        Slots that are filled anew while it runs.
    """
    for name, number in {**numbers, "n_changes": len(changes)}.items():
        _write_number(file, name, number)
    for item in fillings:
        if isinstance(item, Block):
            _write_block(file, item)
        else:
            _write_filling(file, item)
        del item  # while the next block is drawn, this one is not needed
    for change in changes:
        _write_number(file, "tick", change.tick)
        _write_number(file, "position", change.position)
        _write_filling(file, change.draw())


def write_trial(path: Path, seed: int, fillings: Iterable[Filling]) -> None:
    """Write the input of a trial.

    Raises
    ------
    ResultsError
        If the disk is full or the folder cannot be written.
    """
    try:
        with path.open("wb") as file:
            _write_number(file, "seed", seed)
            for filling in fillings:
                _write_filling(file, filling)
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


def _write_block(file: BinaryIO, block: Block) -> None:
    extent = np.array([block.targets.start, len(block.targets), len(block.target_ids)], dtype=np.int64)
    for array in (extent, block.n_outgoing, block.target_ids):
        _write_record(file, block.slot.name, array)
    for filling in block.values:
        _write_filling(file, filling)


def _write_record(file: BinaryIO, name: str, array: Array) -> None:
    encoded = name.encode()
    file.write(struct.pack("=I", len(encoded)) + encoded + _CODES[array.dtype] + struct.pack("=Q", array.size))
    file.write(np.ascontiguousarray(array).data)
