"""The gap junction."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, Values
from snnrun.synapses.base import CoupledSynapse, Kinetics


class Electrical(CoupledSynapse):
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

    model: Literal["electrical"] = "electrical"
    weight: NonNegativeConductances
    """Conductance of the junction."""

    def kinetics(self) -> Kinetics:
        return Kinetics(equations="I : amp", current="I", summed="I", coupling="weight * (v_pre - v_post)")

    def weight_value(self) -> Values:
        return self.weight
