"""The gap junction."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, Values
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import Quantity


class Electrical(SynapseModel):
    """Electrical synapse (gap junction): a conductance between two cells, without spikes and without delay.

    The current into the target is the weight times the difference of the two membrane potentials, summed over the
    junctions of a cell. Each synapse is one direction of a junction: for current that flows both ways the connectivity
    lists both. The potentials are those at the beginning of a time step, so the step must be short against the
    capacitance divided by all conductances of a cell. Dale's law does not apply.
    """

    references: ClassVar = (
        Reference("Lewis & Rinzel (2003) J. Comput. Neurosci. 14:283–309", "10.1023/A:1023265027714"),
    )
    example: ClassVar[str] = "{model: electrical, weight: 0.1 nS}"
    own_receptor: ClassVar[bool] = True

    model: Literal["electrical"] = "electrical"
    weight: NonNegativeConductances
    """Conductance of the junction."""

    @model_validator(mode="after")
    def acts_without_spikes(self) -> Self:
        if self.delay != Quantity(0.0, self.delay.dimension):
            raise ValueError("an electrical synapse acts at once: remove 'delay'")
        if self.receptor is not None:
            raise ValueError("the electrical synapses of a projection have a current of their own: remove 'receptor'")
        if self.plasticity is not None:
            raise ValueError("an electrical synapse hears no spikes, which plasticity needs: remove 'plasticity'")
        return self

    def kinetics(self) -> Kinetics:
        return Kinetics(equations="I : amp", current="I", coupling="weight * (v_pre - v_post)")

    def weight_value(self) -> Values:
        return self.weight
