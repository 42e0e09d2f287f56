"""The quadratic integrate-and-fire neuron."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import NonNegativeTimes, PositiveResistances, PositiveTimes, Voltages
from snnrun.units import quantity


class Qif(NeuronModel):
    """Quadratic integrate-and-fire neuron: the simplest whose rate rises continuously from zero.

    It is what every neuron whose rest vanishes in a saddle-node bifurcation (type I) looks like there: its rate grows
    with the root of the distance to the rheobase, `(v_thresh - v_rest) / (4 * r_m)`. Near rest it is a leaky
    integrator. Integrated by fourth-order Runge–Kutta, at dt = 0.1 ms or below.
    """

    references: ClassVar = (
        Reference("Ermentrout & Kopell (1986) SIAM J. Appl. Math. 46:233–253", "10.1137/0146017"),
        Reference("Latham, Richmond, Nelson & Nirenberg (2000) J. Neurophysiol. 83:808–827",
                  "10.1152/jn.2000.83.2.808"),
    )  # fmt: skip

    model: Literal["qif"] = "qif"
    tau_m: PositiveTimes = quantity("10 ms")
    """Time constant with which the membrane, near rest, returns to it."""
    r_m: PositiveResistances = quantity("100 Mohm")
    """Membrane resistance at rest."""
    v_rest: Voltages = quantity("-65 mV")
    """Resting potential."""
    v_thresh: Voltages = quantity("-50 mV")
    """Threshold, above rest: from here on the potential runs away by itself."""
    v_peak: Voltages = quantity("20 mV")
    """A spike is counted here."""
    v_reset: Voltages = quantity("-70 mV")
    """Potential after a spike."""
    tau_refrac: NonNegativeTimes = quantity("0 ms")
    """Refractory time."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (parabola + r_m*I_total) / tau_m : volt (unless refractory)
                parabola = (v - v_rest)*(v - v_thresh) / (v_thresh - v_rest) : volt
            """,
            threshold="v > v_peak",
            reset="v = v_reset",
            refractory="tau_refrac",
            method="rk4",
            initial={"v": "v_rest"},
        )
