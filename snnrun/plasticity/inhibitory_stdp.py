"""Plasticity of inhibition that brings its target to a rate."""

from __future__ import annotations

import math
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.plasticity.base import Changes, LearningRule, spike_in, trace, weight_grows_by
from snnrun.quantities import AnyValue, Frequency, PositiveTime
from snnrun.units import Quantity, display_unit, quantity


class InhibitoryStdp(LearningRule):
    """Inhibitory plasticity: inhibition grows until its target fires at a given rate.

    Each spike leaves a trace that decays with `tau`. A spike of the source strengthens the synapse by
    eta (x_post − 2 rho_0 tau), a spike of the target by eta x_pre: near-coincident spikes, in either order, strengthen
    it, and spikes of the source alone weaken it. Stronger means a greater conductance where the synapse has a reversal
    potential, and a more negative weight where the weight carries the sign: `w_max` is negative then, `eta` never is.
    The spike of the source counts when it arrives, that of the target at once; a spike transmits the weight that it
    finds, then changes it.
    """

    references: ClassVar = (
        Reference("Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011) Science 334:1569–1573",
                  "10.1126/science.1211095"),
    )  # fmt: skip
    example: ClassVar[str] = "{rule: inhibitory_stdp, eta: 0.01 nS, w_max: 100 nS, rho_0: 5 Hz}"

    rule: Literal["inhibitory_stdp"] = "inhibitory_stdp"
    eta: AnyValue
    """Growth by one pair of coincident spikes, in the unit of the weight and never negative."""
    rho_0: Frequency = quantity("5 Hz")
    """Rate of the target at which inhibition neither grows nor shrinks."""
    tau: PositiveTime = quantity("20 ms")
    """Time constant of the traces."""

    @model_validator(mode="after")
    def eta_is_a_step_of_the_weight(self) -> Self:
        if self.eta.dimension != self.w_max.dimension:
            raise ValueError(
                f"'eta' is a step of the weight: a value in {display_unit(self.w_max.dimension)} as 'w_max', "
                f"got {self.eta.pretty()}"
            )
        if self.eta.value < 0:
            raise ValueError("'eta' must not be negative; the sign of 'w_max' says into which direction synapses grow")
        return self

    def changes(self) -> Changes:
        signed = Quantity(math.copysign(self.eta.value, self.w_max.value), self.eta.dimension)
        return Changes(
            state="\n".join([trace("pre_trace", "tau"), trace("post_trace", "tau")]),
            parameters={
                "eta": signed,
                "rho_0": self.rho_0,
                "tau": self.tau,
                "learning_rate": self.learning_rate,
                **self.limits(),
            },
            after="\n".join([spike_in("pre_trace", "all"), weight_grows_by("eta * (post_trace - 2 * rho_0 * tau)")]),
            on_post="\n".join([spike_in("post_trace", "all"), weight_grows_by("eta * pre_trace")]),
        )
