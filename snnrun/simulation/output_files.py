"""Reads what the program wrote, after checking that all of it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import SimulationError

_TYPES: Final[dict[str, np.dtype[Any]]] = {"d": np.dtype(np.float64), "i": np.dtype(np.int32), "q": np.dtype(np.int64)}


def read_output(folder: Path) -> dict[str, NDArray[Any]]:
    """All arrays that the program wrote, by name.

    Raises
    ------
    SimulationError
        If the table of contents is missing, or a file has not the size it should have.
    """
    arrays = {}
    try:
        contents = (folder / "contents").read_text()
    except OSError as error:
        raise SimulationError("The simulation ended without complete output; nothing of it was kept.") from error
    for line in contents.splitlines():
        name, code, count = line.split(" ")
        path, dtype = folder / name, _TYPES[code]
        expected = int(count) * dtype.itemsize
        found = path.stat().st_size if path.is_file() else 0
        if found != expected:
            raise SimulationError(
                f"The output {name} has {found} bytes instead of {expected}; nothing of it was kept. Is the disk full?"
            )
        arrays[name] = np.fromfile(path, dtype=dtype)
    return arrays
