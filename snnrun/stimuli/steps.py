"""A number that jumps at given times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from snnrun.datafiles import FloatArray
from snnrun.units import Quantity


def steps_problem(times: Sequence[Quantity], name: str, numbers: Sequence[Quantity]) -> str | None:
    """Why times and numbers do not make steps; None if they do.

    Parameters
    ----------
    name
        The key under which the numbers stand.
    """
    if len(times) != len(numbers):
        return f"there are {len(times)} 'times' but {len(numbers)} '{name}'; give each time its own"
    if any(later.value <= earlier.value for earlier, later in pairwise(times)):
        return "'times' must ascend"
    return None


def held(times: Sequence[Quantity], numbers: Sequence[Quantity], before: float, n_ticks: int, dt: float) -> FloatArray:
    """The number of each time step, from the step nearest to its time on; shape (n_ticks,), SI units.

    Parameters
    ----------
    before
        The number until the first time.
    """
    starts = np.rint(np.array([time.value for time in times]) / dt)
    values = np.array([before, *(number.value for number in numbers)])
    chosen: FloatArray = values[np.searchsorted(starts, np.arange(n_ticks), side="right")]
    return chosen
