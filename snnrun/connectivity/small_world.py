"""Small world."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, ConnectivityRule, Ends
from snnrun.connectivity.pairs import PossiblePairs, distinct
from snnrun.entry import Reference
from snnrun.quantities import Count, Probability


class SmallWorld(ConnectivityRule):
    """A ring on which every neuron sends to its k nearest neighbours, some of these synapses rewired at random.

    Neurons lie on the ring in the order of their numbers, and each sends k/2 synapses to either side. Then each synapse
    is, with probability ``rewire``, taken to another target: to any neuron but the source itself and those that it
    still reaches, all equally likely. Between the lattice (0) and the random network with out-degree k (1) lie networks
    that are clustered like a lattice and have the short paths of a random network.

    This is the directed form of the model of Watts and Strogatz, as used for neurons: synapses there and back are
    rewired one by one, out-degrees stay k, and in-degrees vary around k. Within one population only.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Watts & Strogatz 1998, Nature 393: 440", "10.1038/30918"),
        Reference("Netoff et al. 2004, J Neurosci 24: 8075", "10.1523/JNEUROSCI.1509-04.2004"),
    )
    example: ClassVar[str] = "{rule: small_world, k: 20, rewire: 0.1}"

    rule: Literal["small_world"] = "small_world"

    k: Count
    """Number of synapses that each neuron sends: an even number, at most half of the neurons."""

    rewire: Probability
    """Probability that a synapse leaves the lattice."""

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        n = ends.n_source
        steps = np.arange(1, self.k // 2 + 1)
        neighbours = np.arange(n)[:, np.newaxis] + np.concatenate([-steps, steps])
        pairs = np.arange(n)[:, np.newaxis] * n + neighbours % n
        pairs = distinct(pairs[random.random(pairs.shape) >= self.rewire.value])
        while len(pairs) < n * self.k:
            # As many new targets as a neuron lacks; those that it has already are drawn again in the next round.
            lacking = self.k - np.bincount(pairs // n, minlength=n)
            sources = np.repeat(np.arange(n), lacking)
            others = random.integers(0, n - 1, len(sources))
            pairs = distinct(np.concatenate([pairs, sources * n + others + (others >= sources)]))
        return PossiblePairs.of(ends, range(n), autapses=True).decode(pairs)

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_source * self.k

    def problem(self, ends: Ends) -> str | None:
        if not ends.same:
            return "a small world is a ring of one population: 'from' and 'to' must be the same."
        if self.k % 2:
            return f"half of the k = {self.k} neighbours are on either side, so k is even. Write {self.k + 1}."
        if self.k > ends.n_source / 2:
            return f"k = {self.k} is more than half of the {ends.n_source} neurons: nothing would be far. Lower k."
        return None
