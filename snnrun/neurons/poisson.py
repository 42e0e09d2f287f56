"""A source of random spikes."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Final, Literal

import numpy as np

from snnrun.courses.base import Course
from snnrun.datafiles import FloatArray
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import Frequencies
from snnrun.registry import OneOf
from snnrun.units import Quantity, unit

# At a chance of a tenth in each step intervals have a CV of √0.9 = 0.95; a process much denser is no longer Poisson.
LARGEST_CHANCE: Final = 0.1


class PoissonNeuron(NeuronModel):
    """Source of random spikes: each neuron fires independently at `rate`, which may follow a `course`.

    In each time step a neuron fires with the chance rate · dt, so there is at most one spike in a step: the mean rate
    is exact, the Fano factor of the counts is 1 − rate · dt. A rate too high for the time step is refused.
    """

    example: ClassVar[str] = "{model: poisson, rate: 20 Hz, course: {course: sine, frequency: 5 Hz}}"
    sends_only: ClassVar[bool] = True

    model: Literal["poisson"] = "poisson"
    rate: Frequencies
    """Rate of each neuron."""
    course: Annotated[Course, OneOf("courses")] | None = None
    """Factor by which the rate changes over time."""

    def dynamics(self) -> Dynamics:
        if self.course is None:
            return Dynamics(equations="", threshold="rand() < rate * dt")
        return Dynamics(equations="factor : 1 (shared)", threshold="rand() < rate * factor * dt", waveform="factor")

    def problem(self, n_neurons: int, dt: float) -> str | None:
        if self.course is not None and (problem := self.course.problem()):
            return problem
        highest = self.rate.value if isinstance(self.rate, Quantity) else self.rate.bounds()[1]
        highest *= 1.0 if self.course is None else self.course.largest()
        # A distribution without an upper bound is trusted: a neuron beyond it is rare.
        if math.isinf(highest) or highest * dt <= LARGEST_CHANCE:
            return None
        most = Quantity(LARGEST_CHANCE / dt, unit("Hz").dimension)
        return (
            f"Neurons send at most one spike in a time step: the rate can be {most.pretty()} at most, but reaches "
            f"{Quantity(highest, most.dimension).pretty()}. Shorten 'simulation.dt', or use more neurons."
        )

    def waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> FloatArray | None:
        return None if self.course is None else self.course.values(n_ticks, dt)
