"""The squid giant axon of Hodgkin and Huxley, as a single compartment."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import PositiveCapacitances, PositiveConductances, Voltages
from snnrun.units import quantity


class HodgkinHuxley(NeuronModel):
    """Hodgkin–Huxley neuron: the squid axon of 1952, with the potential counted as today (rest near -65 mV).

    The paper gives densities; here they stand for a patch of 20 000 µm², so 1 µA/cm² is 200 pA. Integrated by
    fourth-order Runge–Kutta: exponential Euler at the same step loses spikes near the rheobase. Use dt = 0.01 ms.
    """

    references: ClassVar = (
        Reference("Hodgkin & Huxley (1952) J. Physiol. 117:500–544", "10.1113/jphysiol.1952.sp004764"),
    )

    model: Literal["hodgkin_huxley"] = "hodgkin_huxley"
    c_m: PositiveCapacitances = quantity("200 pF")
    """Membrane capacitance (1 µF/cm²)."""
    g_na: PositiveConductances = quantity("24 uS")
    """Largest sodium conductance (120 mS/cm²)."""
    g_k: PositiveConductances = quantity("7.2 uS")
    """Largest potassium conductance (36 mS/cm²)."""
    g_leak: PositiveConductances = quantity("60 nS")
    """Leak conductance (0.3 mS/cm²)."""
    e_na: Voltages = quantity("50 mV")
    """Reversal potential of sodium."""
    e_k: Voltages = quantity("-77 mV")
    """Reversal potential of potassium."""
    e_leak: Voltages = quantity("-54.387 mV")
    """Reversal potential of the leak."""
    v_thresh: Voltages = quantity("-20 mV")
    """A spike is counted when the potential rises above this value."""
    v_rest: Voltages = quantity("-65 mV")
    """Resting potential: where the membrane starts, with its gates in equilibrium."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (g_na*m**3*h*(e_na - v) + g_k*n**4*(e_k - v) + g_leak*(e_leak - v) + I_total) / c_m : volt
                dm/dt = alpha_m*(1 - m) - beta_m*m : 1
                dh/dt = alpha_h*(1 - h) - beta_h*h : 1
                dn/dt = alpha_n*(1 - n) - beta_n*n : 1
                alpha_m = 1/ms / exprel(-(v + 40*mV)/(10*mV)) : Hz
                beta_m = 4/ms * exp(-(v + 65*mV)/(18*mV)) : Hz
                alpha_h = 0.07/ms * exp(-(v + 65*mV)/(20*mV)) : Hz
                beta_h = 1/ms / (1 + exp(-(v + 35*mV)/(10*mV))) : Hz
                alpha_n = 0.1/ms / exprel(-(v + 55*mV)/(10*mV)) : Hz
                beta_n = 0.125/ms * exp(-(v + 65*mV)/(80*mV)) : Hz
            """,
            threshold="v > v_thresh",
            refractory="v > v_thresh",
            method="rk4",
            initial={
                "v": "v_rest",
                "m": "alpha_m / (alpha_m + beta_m)",
                "h": "alpha_h / (alpha_h + beta_h)",
                "n": "alpha_n / (alpha_n + beta_n)",
            },
        )
