"""A sinusoidal course."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

from snnrun.courses.base import Course
from snnrun.datafiles import FloatArray
from snnrun.quantities import Number, PositiveFrequency, Probability
from snnrun.units import Quantity


class Sine(Course):
    """Sinusoidal modulation: the factor is 1 + depth · sin(2π · frequency · t + phase), so its mean is 1."""

    example: ClassVar[str] = "{course: sine, frequency: 10 Hz, depth: 0.5}"

    course: Literal["sine"] = "sine"
    frequency: PositiveFrequency
    """Frequency of the modulation."""
    depth: Probability = Quantity(1.0)
    """Depth of the modulation: at 1 the rate falls to zero once in a period."""
    phase: Number = Quantity(0.0)
    """Phase at the start of the run, in radians."""

    def values(self, n_ticks: int, dt: float) -> FloatArray:
        time = np.arange(n_ticks) * dt
        angle = 2 * math.pi * self.frequency.value * time + self.phase.value
        factor: FloatArray = 1 + self.depth.value * np.sin(angle)
        return factor

    def largest(self) -> float:
        return 1 + self.depth.value
