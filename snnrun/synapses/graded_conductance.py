"""The conductance that follows the presynaptic potential."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, PositiveVoltages, QuantityType, Values, Voltages
from snnrun.synapses.base import CoupledSynapse, Kinetics
from snnrun.units import quantity

PositiveRates = Annotated[Values, QuantityType("1/ms", above=0, varied=True)]


class GradedConductance(CoupledSynapse):
    """Conductance-based synapse whose gate follows the presynaptic potential at any moment, without spikes.

    The fraction `s` of open channels grows with the transmitter, a sigmoid of the potential of the source, so it
    saturates, lasts as long as the action potential does, and also answers to graded potentials; it closes
    exponentially. The defaults are a GABA_A synapse that decays in 10 ms. The source needs a potential `v` with spikes
    of a shape of their own. What flows is computed once in a time step: keep it as short as its spikes ask for.
    """

    references: ClassVar = (
        Reference("Wang & Buzsáki (1996) J. Neurosci. 16:6402–6413", "10.1523/JNEUROSCI.16-20-06402.1996"),
    )
    example: ClassVar[str] = "{model: graded_conductance, weight: 0.3 nS}"

    model: Literal["graded_conductance"] = "graded_conductance"
    weight: NonNegativeConductances
    """Conductance when all channels are open."""
    alpha: PositiveRates = quantity("12 1/ms")
    """Rate at which channels open while transmitter is there."""
    beta: PositiveRates = quantity("0.1 1/ms")
    """Rate at which they close."""
    theta_syn: Voltages = quantity("0 mV")
    """Presynaptic potential at which half of the transmitter is set free."""
    slope: PositiveVoltages = quantity("2 mV")
    """How steeply the transmitter grows with the presynaptic potential: its tenfold odds take 2.3 times as much."""
    e_rev: Voltages = quantity("-75 mV")
    """Reversal potential."""

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations="g : siemens",
            current="g * (e_rev - v)",
            parameters={"e_rev": self.e_rev},
            state="ds/dt = alpha/(1 + exp((theta_syn - v_pre)/slope))*(1 - s) - beta*s : 1 (clock-driven)",
            state_parameters={
                "alpha": self.alpha,
                "beta": self.beta,
                "theta_syn": self.theta_syn,
                "slope": self.slope,
            },
            summed="g",
            coupling="weight * s",
        )

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.e_rev
