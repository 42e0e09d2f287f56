"""Fixed in-degree."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, Ends, FloatArray, IntArray, Side, TargetwiseRule
from snnrun.connectivity.pairs import PossiblePairs, choose_partners, chosen_degree, fixed_degree, n_partners, skip_self
from snnrun.entry import Reference
from snnrun.quantities import Count


class FixedIndegree(TargetwiseRule):
    """Every target neuron receives k synapses, from source neurons drawn at random.

    In-degrees do not vary; out-degrees are binomial.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Brunel 2000, J Comput Neurosci 8: 183", "10.1023/A:1008925309027"),
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )
    example: ClassVar[str] = "{rule: fixed_indegree, k: 1000}"

    rule: Literal["fixed_indegree"] = "fixed_indegree"

    k: Count
    """Number of synapses that each target neuron receives."""

    autapses: bool = False
    """Whether a neuron can connect to itself; only matters within one population."""

    multapses: bool = False
    """Whether a source neuron can be drawn several times for the same target neuron."""

    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        partners = n_partners(ends.n_source, ends.same, self.autapses)
        sources = choose_partners(random, len(targets), partners, self.k, self.multapses)
        if partners < ends.n_source:
            sources = skip_self(sources, np.array(targets, np.int32)[:, np.newaxis])
        # Drawn by target, wanted by source: a sort of the pairs as numbers transposes fastest.
        possible = PossiblePairs.of(ends, targets, autapses=True)
        pairs = sources.astype(possible.dtype, copy=False)
        pairs *= len(targets)
        pairs += np.arange(len(targets), dtype=pairs.dtype)[:, np.newaxis]
        pairs = pairs.ravel()
        pairs.sort()
        return possible.decode(pairs)

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_target * self.k

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        if side == "target":
            return fixed_degree(degrees, self.k)
        choosers = n_partners(ends.n_target, ends.same, self.autapses)
        partners = n_partners(ends.n_source, ends.same, self.autapses)
        return chosen_degree(degrees, choosers, partners, self.k, self.multapses)

    def problem(self, ends: Ends) -> str | None:
        possible = n_partners(ends.n_source, ends.same, self.autapses)
        if not ends.n_target or self.k <= possible or (self.multapses and possible):
            return None
        remedy = "Lower k, or allow repetition: 'multapses: true'." if possible else "Enlarge the source or set k: 0."
        return f"each target neuron needs k = {self.k} different sources, but there are only {possible}. {remedy}"
