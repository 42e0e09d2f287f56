"""The leaky integrate-and-fire neuron."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import NonNegativeTimes, PositiveResistances, PositiveTimes, Voltages
from snnrun.units import quantity


class Lif(NeuronModel):
    """Leaky integrate-and-fire neuron.

    The membrane relaxes to rest with one time constant and integrates its currents. A spike is counted when the
    potential passes the threshold; then it stays at the reset for the refractory time, deaf to its input.
    Without conductance synapses the equations are linear and are integrated exactly.
    """

    references: ClassVar = (
        Reference("Lapicque (1907) J. Physiol. Pathol. Gen. 9:620–635; in English: Brunel & van Rossum (2007)",
                  "10.1007/s00422-007-0190-0"),
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 1.3", "10.1017/CBO9781107447615"),
    )  # fmt: skip

    model: Literal["lif"] = "lif"
    tau_m: PositiveTimes = quantity("20 ms")
    """Membrane time constant; the capacitance is `tau_m / r_m`."""
    r_m: PositiveResistances = quantity("100 Mohm")
    """Membrane resistance; matters only where currents flow, not for delta synapses."""
    v_rest: Voltages = quantity("-70 mV")
    """Potential to which the membrane relaxes without input."""
    v_thresh: Voltages = quantity("-50 mV")
    """Threshold of a spike."""
    v_reset: Voltages = quantity("-60 mV")
    """Potential after a spike."""
    tau_refrac: NonNegativeTimes = quantity("2 ms")
    """Refractory time."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="dv/dt = (v_rest - v + r_m * I_total) / tau_m : volt (unless refractory)",
            threshold="v > v_thresh",
            reset="v = v_reset",
            refractory="tau_refrac",
            initial={"v": "v_rest"},
        )
