"""The leaky integrate-and-fire neuron with a spike-triggered current and a moving threshold."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import Currents, NonNegativeTimes, PositiveResistances, PositiveTimes, Voltages
from snnrun.units import quantity


class AdaptiveThresholdLif(NeuronModel):
    """Leaky integrate-and-fire neuron that adapts: each spike starts a current `w` and moves the threshold `theta`.

    Both decay exponentially, and both outlast the reset, so that intervals grow. It is the generalised
    integrate-and-fire neuron (GIF, GLIF) of Mensi and colleagues with one exponential for each, and without escape
    noise. Without conductance synapses the equations are linear and are integrated exactly; otherwise by exponential
    Euler.
    """

    references: ClassVar = (
        Reference("Mensi et al. (2012) J. Neurophysiol. 107:1756–1775", "10.1152/jn.00408.2011"),
        Reference("Mihalas & Niebur (2009) Neural Comput. 21:704–718", "10.1162/neco.2008.12-07-680"),
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 6.4", "10.1017/CBO9781107447615"),
    )

    model: Literal["adaptive_threshold_lif"] = "adaptive_threshold_lif"
    tau_m: PositiveTimes = quantity("20 ms")
    """Membrane time constant; the capacitance is `tau_m / r_m`."""
    r_m: PositiveResistances = quantity("100 Mohm")
    """Membrane resistance."""
    v_rest: Voltages = quantity("-70 mV")
    """Potential to which the membrane relaxes without input."""
    v_thresh: Voltages = quantity("-50 mV")
    """Threshold of a neuron that has not fired for long."""
    v_reset: Voltages = quantity("-60 mV")
    """Potential after a spike."""
    tau_refrac: NonNegativeTimes = quantity("2 ms")
    """Refractory time, during which the current and the threshold go on."""
    b: Currents = quantity("20 pA")
    """Step of the spike-triggered current, which hyperpolarises; negative for one that depolarises."""
    tau_w: PositiveTimes = quantity("100 ms")
    """Decay time constant of the spike-triggered current."""
    delta_theta: Voltages = quantity("5 mV")
    """Step of the threshold at a spike."""
    tau_theta: PositiveTimes = quantity("50 ms")
    """Decay time constant of the threshold."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (v_rest - v + r_m*(I_total - w)) / tau_m : volt (unless refractory)
                dw/dt = -w / tau_w : amp
                dtheta/dt = (v_thresh - theta) / tau_theta : volt
            """,
            threshold="v > theta",
            reset="v = v_reset\nw += b\ntheta += delta_theta",
            refractory="tau_refrac",
            initial={"v": "v_rest", "theta": "v_thresh"},
        )
