"""A sinusoidal current."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

from snnrun.datafiles import FloatArray
from snnrun.inputs.shared_current import SharedCurrent
from snnrun.quantities import Current, Number, PositiveFrequency
from snnrun.units import Quantity, quantity


class SineCurrent(SharedCurrent):
    """Sinusoidal current: mean + amplitude · sin(2π · frequency · t + phase), as it is when each time step begins."""

    example: ClassVar[str] = "{model: sine_current, to: exc, mean: 200 pA, amplitude: 50 pA, frequency: 10 Hz}"

    model: Literal["sine_current"] = "sine_current"
    mean: Current = quantity("0 pA")
    """Mean current; positive depolarises."""
    amplitude: Current
    """Largest deviation from the mean."""
    frequency: PositiveFrequency
    """Frequency of the sine."""
    phase: Number = Quantity(0.0)
    """Phase at the start of the run, in radians."""

    def amperes(self, n_ticks: int, dt: float) -> FloatArray:
        angle = 2 * math.pi * self.frequency.value * np.arange(n_ticks) * dt + self.phase.value
        current: FloatArray = self.mean.value + self.amplitude.value * np.sin(angle)
        return current
