"""Background spikes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from snnrun.courses.base import Course
from snnrun.datafiles import FloatArray
from snnrun.entry import Reference
from snnrun.inputs.base import Contribution, InputModel, spikes_through
from snnrun.quantities import Count, Frequencies, Voltages
from snnrun.registry import OneOf
from snnrun.stimuli.stimulus import Events
from snnrun.synapses.base import SynapseModel
from snnrun.synapses.delta import Delta
from snnrun.units import Quantity


class Poisson(InputModel):
    """Poisson input: each neuron hears `n` independent sources that fire at `rate`, which may follow a `course`.

    The spikes of `n` sources in a time step are one Poisson number with mean `n · rate · dt`. They act through a delta
    synapse of the given `weight`, or through any `synapse`. Private spikes differ from trial to trial; frozen ones are
    drawn once, from the seed.
    """

    references: ClassVar = (Reference("Brunel (2000) J. Comput. Neurosci. 8:183–208", "10.1023/A:1008925309027"),)
    example: ClassVar[str] = "{model: poisson, to: [exc, inh], rate: 20 Hz, n: 1000, weight: 0.1 mV}"

    model: Literal["poisson"] = "poisson"
    rate: Frequencies
    """Rate of one source."""
    n: Count = 1
    """Number of sources of each neuron."""
    course: Annotated[Course, OneOf("courses")] | None = None
    """Factor by which the rate changes over time."""
    weight: Voltages | None = None
    """Step of the membrane potential at each spike; short for a delta synapse."""
    synapse: Annotated[SynapseModel, OneOf("synapses")] | None = None
    """The synapse of each source."""
    frozen: bool = False
    """Whether each neuron hears the same spikes in every trial."""

    @model_validator(mode="after")
    def exactly_one_synapse(self) -> Self:
        if (self.weight is None) == (self.synapse is None):
            raise ValueError("give either 'weight' (a delta synapse) or 'synapse'")
        return self

    @model_validator(mode="after")
    def frozen_spikes_have_one_rate(self) -> Self:
        if self.frozen and not isinstance(self.rate, Quantity):
            raise ValueError("frozen spikes are drawn with one 'rate' for all neurons")
        return self

    def contribution(self) -> Contribution:
        synapse = self.synapse
        if synapse is None:
            assert self.weight is not None
            synapse = Delta(weight=self.weight)
        if self.frozen:
            return spikes_through(synapse)
        factor = "" if self.course is None else " * factor"
        return Contribution(
            parameters={"rate": self.rate, "n": Quantity(float(self.n)), "weight": synapse.weight_value()},
            equations="factor : 1 (shared)" if factor else "",
            update=f"target += weight * poisson(n * rate{factor} * dt)",
            when="synapses",
            synapse=synapse,
            waveform="factor" if factor else "",
        )

    def problem(self, n_neurons: int) -> str | None:
        return None if self.course is None else self.course.problem()

    def drawn_waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> FloatArray | None:
        return None if self.course is None else self.course.values(n_ticks, dt)

    def drawn_events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events | None:
        if not self.frozen:
            return None
        assert isinstance(self.rate, Quantity)
        factor = np.ones(n_ticks) if self.course is None else self.course.values(n_ticks, dt)
        until = np.cumsum(factor)
        # Given their number, the spikes of a Poisson process lie independently, each at a time with the chance that the
        # rate has there.
        counts = random.poisson(self.n * self.rate.value * dt * until[-1], n_neurons)
        ticks = np.searchsorted(until, random.random(counts.sum()) * until[-1], side="right")
        return Events.sorted(ticks.astype(np.int64), np.repeat(np.arange(n_neurons, dtype=np.int32), counts))

    def expected_events(self, n_neurons: int, duration: float) -> float:
        if not self.frozen:
            return 0.0
        assert isinstance(self.rate, Quantity)
        highest = self.rate.value * (1.0 if self.course is None else self.course.largest())
        return n_neurons * self.n * highest * duration
