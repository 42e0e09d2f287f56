"""Values as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.quantities import Values
from snnrun.units import Quantity


def numbers(values: Values, size: int, random: np.random.Generator) -> NDArray[np.float64]:
    """So many numbers in SI units: all the same, drawn, or those of a file.

    Returns
    -------
    shape (size,)
    """
    if isinstance(values, Quantity):
        return np.full(size, values.value)
    assert not isinstance(values, OfDistance), "only synapses have a distance"
    drawn = values.draw(random, size) if isinstance(values, Distribution) else values.values
    return np.ascontiguousarray(drawn, dtype=np.float64)
