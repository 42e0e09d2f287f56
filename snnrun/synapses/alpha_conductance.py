"""The conductance-based synapse whose conductance rises and falls with one time constant."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, PositiveTimes, Values, Voltages
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import quantity


class AlphaConductance(SynapseModel):
    """Conductance-based synapse with the time course of an alpha function: t/tau_syn · exp(1 - t/tau_syn).

    The conductance that a spike opens rises to the weight within `tau_syn` and falls again. The reversal potential
    decides the sign of the current; the weight is never negative.
    """

    references: ClassVar = (
        Reference("Rall (1967) J. Neurophysiol. 30:1138–1168", "10.1152/jn.1967.30.5.1138"),
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 3.1", "10.1017/CBO9781107447615"),
    )
    example: ClassVar[str] = "{model: alpha_conductance, weight: 6 nS, tau_syn: 2 ms, e_rev: 0 mV}"

    model: Literal["alpha_conductance"] = "alpha_conductance"
    weight: NonNegativeConductances
    """Peak of the conductance."""
    tau_syn: PositiveTimes = quantity("2 ms")
    """Time from the arrival of a spike to the peak, and time constant of the decay."""
    e_rev: Voltages = quantity("0 mV")
    """Reversal potential: above threshold for excitation, below it for inhibition."""

    def kinetics(self) -> Kinetics:
        # exp(1) makes the weight the peak of g.
        return Kinetics(
            equations="""
                dg/dt = (exp(1) * h - g) / tau_syn : siemens
                dh/dt = -h / tau_syn : siemens
            """,
            current="g * (e_rev - v)",
            increment="h",
            parameters={"tau_syn": self.tau_syn, "e_rev": self.e_rev},
        )

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.e_rev
