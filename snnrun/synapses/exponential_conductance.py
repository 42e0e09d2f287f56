"""The conductance-based synapse with exponential decay."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, PositiveTimes, Values, Voltages
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import quantity


class ExponentialConductance(SynapseModel):
    """Conductance-based synapse: a spike opens a conductance by the weight, and it decays exponentially.

    The current is the conductance times the distance to the reversal potential, which decides the sign; the weight is
    never negative.
    """

    references: ClassVar = (
        Reference("Vogels & Abbott (2005) J. Neurosci. 25:10786–10795", "10.1523/JNEUROSCI.3508-05.2005"),
        Reference("Brette et al. (2007) J. Comput. Neurosci. 23:349–398, COBA", "10.1007/s10827-007-0038-6"),
    )
    example: ClassVar[str] = "{model: exponential_conductance, weight: 6 nS, tau_syn: 5 ms, e_rev: 0 mV}"

    model: Literal["exponential_conductance"] = "exponential_conductance"
    weight: NonNegativeConductances
    """Step of the conductance."""
    tau_syn: PositiveTimes = quantity("5 ms")
    """Decay time constant."""
    e_rev: Voltages = quantity("0 mV")
    """Reversal potential: above threshold for excitation, below it for inhibition."""

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations="dg/dt = -g / tau_syn : siemens",
            current="g * (e_rev - v)",
            increment="g",
            parameters={"tau_syn": self.tau_syn, "e_rev": self.e_rev},
        )

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.e_rev
