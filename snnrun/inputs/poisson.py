"""Background spikes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.inputs.base import Contribution, InputModel
from snnrun.quantities import Count, Frequencies, Voltages
from snnrun.registry import OneOf
from snnrun.synapses.base import SynapseModel
from snnrun.synapses.delta import Delta
from snnrun.units import Quantity


class Poisson(InputModel):
    """Poisson input: each neuron hears `n` independent sources that fire at `rate`.

    The spikes of `n` sources in a time step are one Poisson number with mean `n · rate · dt`. They act through a delta
    synapse of the given `weight`, or through any `synapse`.
    """

    references: ClassVar = (Reference("Brunel (2000) J. Comput. Neurosci. 8:183–208", "10.1023/A:1008925309027"),)
    example: ClassVar[str] = "{model: poisson, to: [exc, inh], rate: 20 Hz, n: 1000, weight: 0.1 mV}"

    model: Literal["poisson"] = "poisson"
    rate: Frequencies
    """Rate of one source."""
    n: Count = 1
    """Number of sources of each neuron."""
    weight: Voltages | None = None
    """Step of the membrane potential at each spike; short for a delta synapse."""
    synapse: Annotated[SynapseModel, OneOf("synapses")] | None = None
    """The synapse of each source."""

    @model_validator(mode="after")
    def exactly_one_synapse(self) -> Self:
        if (self.weight is None) == (self.synapse is None):
            raise ValueError("give either 'weight' (a delta synapse) or 'synapse'")
        return self

    def contribution(self) -> Contribution:
        synapse = self.synapse
        if synapse is None:
            assert self.weight is not None
            synapse = Delta(weight=self.weight)
        return Contribution(
            parameters={"rate": self.rate, "n": Quantity(float(self.n)), "weight": synapse.weight_value()},
            update="target += weight * poisson(n * rate * dt)",
            when="synapses",
            synapse=synapse,
        )
