"""Spikes at given times."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np

from snnrun.inputs.base import Contribution, InputModel, spikes_through
from snnrun.registry import OneOf
from snnrun.stimuli.spike_list import SpikeList
from snnrun.stimuli.stimulus import Events
from snnrun.synapses.base import SynapseModel


class SpikeTimes(SpikeList, InputModel):
    """Spikes at given times: the same for every neuron, or listed for each in a file.

    A spike at time t acts in the time step that begins at t; a time between two steps counts as the nearest one. A file
    has a row for each spike, with the neuron in one column and the time in another; where `neurons` are chosen, it
    counts along these.
    """

    example: ClassVar[str] = "{model: spike_times, to: exc, times: [10 ms], synapse: {model: delta, weight: 5 mV}}"

    model: Literal["spike_times"] = "spike_times"
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """The synapse through which the spikes act."""

    def contribution(self) -> Contribution:
        return spikes_through(self.synapse)

    def problem(self, n_neurons: int) -> str | None:
        return self.list_problem(n_neurons)

    def drawn_events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events:
        return self.listed(n_neurons, n_ticks, dt)

    def expected_events(self, n_neurons: int, duration: float) -> float:
        return self.number_listed(n_neurons)
