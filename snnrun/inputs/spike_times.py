"""Spikes at given times."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from snnrun.inputs.base import Contribution, Events, InputModel
from snnrun.quantities import NonNegativeTime
from snnrun.registry import OneOf
from snnrun.synapses.base import SynapseModel


class SpikeTimes(InputModel):
    """Spikes at given times, the same for every neuron or listed for each in a file.

    A spike at time t acts in the step that begins at t; times between two steps act in the nearest one.
    """

    model: Literal["spike_times"] = "spike_times"
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False)] = ()
    """Times at which every neuron of the target receives a spike."""
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """The synapse through which the spikes act."""

    def contribution(self) -> Contribution:
        return Contribution(
            parameters={"weight": self.synapse.weight_value()},
            equations="count : 1",
            update="target += weight * count",
            when="synapses",
            synapse=self.synapse,
            driven="count",
        )

    def events(self, n_neurons: int, dt: float) -> Events | None:
        times = np.sort([time.value for time in self.times])
        ticks = np.rint(times / dt).astype(np.int64)
        return Events(np.repeat(ticks, n_neurons), np.tile(np.arange(n_neurons, dtype=np.int32), len(ticks)))
