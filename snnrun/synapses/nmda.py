"""The NMDA receptor."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConcentrations, NonNegativeConductances, PositiveTimes, Values, Voltages
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.synapses.biexponential_conductance import BIEXPONENTIAL, check_times
from snnrun.units import quantity


class Nmda(SynapseModel):
    """NMDA receptor: a slow conductance that magnesium blocks at rest and depolarisation sets free.

    The conductance is the difference of two exponentials; of it, the part `unblocked` conducts, after Jahr & Stevens.
    Spikes add up without saturation.
    """

    references: ClassVar = (
        Reference("Jahr & Stevens (1990) J. Neurosci. 10:3178–3182, the block", "10.1523/JNEUROSCI.10-09-03178.1990"),
        Reference("Wang (1999) J. Neurosci. 19:9587–9603, the time constants", "10.1523/JNEUROSCI.19-21-09587.1999"),
    )
    example: ClassVar[str] = "{model: nmda, weight: 1 nS, magnesium: 1 mM}"

    model: Literal["nmda"] = "nmda"
    weight: NonNegativeConductances
    """Peak of the conductance where nothing is blocked."""
    tau_rise: PositiveTimes = quantity("2 ms")
    """Time constant of the rise."""
    tau_decay: PositiveTimes = quantity("100 ms")
    """Time constant of the decay."""
    e_rev: Voltages = quantity("0 mV")
    """Reversal potential."""
    magnesium: NonNegativeConcentrations = quantity("1 mM")
    """Concentration of magnesium outside the cell."""

    @model_validator(mode="after")
    def rises_faster_than_it_decays(self) -> Self:
        check_times(self.tau_rise, self.tau_decay)
        return self

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations=f"{BIEXPONENTIAL}    unblocked = 1 / (1 + magnesium / (3.57*mM) * exp(-0.062 * v / mV)) : 1",
            current="g * unblocked * (e_rev - v)",
            increment="h",
            parameters={
                "tau_rise": self.tau_rise,
                "tau_decay": self.tau_decay,
                "e_rev": self.e_rev,
                "magnesium": self.magnesium,
            },
        )

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.e_rev
