"""What currents have in common that are the same for all neurons."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from snnrun.datafiles import FloatArray
from snnrun.inputs.base import Contribution, InputModel


class SharedCurrent(InputModel):
    """A current that is known before the run, the same for every neuron, and held during each time step."""

    def contribution(self) -> Contribution:
        return Contribution(equations="stimulus : amp (shared)", current="stimulus", waveform="stimulus")

    def drawn_waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> FloatArray:
        return self.amperes(n_ticks, dt)

    @abstractmethod
    def amperes(self, n_ticks: int, dt: float) -> FloatArray:
        """The current in each time step, in ampere; shape (n_ticks,).

        Parameters
        ----------
        dt
            Time step in seconds.
        """
