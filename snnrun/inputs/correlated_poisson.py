"""Background spikes that neurons have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from snnrun.entry import Reference
from snnrun.inputs.base import Contribution, InputModel, spikes_through
from snnrun.quantities import Frequency, PositiveCount, Probability
from snnrun.registry import OneOf
from snnrun.stimuli.stimulus import Events
from snnrun.synapses.base import SynapseModel

Pairs = tuple[NDArray[np.int64], NDArray[np.int32]]

# How many copies are decided at a time, so that a long run does not need them all in memory.
_BLOCK: Final = 1_000_000


class CorrelatedPoisson(InputModel):
    """Correlated Poisson input: the spikes that any two neurons receive have the given correlation.

    Each neuron receives a Poisson process: the spikes of `n` sources of `rate`. The spike counts of any two neurons of
    a population have the correlation coefficient `correlation`, in windows of any length, because correlated spikes
    arrive in the same time step. Two processes have the same rates and pairwise correlations, but differ in how many
    neurons take part in a common spike. In the single interaction process a fraction `correlation` of the spikes of
    each neuron reaches all others as well, and the rest nobody else. In the multiple interaction process each neuron
    copies each spike of one mother process, of rate n · rate / correlation, with the probability `correlation`.
    """

    references: ClassVar = (
        Reference("Kuhn, Aertsen & Rotter (2003) Neural Comput. 15:67–101", "10.1162/089976603321043702"),
    )
    example: ClassVar[str] = (
        "{model: correlated_poisson, to: exc, rate: 10 Hz, n: 100, correlation: 0.1, "
        "synapse: {model: exponential_current, weight: 10 pA}}"
    )

    model: Literal["correlated_poisson"] = "correlated_poisson"
    rate: Frequency
    """Rate of one source."""
    n: PositiveCount = 1
    """Number of sources of each neuron."""
    correlation: Probability
    """Correlation coefficient of the spike counts of two neurons."""
    process: Literal["multiple_interaction", "single_interaction"] = "multiple_interaction"
    """Whether a common spike reaches some of the neurons or all."""
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """The synapse through which the spikes act."""
    frozen: bool = False
    """Whether the spikes are the same in every trial."""

    @model_validator(mode="after")
    def a_mother_process_has_a_rate(self) -> Self:
        if self.process == "multiple_interaction" and self.correlation.value == 0:
            raise ValueError("without correlation there is no mother process; use the input 'poisson'")
        return self

    def contribution(self) -> Contribution:
        return spikes_through(self.synapse)

    def drawn_events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events:
        mean = self.n * self.rate.value * n_ticks * dt  # spikes that one neuron receives
        draw = self._single if self.process == "single_interaction" else self._multiple
        return Events.sorted(*draw(n_neurons, n_ticks, mean, random))

    def _single(self, n_neurons: int, n_ticks: int, mean: float, random: np.random.Generator) -> Pairs:
        common = random.integers(n_ticks, size=random.poisson(self.correlation.value * mean))
        n_private = random.poisson((1 - self.correlation.value) * mean * n_neurons)
        neurons = np.arange(n_neurons, dtype=np.int32)
        return (
            np.concatenate([np.repeat(common, n_neurons), random.integers(n_ticks, size=n_private)]),
            np.concatenate([np.tile(neurons, len(common)), random.integers(n_neurons, size=n_private, dtype=np.int32)]),
        )

    def _multiple(self, n_neurons: int, n_ticks: int, mean: float, random: np.random.Generator) -> Pairs:
        mother = random.integers(n_ticks, size=random.poisson(mean / self.correlation.value))
        ticks, node_ids = [mother[:0]], [np.empty(0, dtype=np.int32)]
        for some in np.array_split(mother, 1 + len(mother) * n_neurons // _BLOCK):
            spike, neuron = np.nonzero(random.random((len(some), n_neurons)) < self.correlation.value)
            ticks.append(some[spike])
            node_ids.append(neuron.astype(np.int32))
        return np.concatenate(ticks), np.concatenate(node_ids)

    def expected_events(self, n_neurons: int, duration: float) -> float:
        received = self.n * self.rate.value * duration
        if self.process == "single_interaction":
            return n_neurons * received
        # The spikes of the mother process are drawn, too, and of small correlation most of them reach nobody.
        return received * max(n_neurons, 1 / self.correlation.value)

    def drawn_anew(self) -> bool:
        return not self.frozen
