"""The two ways in which a stimulus that was drawn beforehand reaches the program."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Events(NamedTuple):
    """Spikes that were drawn beforehand: when, and at which neuron; sorted by time."""

    ticks: NDArray[np.int64]
    node_ids: NDArray[np.int32]

    @classmethod
    def sorted(cls, ticks: NDArray[np.int64], node_ids: NDArray[np.int32]) -> Events:
        """Spikes in any order; those of one step come out in the order of the neurons."""
        order = np.lexsort((node_ids, ticks))
        return cls(ticks[order], node_ids[order])


class Stimulus:
    """What can give a stimulus: an input, a neuron model. It depends on nothing but their fields and the arguments."""

    def waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> NDArray[np.float64] | None:
        """One number for each time step, shared by all neurons; shape (n_ticks,), SI units. None for no such stimulus.

        Parameters
        ----------
        dt
            Time step in seconds.
        random
            Where the stimulus draws from.
        """
        return None

    def events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events | None:
        """Spikes for each of the neurons, in the time of the run. None for no such stimulus.

        Parameters
        ----------
        dt
            Time step in seconds.
        random
            Where the stimulus draws from.
        """
        return None

    def expected_events(self, n_neurons: int, duration: float) -> float:
        """About how many spikes `events` will give in a run of so many seconds."""
        return 0.0

    def drawn_anew(self) -> bool:
        """Whether each trial draws its own stimulus; otherwise all trials share it."""
        return False
