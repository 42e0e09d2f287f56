"""Pair-based spike-timing-dependent plasticity."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.entry import Reference
from snnrun.plasticity.base import Changes, LearningRule, spike_in, trace, weight_grows_by
from snnrun.quantities import NonNegativeNumber, PositiveTime
from snnrun.units import quantity


class Stdp(LearningRule):
    """Spike-timing-dependent plasticity of pairs: pre before post strengthens a synapse, post before pre weakens it.

    A pair of spikes that lie Δt = t_post − t_pre apart changes the weight by F₊ exp(−Δt/`tau_plus`) where Δt ≥ 0, by
    −F₋ exp(Δt/`tau_minus`) where Δt < 0. The spike of the source counts when it arrives, that of the target at once; a
    spike transmits the weight that it finds, then changes it. How far weights are from their bounds enters as
    `bounds` says: additive F₊ = a_plus w_max, F₋ = a_minus w_max (Song et al. 2000); multiplicative
    F₊ = a_plus (w_max − w), F₋ = a_minus w (Rubin et al. 2001); mixed F₊ = a_plus w_max, F₋ = a_minus w (van Rossum
    et al. 2000).
    """

    references: ClassVar = (
        Reference("Song, Miller & Abbott (2000) Nat. Neurosci. 3:919–926", "10.1038/78829"),
        Reference("van Rossum, Bi & Turrigiano (2000) J. Neurosci. 20:8812–8821", "10.1523/JNEUROSCI.20-23-08812.2000"),
        Reference("Rubin, Lee & Sompolinsky (2001) Phys. Rev. Lett. 86:364–367", "10.1103/PhysRevLett.86.364"),
        Reference("Morrison, Diesmann & Gerstner (2008) Biol. Cybern. 98:459–478", "10.1007/s00422-008-0233-1"),
    )
    example: ClassVar[str] = "{rule: stdp, w_max: 1 nS, a_plus: 0.005, a_minus: 1.05 * 0.005}"

    rule: Literal["stdp"] = "stdp"
    tau_plus: PositiveTime = quantity("20 ms")
    """Time constant of potentiation."""
    tau_minus: PositiveTime = quantity("20 ms")
    """Time constant of depression."""
    a_plus: NonNegativeNumber = quantity("0.005")
    """Amplitude of potentiation: a fraction of `w_max`, or of what is left up to it."""
    a_minus: NonNegativeNumber = quantity("0.00525")
    """Amplitude of depression: a fraction of `w_max`, or of the weight."""
    bounds: Literal["additive", "multiplicative", "mixed"] = "additive"
    """How changes depend on the weight."""
    pairing: Literal["all", "nearest"] = "all"
    """Whether a spike pairs with all earlier spikes of the other side, or with the last of them only."""

    def changes(self) -> Changes:
        room = "(w_max - weight)" if self.bounds == "multiplicative" else "w_max"
        rest = "w_max" if self.bounds == "additive" else "weight"
        return Changes(
            state="\n".join([trace("pre_trace", "tau_plus"), trace("post_trace", "tau_minus")]),
            parameters={
                "tau_plus": self.tau_plus,
                "tau_minus": self.tau_minus,
                "a_plus": self.a_plus,
                "a_minus": self.a_minus,
                "learning_rate": self.learning_rate,
                "w_max": self.w_max,
                **self.limits(),
            },
            after="\n".join(
                [spike_in("pre_trace", self.pairing), weight_grows_by(f"(-a_minus * {rest} * post_trace)")]
            ),
            on_post="\n".join([spike_in("post_trace", self.pairing), weight_grows_by(f"a_plus * {room} * pre_trace")]),
        )
