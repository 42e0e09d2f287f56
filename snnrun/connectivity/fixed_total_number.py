"""Fixed total number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, ConnectivityRule, Draw, Ends, FloatArray, IntArray, Side
from snnrun.connectivity.pairs import PossiblePairs, choose_distinct, n_partners, shares
from snnrun.entry import Reference
from snnrun.quantities import Count


class FixedTotalNumber(ConnectivityRule):
    """n synapses in all, between pairs of neurons drawn at random.

    With multapses, pairs are drawn independently and degrees are binomial; without, n different pairs are drawn, all
    sets of them equally likely, and degrees are hypergeometric.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Erdős & Rényi 1959, Publ Math Debrecen 6: 290", "10.5486/PMD.1959.6.3-4.12"),
        Reference("Potjans & Diesmann 2014, Cereb Cortex 24: 785", "10.1093/cercor/bhs358"),
    )
    example: ClassVar[str] = "{rule: fixed_total_number, n: 10000}"

    rule: Literal["fixed_total_number"] = "fixed_total_number"

    n: Count
    """Number of synapses between the two populations."""

    autapses: bool = False
    """Whether a neuron can connect to itself; only matters within one population."""

    multapses: bool = False
    """Whether the same pair of neurons can be drawn several times."""

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        return self._choose(PossiblePairs.of(ends, range(ends.n_target), self.autapses), self.n, random)

    def in_blocks(self, ends: Ends, blocks: Sequence[range], random: np.random.Generator) -> Sequence[Draw]:
        possible = [PossiblePairs.of(ends, targets, self.autapses) for targets in blocks]
        numbers = shares(random, [pairs.n for pairs in possible], self.n, self.multapses)
        return [partial(self._choose, pairs, n) for pairs, n in zip(possible, numbers, strict=True)]

    def _choose(self, possible: PossiblePairs, n: int, random: np.random.Generator) -> Connections:
        """So many of the possible pairs."""
        if self.multapses and possible.n:
            pairs = random.integers(0, possible.n, n)
            pairs.sort()
        else:
            pairs = choose_distinct(random, possible.n, n)
        return possible.decode(pairs)

    def expected_synapses(self, ends: Ends) -> float:
        return self.n

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        from scipy.stats import binom, hypergeom

        possible = ends.n_source * n_partners(ends.n_target, ends.same, self.autapses)
        own = n_partners(ends.n_source if side == "target" else ends.n_target, ends.same, self.autapses)
        law = binom(self.n, own / possible) if self.multapses else hypergeom(possible, own, self.n)
        probability: FloatArray = law.pmf(degrees)
        return probability

    def problem(self, ends: Ends) -> str | None:
        possible = ends.n_source * n_partners(ends.n_target, ends.same, self.autapses)
        if self.n <= possible or (self.multapses and possible):
            return None
        remedy = "Lower n, or allow repetition: 'multapses: true'." if possible else "Enlarge them or set n: 0."
        return f"n = {self.n} different pairs are needed, but the populations have only {possible}. {remedy}"
