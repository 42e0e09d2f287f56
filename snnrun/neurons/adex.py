"""The adaptive exponential integrate-and-fire neuron."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import (
    Conductances,
    Currents,
    NonNegativeTimes,
    PositiveCapacitances,
    PositiveConductances,
    PositiveTimes,
    PositiveVoltages,
    Voltages,
)
from snnrun.units import quantity


class AdEx(NeuronModel):
    """Adaptive exponential integrate-and-fire neuron (AdEx): an exponential upstroke and a current that adapts.

    The adaptation current `w` follows the potential (`a`) and grows at every spike (`b`). The defaults are the
    paper's: a regularly spiking pyramidal cell that adapts. `v_reset` above `v_thresh` makes it burst. Integrated by
    fourth-order Runge–Kutta, at dt = 0.1 ms or below: Euler's method is late by much of a step at every upstroke.
    """

    references: ClassVar = (
        Reference("Brette & Gerstner (2005) J. Neurophysiol. 94:3637–3642", "10.1152/jn.00686.2005"),
        Reference("Touboul & Brette (2008) Biol. Cybern. 99:319–334, on bursts", "10.1007/s00422-008-0267-4"),
    )

    model: Literal["adex"] = "adex"
    c_m: PositiveCapacitances = quantity("281 pF")
    """Membrane capacitance."""
    g_leak: PositiveConductances = quantity("30 nS")
    """Leak conductance."""
    v_rest: Voltages = quantity("-70.6 mV")
    """Reversal potential of the leak, and where the adaptation through `a` vanishes."""
    v_thresh: Voltages = quantity("-50.4 mV")
    """Potential at which the upstroke begins: where the exponential current has the slope of the leak."""
    delta_t: PositiveVoltages = quantity("2 mV")
    """Sharpness of the upstroke: the smaller, the more it resembles a fixed threshold."""
    v_peak: Voltages = quantity("0 mV")
    """A spike is counted here; well above `v_thresh`, its value does not matter."""
    v_reset: Voltages = quantity("-70.6 mV")
    """Potential after a spike."""
    tau_refrac: NonNegativeTimes = quantity("0 ms")
    """Refractory time, during which `w` goes on."""
    a: Conductances = quantity("4 nS")
    """Adaptation below threshold: how strongly `w` follows the potential; negative for what amplifies it."""
    b: Currents = quantity("80.5 pA")
    """Adaptation by spikes: step of `w` at each of them."""
    tau_w: PositiveTimes = quantity("144 ms")
    """Time constant of the adaptation."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            # The last step of an upstroke would overflow, and spoil w. From the upper bound of the exponent to infinity
            # the potential takes exp(-30) of the membrane time constant; and w sees no potential above the peak, as in
            # NEST.
            equations="""
                dv/dt = (g_leak*(v_rest - v + upstroke) - w + I_total) / c_m : volt (unless refractory)
                dw/dt = (a*(clip(v, v, v_peak) - v_rest) - w) / tau_w : amp
                upstroke = delta_t * exp(clip((v - v_thresh)/delta_t, -30, 30)) : volt
            """,
            threshold="v > v_peak",
            reset="v = v_reset\nw += b",
            refractory="tau_refrac",
            method="rk4",
            initial={"v": "v_rest"},
        )
