"""Fixed probability."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, Ends, FloatArray, IntArray, Side, TargetwiseRule
from snnrun.connectivity.pairs import PossiblePairs, choose_bernoulli, n_partners
from snnrun.entry import Reference
from snnrun.quantities import Probability


class FixedProbability(TargetwiseRule):
    """Each possible pair of neurons is connected with probability p, independently of all others.

    In-degrees, out-degrees and the number of synapses are binomial: the network differs from seed to seed in all of
    them. Where every neuron must have the same number of inputs, use ``fixed_indegree``.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Gilbert 1959, Ann Math Stat 30: 1141", "10.1214/aoms/1177706098"),
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )
    example: ClassVar[str] = "{rule: fixed_probability, p: 0.1}"

    rule: Literal["fixed_probability"] = "fixed_probability"

    p: Probability
    """Probability of a synapse from one neuron to another."""

    autapses: bool = False
    """Whether a neuron can connect to itself; only matters within one population."""

    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        possible = PossiblePairs.of(ends, targets, self.autapses)
        return possible.decode(choose_bernoulli(random, possible.n, self.p.value))

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_source * n_partners(ends.n_target, ends.same, self.autapses) * self.p.value

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        from scipy.stats import binom

        others = n_partners(ends.n_source if side == "target" else ends.n_target, ends.same, self.autapses)
        probability: FloatArray = binom.pmf(degrees, others, self.p.value)
        return probability
