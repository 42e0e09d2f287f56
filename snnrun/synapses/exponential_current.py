"""The current-based synapse with exponential decay."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import Currents, PositiveTimes, Values
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import quantity


class ExponentialCurrent(SynapseModel):
    """Current-based synapse: a spike raises a current by the weight, and the current decays exponentially.

    The weight carries the sign. The effect does not depend on the membrane potential.
    """

    references: ClassVar = (
        Reference("Vogels & Abbott (2005) J. Neurosci. 25:10786–10795", "10.1523/JNEUROSCI.3508-05.2005"),
        Reference("Brette et al. (2007) J. Comput. Neurosci. 23:349–398, CUBA", "10.1007/s10827-007-0038-6"),
    )
    example: ClassVar[str] = "{model: exponential_current, weight: 16 pA, tau_syn: 5 ms}"

    model: Literal["exponential_current"] = "exponential_current"
    weight: Currents
    """Step of the current; negative for inhibition."""
    tau_syn: PositiveTimes = quantity("5 ms")
    """Decay time constant."""

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations="dI/dt = -I / tau_syn : amp",
            current="I",
            increment="I",
            parameters={"tau_syn": self.tau_syn},
        )

    def weight_value(self) -> Values:
        return self.weight
