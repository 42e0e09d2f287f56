"""Spike-timing-dependent plasticity of triplets of spikes."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.plasticity.base import Changes, LearningRule, spike_in, trace, weight_grows_by
from snnrun.quantities import NonNegativeNumber, PositiveTime
from snnrun.units import quantity


class StdpTriplet(LearningRule):
    """Triplet STDP: potentiation grows with the rate of the target, as pairs of spikes cannot explain.

    Spikes of the source leave the traces r1 (`tau_plus`) and r2 (`tau_x`), those of the target o1 (`tau_minus`) and o2
    (`tau_y`). A spike of the source changes the weight by −w_max o1 (a2_minus + a3_minus r2), a spike of the target by
    w_max r1 (a2_plus + a3_plus o2), where r2 and o2 are those just before this spike. Defaults are those of the
    minimal model, fitted to visual cortex with all pairs. The spike of the source counts when it arrives, that of the
    target at once; a spike transmits the weight that it finds, then changes it.
    """

    references: ClassVar = (
        Reference("Pfister & Gerstner (2006) J. Neurosci. 26:9673–9682, eqs 3 and 4",
                  "10.1523/JNEUROSCI.1425-06.2006"),
    )  # fmt: skip
    example: ClassVar[str] = "{rule: stdp_triplet, w_max: 1 nS}"

    rule: Literal["stdp_triplet"] = "stdp_triplet"
    tau_plus: PositiveTime = quantity("16.8 ms")
    """Time constant of r1."""
    tau_minus: PositiveTime = quantity("33.7 ms")
    """Time constant of o1."""
    tau_x: PositiveTime = quantity("101 ms")
    """Time constant of r2; it matters only where `a3_minus` is not 0."""
    tau_y: PositiveTime = quantity("114 ms")
    """Time constant of o2."""
    a2_plus: NonNegativeNumber = quantity("0")
    """Potentiation by pairs, as a fraction of `w_max`."""
    a3_plus: NonNegativeNumber = quantity("0.0065")
    """Potentiation by triplets post–pre–post."""
    a2_minus: NonNegativeNumber = quantity("0.0071")
    """Depression by pairs."""
    a3_minus: NonNegativeNumber = quantity("0")
    """Depression by triplets pre–post–pre."""
    pairing: Literal["all", "nearest"] = "all"
    """Whether the traces remember all earlier spikes, or the last one only."""

    def changes(self) -> Changes:
        pre = [
            weight_grows_by("(-w_max * o1 * (a2_minus + a3_minus * r2))"),
            spike_in("r1", self.pairing),
            spike_in("r2", self.pairing),
        ]
        post = [
            weight_grows_by("w_max * r1 * (a2_plus + a3_plus * o2)"),
            spike_in("o1", self.pairing),
            spike_in("o2", self.pairing),
        ]
        times = {"r1": "tau_plus", "r2": "tau_x", "o1": "tau_minus", "o2": "tau_y"}
        names = (*times.values(), "a2_plus", "a3_plus", "a2_minus", "a3_minus", "learning_rate", "w_max")
        return Changes(
            state="\n".join(trace(name, tau) for name, tau in times.items()),
            parameters={**{name: getattr(self, name) for name in names}, **self.limits()},
            after="\n".join(pre),
            on_post="\n".join(post),
        )
