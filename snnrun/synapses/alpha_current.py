"""The current-based synapse whose current rises and falls with one time constant."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import Currents, PositiveTimes, Values
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import quantity


class AlphaCurrent(SynapseModel):
    """Current-based synapse with the time course of an alpha function: t/tau_syn · exp(1 - t/tau_syn).

    The current that a spike brings rises to the weight within `tau_syn` and falls again; the weight carries the sign.
    """

    references: ClassVar = (
        Reference("Rall (1967) J. Neurophysiol. 30:1138–1168", "10.1152/jn.1967.30.5.1138"),
        Reference("Rotter & Diesmann (1999) Biol. Cybern. 81:381–402, exact integration", "10.1007/s004220050570"),
    )
    example: ClassVar[str] = "{model: alpha_current, weight: 16 pA, tau_syn: 2 ms}"

    model: Literal["alpha_current"] = "alpha_current"
    weight: Currents
    """Peak of the current; negative for inhibition."""
    tau_syn: PositiveTimes = quantity("2 ms")
    """Time from the arrival of a spike to the peak, and time constant of the decay."""

    def kinetics(self) -> Kinetics:
        # exp(1) makes the weight the peak of I.
        return Kinetics(
            equations="""
                dI/dt = (exp(1) * h - I) / tau_syn : amp
                dh/dt = -h / tau_syn : amp
            """,
            current="I",
            increment="h",
            parameters={"tau_syn": self.tau_syn},
        )

    def weight_value(self) -> Values:
        return self.weight
