"""What was measured in a recording, as plain data; it can be computed anew at any time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Series:
    """Numbers with their unit, of any shape."""

    data: NDArray[Any]
    unit: str


@dataclass(frozen=True)
class Measurement:
    """The result of one metric on one population.

    Parameters
    ----------
    value
        The number for the summary table; NaN where undefined. Text for a label such as a regime.
    unit
        Its unit; ``1`` for a plain number, empty for a text.
    n_valid
        How many neurons, pairs, bins or intervals the number rests on.
    series
        Arrays behind it, by name: ``{"frequency": …, "density": …}``.
    parameters
        What it was computed with, as text: ``{"resolution": "2 Hz"}``.
    note
        What the reader must know: a coarser resolution, a too short recording.
    """

    value: float | str
    unit: str
    n_valid: int
    series: Mapping[str, Series] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def is_defined(self) -> bool:
        return isinstance(self.value, str) or not math.isnan(self.value)


@dataclass(frozen=True)
class Analysis:
    """All measurements of a recording.

    Parameters
    ----------
    window
        Analysed interval in seconds.
    measurements
        By population (``network`` for all of them pooled), then by the metric's name: not every metric is measured
        everywhere.
    definitions
        One line for each metric that was measured: what it means.
    """

    run_id: str
    window: tuple[float, float]
    measurements: Mapping[str, Mapping[str, Measurement]]
    definitions: Mapping[str, str]
