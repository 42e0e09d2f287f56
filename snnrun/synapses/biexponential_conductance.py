"""The conductance-based synapse with a rise and a decay of its own."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, Self

from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.quantities import NonNegativeConductances, PositiveTimes, Values, Voltages
from snnrun.synapses.base import Kinetics, SynapseModel
from snnrun.units import Quantity, quantity

# One spike: g = weight · scale · tau_rise / (tau_decay - tau_rise) · (exp(-t/tau_decay) - exp(-t/tau_rise)), where
# scale = (tau_decay / tau_rise)**(tau_decay / (tau_decay - tau_rise)) makes the weight the maximum.
BIEXPONENTIAL: Final = """
    dg/dt = (scale * h - g) / tau_decay : siemens
    dh/dt = -h / tau_rise : siemens
    scale = exp(tau_decay / (tau_decay - tau_rise) * log(tau_decay / tau_rise)) : 1
"""


class BiexponentialConductance(SynapseModel):
    """Conductance-based synapse: the difference of two exponentials, scaled so that its peak is the weight.

    The reversal potential decides the sign of the current; the weight is never negative.
    """

    references: ClassVar = (
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 3.1", "10.1017/CBO9781107447615"),
    )
    example: ClassVar[str] = (
        "{model: biexponential_conductance, weight: 6 nS, tau_rise: 0.5 ms, tau_decay: 5 ms, e_rev: 0 mV}"
    )

    model: Literal["biexponential_conductance"] = "biexponential_conductance"
    weight: NonNegativeConductances
    """Peak of the conductance."""
    tau_rise: PositiveTimes = quantity("0.5 ms")
    """Time constant of the rise."""
    tau_decay: PositiveTimes = quantity("5 ms")
    """Time constant of the decay."""
    e_rev: Voltages = quantity("0 mV")
    """Reversal potential: above threshold for excitation, below it for inhibition."""

    @model_validator(mode="after")
    def rises_faster_than_it_decays(self) -> Self:
        check_times(self.tau_rise, self.tau_decay)
        return self

    def kinetics(self) -> Kinetics:
        return Kinetics(
            equations=BIEXPONENTIAL,
            current="g * (e_rev - v)",
            increment="h",
            parameters={"tau_rise": self.tau_rise, "tau_decay": self.tau_decay, "e_rev": self.e_rev},
        )

    def weight_value(self) -> Values:
        return self.weight

    def reversal(self) -> Values | None:
        return self.e_rev


def check_times(rise: Values, decay: Values) -> None:
    """Hold the time constants of a rise and a decay against each other.

    Raises
    ------
    ValueError
        If they are equal, or the rise is slower in every neuron.
    """
    if isinstance(rise, Quantity) and rise == decay:
        raise ValueError(
            f"'tau_rise' and 'tau_decay' are both {rise.pretty()}: the difference of equal exponentials is nothing. "
            "Let the rise be faster, or use alpha_conductance, the limit"
        )
    fastest_rise, slowest_decay = _bounds(rise)[0], _bounds(decay)[1]
    if fastest_rise > slowest_decay:
        raise ValueError(f"'tau_rise' ({rise.pretty()}) is longer than 'tau_decay' ({decay.pretty()}); exchange them")


def _bounds(value: Values) -> tuple[float, float]:
    return (value.value, value.value) if isinstance(value, Quantity) else value.bounds()
