"""The synapse without time course."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import Values, Voltages
from snnrun.synapses.base import Kinetics, SynapseModel


class Delta(SynapseModel):
    """Delta synapse: a spike moves the membrane potential by the weight, at once.

    The weight carries the sign. The potential of a refractory neuron does not move.
    """

    references: ClassVar = (Reference("Brunel (2000) J. Comput. Neurosci. 8:183–208", "10.1023/A:1008925309027"),)
    example: ClassVar[str] = "{model: delta, weight: 0.1 mV, delay: 1.5 ms}"

    model: Literal["delta"] = "delta"
    weight: Voltages
    """Step of the membrane potential; negative for inhibition."""

    def kinetics(self) -> Kinetics:
        return Kinetics(increment="v")

    def weight_value(self) -> Values:
        return self.weight
