"""Fixed out-degree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, ConnectivityRule, Draw, Ends, FloatArray, IntArray, Side
from snnrun.connectivity.pairs import (
    PossiblePairs,
    choose_of_each,
    choose_partners,
    chosen_degree,
    fixed_degree,
    n_partners,
    skip_self,
)
from snnrun.entry import Reference
from snnrun.quantities import Count


class FixedOutdegree(ConnectivityRule):
    """Every source neuron sends k synapses, to target neurons drawn at random.

    Out-degrees do not vary; in-degrees are binomial.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )
    example: ClassVar[str] = "{rule: fixed_outdegree, k: 1000}"

    rule: Literal["fixed_outdegree"] = "fixed_outdegree"

    k: Count
    """Number of synapses that each source neuron sends."""

    autapses: bool = False
    """Whether a neuron can connect to itself; only matters within one population."""

    multapses: bool = False
    """Whether a target neuron can be drawn several times for the same source neuron."""

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        partners = n_partners(ends.n_target, ends.same, self.autapses)
        sources = np.arange(ends.n_source, dtype=np.int32)[:, np.newaxis]
        targets = choose_partners(random, ends.n_source, partners, self.k, self.multapses)
        if partners < ends.n_target:
            targets = skip_self(targets, sources)
        targets.sort(axis=1)
        return Connections(np.full(ends.n_source, self.k, np.int32), targets.ravel())

    def in_blocks(self, ends: Ends, blocks: Sequence[range], random: np.random.Generator) -> Sequence[Draw]:
        possible = [PossiblePairs.of(ends, targets, self.autapses) for targets in blocks]
        # How many synapses of each source are still to be given to blocks, and how many partners are in these.
        left, partners = np.full(ends.n_source, self.k), sum(pairs.n_partners for pairs in possible)
        draws = []
        for pairs in possible:
            own = pairs.n_partners
            if self.multapses:
                numbers = random.binomial(left, own / np.maximum(partners, 1))
            else:
                numbers = random.hypergeometric(own, partners - own, left)
            left, partners = left - numbers, partners - own
            draws.append(partial(self._choose, pairs, numbers))
        return draws

    def _choose(self, possible: PossiblePairs, numbers: IntArray, random: np.random.Generator) -> Connections:
        """So many of the possible pairs of each source."""
        return possible.decode(choose_of_each(random, possible, numbers, self.multapses))

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_source * self.k

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        if side == "source":
            return fixed_degree(degrees, self.k)
        choosers = n_partners(ends.n_source, ends.same, self.autapses)
        partners = n_partners(ends.n_target, ends.same, self.autapses)
        return chosen_degree(degrees, choosers, partners, self.k, self.multapses)

    def problem(self, ends: Ends) -> str | None:
        possible = n_partners(ends.n_target, ends.same, self.autapses)
        if not ends.n_source or self.k <= possible or (self.multapses and possible):
            return None
        remedy = "Lower k, or allow repetition: 'multapses: true'." if possible else "Enlarge the target or set k: 0."
        return f"each source neuron needs k = {self.k} different targets, but there are only {possible}. {remedy}"
