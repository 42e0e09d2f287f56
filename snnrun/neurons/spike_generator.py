"""A source of spikes at given times."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.stimuli.spike_list import SpikeList
from snnrun.stimuli.stimulus import Events


class SpikeGenerator(SpikeList, NeuronModel):
    """Source of spikes at given times: the same for every neuron, or listed for each in a file.

    A spike at time t is sent in the time step that begins at t; a time between two steps counts as the nearest one. A
    file has a row for each spike, with the neuron in one column and the time in another. A neuron sends at most one
    spike in a step: more of them in the file count as one.
    """

    example: ClassVar[str] = "{model: spike_generator, times: [10 ms, 20 ms]}"
    sends_only: ClassVar[bool] = True

    model: Literal["spike_generator"] = "spike_generator"

    def dynamics(self) -> Dynamics:
        return Dynamics(equations="listed : 1", threshold="listed > 0", events="listed")

    def problem(self, n_neurons: int, dt: float) -> str | None:
        return self.list_problem(n_neurons)

    def events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events:
        return self.listed(n_neurons, n_ticks, dt)

    def expected_events(self, n_neurons: int, duration: float) -> float:
        return self.number_listed(n_neurons)
