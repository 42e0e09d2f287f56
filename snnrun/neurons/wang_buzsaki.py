"""The fast-spiking interneuron of Wang and Buzsáki."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import PositiveCapacitances, PositiveConductances, QuantityType, Values, Voltages
from snnrun.units import quantity

PositiveNumbers = Annotated[Values, QuantityType("1", above=0, varied=True)]


class WangBuzsaki(NeuronModel):
    """Wang–Buzsáki neuron: a fast-spiking interneuron with a brief afterhyperpolarisation, for gamma oscillations.

    Its rate rises continuously from zero (type I). The paper gives densities; here they stand for a patch of
    20 000 µm², so 1 µA/cm² is 200 pA. The sodium channel opens at once. Integrated, as in the paper, by fourth-order
    Runge–Kutta; use dt = 0.05 ms or below.
    """

    references: ClassVar = (
        Reference("Wang & Buzsáki (1996) J. Neurosci. 16:6402–6413", "10.1523/JNEUROSCI.16-20-06402.1996"),
    )

    model: Literal["wang_buzsaki"] = "wang_buzsaki"
    c_m: PositiveCapacitances = quantity("200 pF")
    """Membrane capacitance (1 µF/cm²)."""
    g_na: PositiveConductances = quantity("7 uS")
    """Largest sodium conductance (35 mS/cm²)."""
    g_k: PositiveConductances = quantity("1.8 uS")
    """Largest potassium conductance (9 mS/cm²)."""
    g_leak: PositiveConductances = quantity("20 nS")
    """Leak conductance (0.1 mS/cm²)."""
    e_na: Voltages = quantity("55 mV")
    """Reversal potential of sodium."""
    e_k: Voltages = quantity("-90 mV")
    """Reversal potential of potassium."""
    e_leak: Voltages = quantity("-65 mV")
    """Reversal potential of the leak."""
    phi: PositiveNumbers = quantity("5")
    """How much faster the slow gates are than those of the squid."""
    v_thresh: Voltages = quantity("-20 mV")
    """A spike is counted when the potential rises above this value."""
    v_rest: Voltages = quantity("-64 mV")
    """Resting potential: where the membrane starts, with its gates in equilibrium."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (g_na*m**3*h*(e_na - v) + g_k*n**4*(e_k - v) + g_leak*(e_leak - v) + I_total) / c_m : volt
                m = alpha_m / (alpha_m + beta_m) : 1
                dh/dt = phi*(alpha_h*(1 - h) - beta_h*h) : 1
                dn/dt = phi*(alpha_n*(1 - n) - beta_n*n) : 1
                alpha_m = 1/ms / exprel(-(v + 35*mV)/(10*mV)) : Hz
                beta_m = 4/ms * exp(-(v + 60*mV)/(18*mV)) : Hz
                alpha_h = 0.07/ms * exp(-(v + 58*mV)/(20*mV)) : Hz
                beta_h = 1/ms / (1 + exp(-(v + 28*mV)/(10*mV))) : Hz
                alpha_n = 0.1/ms / exprel(-(v + 34*mV)/(10*mV)) : Hz
                beta_n = 0.125/ms * exp(-(v + 44*mV)/(80*mV)) : Hz
            """,
            threshold="v > v_thresh",
            refractory="v > v_thresh",
            method="rk4",
            initial={"v": "v_rest", "h": "alpha_h / (alpha_h + beta_h)", "n": "alpha_n / (alpha_n + beta_n)"},
        )
