"""Array files that an experiment reads: CSV, NPY, HDF5, below the folder of the experiment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.units import Dimension


@dataclass(frozen=True, eq=False)
class ArrayFile:
    """Values read from a file: ``{file: data/weights.csv, column: w, unit: mV}``."""

    values: NDArray[np.float64]
    dimension: Dimension

    @classmethod
    def read(cls, mapping: dict[str, Any], folder: Path | None) -> ArrayFile:
        raise NotImplementedError

    @staticmethod
    def json_schema() -> dict[str, Any]:
        raise NotImplementedError

    def to_mapping(self) -> dict[str, Any]:
        raise NotImplementedError

    def bounds(self) -> tuple[float, float]:
        raise NotImplementedError

    def pretty(self) -> str:
        raise NotImplementedError
