"""The simple model of Izhikevich."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import PositiveCapacitances, QuantityType, Values, Voltages
from snnrun.units import quantity

Rates = Annotated[Values, QuantityType("1/ms", varied=True)]
Slopes = Annotated[Values, QuantityType("mV/ms", varied=True)]


class Izhikevich(NeuronModel):
    """Izhikevich neuron: a quadratic upstroke and a recovery variable; four numbers make it one of many cell types.

    The defaults are a regular spiking cell. The others of the paper's Fig. 2, as (a, b, c, d) in 1/ms, 1/ms, mV, mV/ms:
    intrinsically bursting (0.02, 0.2, -55, 4), chattering (0.02, 0.2, -50, 2), fast spiking (0.1, 0.2, -65, 2),
    low-threshold spiking (0.02, 0.25, -65, 2).

    The paper's input I is in mV/ms; here it is a current over `c_m`: I = 1 is as many pA as `c_m` has pF. With
    `c_m: 1 pF` the paper's numbers are pA, as in NEST and PyNN.

    Integrated by fourth-order Runge–Kutta, at dt = 0.1 ms or below, which solves the equations. The paper's program
    does not: its step is 1 ms, two Euler steps of 0.5 ms for `v` and one for `u`; the potential overshoots the peak
    and takes `u` along, and a fast spiking cell fires half as often.
    """

    references: ClassVar = (
        Reference("Izhikevich (2003) IEEE Trans. Neural Netw. 14:1569–1572", "10.1109/TNN.2003.820440"),
    )

    model: Literal["izhikevich"] = "izhikevich"
    a: Rates = quantity("0.02 1/ms")
    """How fast the recovery variable is."""
    b: Rates = quantity("0.2 1/ms")
    """How strongly the recovery variable follows the potential."""
    c: Voltages = quantity("-65 mV")
    """Potential after a spike."""
    d: Slopes = quantity("8 mV/ms")
    """Step of the recovery variable at a spike."""
    c_m: PositiveCapacitances = quantity("100 pF")
    """Capacitance by which currents are divided."""
    v_rest: Voltages = quantity("-65 mV")
    """Where the potential starts, with the recovery variable in equilibrium; the paper's programs begin there."""
    v_peak: Voltages = quantity("30 mV")
    """A spike is counted here, at its top."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = 0.04/mV/ms*v**2 + 5/ms*v + 140*mV/ms - u + I_total/c_m : volt
                du/dt = a*(b*v - u) : volt/second
            """,
            threshold="v >= v_peak",
            reset="v = c\nu += d",
            method="rk4",
            initial={"v": "v_rest", "u": "b*v"},
        )
