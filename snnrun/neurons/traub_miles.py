"""The Hodgkin–Huxley neuron of Traub and Miles, as simplified for networks."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.neurons.base import Dynamics, NeuronModel
from snnrun.quantities import PositiveCapacitances, PositiveConductances, Voltages
from snnrun.units import quantity


class TraubMiles(NeuronModel):
    """Traub–Miles neuron: the Hodgkin–Huxley neuron of the COBAHH benchmark (hippocampal and cortical pyramidal cells).

    The benchmark gives densities for a cell of 20 000 µm², so 1 µA/cm² is 200 pA. Integrated by fourth-order
    Runge–Kutta, which needs dt = 0.05 ms or below: at 0.1 ms the sodium gate, open, makes it unstable. `method:
    exponential_euler` bears 0.1 ms, but its spikes come late: it loses a tenth of them at high rates.
    """

    references: ClassVar = (
        Reference("Traub & Miles (1991) Neuronal Networks of the Hippocampus", "10.1017/CBO9780511895401"),
        Reference("Brette et al. (2007) J. Comput. Neurosci. 23:349–398, COBAHH", "10.1007/s10827-007-0038-6"),
    )

    model: Literal["traub_miles"] = "traub_miles"
    c_m: PositiveCapacitances = quantity("200 pF")
    """Membrane capacitance (1 µF/cm²)."""
    g_na: PositiveConductances = quantity("20 uS")
    """Largest sodium conductance (100 mS/cm²)."""
    g_k: PositiveConductances = quantity("6 uS")
    """Largest potassium conductance (30 mS/cm²)."""
    g_leak: PositiveConductances = quantity("10 nS")
    """Leak conductance (0.05 mS/cm²)."""
    e_na: Voltages = quantity("50 mV")
    """Reversal potential of sodium."""
    e_k: Voltages = quantity("-90 mV")
    """Reversal potential of potassium."""
    e_leak: Voltages = quantity("-60 mV")
    """Reversal potential of the leak."""
    v_t: Voltages = quantity("-63 mV")
    """Potential from which the gates count; it moves the threshold."""
    v_thresh: Voltages = quantity("-20 mV")
    """A spike is counted when the potential rises above this value."""
    v_rest: Voltages = quantity("-60 mV")
    """Resting potential: where the membrane starts, with its gates in equilibrium."""

    def dynamics(self) -> Dynamics:
        return Dynamics(
            equations="""
                dv/dt = (g_na*m**3*h*(e_na - v) + g_k*n**4*(e_k - v) + g_leak*(e_leak - v) + I_total) / c_m : volt
                dm/dt = alpha_m*(1 - m) - beta_m*m : 1
                dh/dt = alpha_h*(1 - h) - beta_h*h : 1
                dn/dt = alpha_n*(1 - n) - beta_n*n : 1
                alpha_m = 1.28/ms / exprel((13*mV - v + v_t)/(4*mV)) : Hz
                beta_m = 1.4/ms / exprel((v - v_t - 40*mV)/(5*mV)) : Hz
                alpha_h = 0.128/ms * exp((17*mV - v + v_t)/(18*mV)) : Hz
                beta_h = 4/ms / (1 + exp((40*mV - v + v_t)/(5*mV))) : Hz
                alpha_n = 0.16/ms / exprel((15*mV - v + v_t)/(5*mV)) : Hz
                beta_n = 0.5/ms * exp((10*mV - v + v_t)/(40*mV)) : Hz
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
