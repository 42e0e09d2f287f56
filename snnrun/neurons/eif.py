"""The exponential integrate-and-fire neuron."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import NonNegativeTimes, PositiveCapacitances, PositiveConductances, PositiveVoltages, Voltages
from snnrun.units import quantity


class Eif(NeuronModel):
    """Exponential integrate-and-fire neuron: the sodium current of the upstroke is an exponential of the potential.

    Above `v_thresh` the potential runs away by itself; without refractory time, a constant current above
    `g_leak * (v_thresh - v_rest - delta_t)` makes the neuron fire for ever. The defaults are the paper's fit to the
    Wang–Buzsáki neuron, for a patch of 20 000 µm². Integrated by fourth-order Runge–Kutta, at dt = 0.1 ms or below:
    Euler's method is late by much of a step at every upstroke.
    """

    references: ClassVar = (
        Reference("Fourcaud-Trocmé, Hansel, van Vreeswijk & Brunel (2003) J. Neurosci. 23:11628–11640",
                  "10.1523/JNEUROSCI.23-37-11628.2003"),
    )  # fmt: skip

    model: Literal["eif"] = "eif"
    c_m: PositiveCapacitances = quantity("200 pF")
    """Membrane capacitance."""
    g_leak: PositiveConductances = quantity("20 nS")
    """Leak conductance."""
    v_rest: Voltages = quantity("-65 mV")
    """Reversal potential of the leak."""
    v_thresh: Voltages = quantity("-59.9 mV")
    """Potential at which the upstroke begins: where the exponential current has the slope of the leak."""
    delta_t: PositiveVoltages = quantity("3.48 mV")
    """Sharpness of the upstroke: the smaller, the more it resembles a fixed threshold."""
    v_peak: Voltages = quantity("-30 mV")
    """A spike is counted here; well above `v_thresh`, its value does not matter."""
    v_reset: Voltages = quantity("-68 mV")
    """Potential after a spike."""
    tau_refrac: NonNegativeTimes = quantity("1.7 ms")
    """Refractory time."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            # The last step of an upstroke would overflow. From the upper bound to infinity the potential takes
            # exp(-30) of the membrane time constant; at the lower one the current is as small.
            equations="""
                dv/dt = (g_leak*(v_rest - v + upstroke) + I_total) / c_m : volt (unless refractory)
                upstroke = delta_t * exp(clip((v - v_thresh)/delta_t, -30, 30)) : volt
            """,
            threshold="v > v_peak",
            reset="v = v_reset",
            refractory="tau_refrac",
            method="rk4",
            initial={"v": "v_rest"},
        )
