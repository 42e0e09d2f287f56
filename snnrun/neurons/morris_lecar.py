"""The barnacle muscle fibre of Morris and Lecar, as two variables of an excitable membrane."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import (
    PositiveCapacitances,
    PositiveConductances,
    PositiveVoltages,
    QuantityType,
    Values,
    Voltages,
)
from snnrun.units import quantity

PositiveRates = Annotated[Values, QuantityType("1/ms", above=0, varied=True)]


class MorrisLecar(NeuronModel):
    """Morris–Lecar neuron: calcium that opens at once and slow potassium; the membrane to be seen in the phase plane.

    The defaults are type II of Rinzel & Ermentrout: firing begins with a jump, in a Hopf bifurcation. For their type I,
    which begins at rate zero in a saddle-node on the limit cycle, write
    `{g_ca: 40 nS, v_3: 12 mV, v_4: 17.4 mV, phi: 1/15/ms}`. They give densities; here these stand for a patch of
    1000 µm², so 1 µA/cm² is 10 pA. Integrated by fourth-order Runge–Kutta, at dt = 0.1 ms or below: calcium that opens
    at once leaves no linear equation for exponential Euler.
    """

    references: ClassVar = (
        Reference("Morris & Lecar (1981) Biophys. J. 35:193–213", "10.1016/S0006-3495(81)84782-0"),
        Reference("Rinzel & Ermentrout (1998) in Koch & Segev, Methods in Neuronal Modeling, 2nd ed., ch. 7"),
    )

    model: Literal["morris_lecar"] = "morris_lecar"
    c_m: PositiveCapacitances = quantity("200 pF")
    """Membrane capacitance (20 µF/cm²)."""
    g_ca: PositiveConductances = quantity("44 nS")
    """Largest calcium conductance (4.4 mS/cm²)."""
    g_k: PositiveConductances = quantity("80 nS")
    """Largest potassium conductance (8 mS/cm²)."""
    g_leak: PositiveConductances = quantity("20 nS")
    """Leak conductance (2 mS/cm²)."""
    e_ca: Voltages = quantity("120 mV")
    """Reversal potential of calcium."""
    e_k: Voltages = quantity("-84 mV")
    """Reversal potential of potassium."""
    e_leak: Voltages = quantity("-60 mV")
    """Reversal potential of the leak."""
    v_1: Voltages = quantity("-1.2 mV")
    """Potential at which half the calcium channels are open."""
    v_2: PositiveVoltages = quantity("18 mV")
    """Range of potentials over which calcium channels open."""
    v_3: Voltages = quantity("2 mV")
    """Potential at which half the potassium channels are open, in equilibrium."""
    v_4: PositiveVoltages = quantity("30 mV")
    """Range of potentials over which potassium channels open."""
    phi: PositiveRates = quantity("0.04 1/ms")
    """Rate at which potassium channels move at `v_3`."""
    v_thresh: Voltages = quantity("-10 mV")
    """A spike is counted when the potential rises above this value."""
    v_rest: Voltages = quantity("-60.9 mV")
    """Resting potential: where the membrane starts, with its potassium channels in equilibrium."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (g_ca*m*(e_ca - v) + g_k*w*(e_k - v) + g_leak*(e_leak - v) + I_total) / c_m : volt
                dw/dt = phi*cosh((v - v_3)/(2*v_4)) * (w_inf - w) : 1
                m = (1 + tanh((v - v_1)/v_2)) / 2 : 1
                w_inf = (1 + tanh((v - v_3)/v_4)) / 2 : 1
            """,
            threshold="v > v_thresh",
            refractory="v > v_thresh",
            method="rk4",
            initial={"v": "v_rest", "w": "w_inf"},
        )
