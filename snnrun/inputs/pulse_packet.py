"""Volleys of spikes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from snnrun.entry import Reference
from snnrun.inputs.base import Contribution, InputModel, spikes_through
from snnrun.quantities import NonNegativeTime, PositiveCount
from snnrun.registry import OneOf
from snnrun.stimuli.stimulus import Events
from snnrun.synapses.base import SynapseModel


class PulsePacket(InputModel):
    """Pulse packets: volleys of `spikes` spikes each, whose times scatter normally around the time of the packet.

    Every neuron receives all spikes of a packet. Either all neurons of a population receive the same ones, as from one
    group of presynaptic neurons, or the times are drawn for each neuron. A spike acts in the time step nearest to its
    time; one that falls before the run or after it is lost.
    """

    references: ClassVar = (
        Reference("Diesmann, Gewaltig & Aertsen (1999) Nature 402:529–533, Fig. 2", "10.1038/990101"),
    )
    example: ClassVar[str] = (
        "{model: pulse_packet, to: exc, times: [100 ms], spikes: 100, sigma: 2 ms, "
        "synapse: {model: exponential_current, weight: 10 pA}}"
    )

    model: Literal["pulse_packet"] = "pulse_packet"
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False, min_length=1)]
    """Centre of each packet."""
    spikes: PositiveCount
    """Number of spikes in a packet."""
    sigma: NonNegativeTime
    """Standard deviation of the spike times around the centre."""
    same: bool = True
    """Whether all neurons of a population receive the same spikes."""
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """The synapse through which the spikes act."""
    frozen: bool = False
    """Whether the spikes are the same in every trial."""

    def contribution(self) -> Contribution:
        return spikes_through(self.synapse)

    def drawn_events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events:
        centres = np.repeat([time.value for time in self.times], self.spikes)
        copies = 1 if self.same else n_neurons
        scattered = random.normal(np.tile(centres, (copies, 1)), self.sigma.value)
        steps = np.broadcast_to(np.rint(scattered / dt), (n_neurons, len(centres)))
        node_ids = np.broadcast_to(np.arange(n_neurons, dtype=np.int32)[:, np.newaxis], steps.shape)
        within = (steps >= 0) & (steps < n_ticks)
        return Events.sorted(steps[within].astype(np.int64), node_ids[within])

    def expected_events(self, n_neurons: int, duration: float) -> float:
        return float(n_neurons * len(self.times) * self.spikes)

    def drawn_anew(self) -> bool:
        return not self.frozen
