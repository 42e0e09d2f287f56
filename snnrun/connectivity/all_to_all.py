"""All to all."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, Ends, FloatArray, IntArray, Side, TargetwiseRule
from snnrun.connectivity.pairs import PossiblePairs, fixed_degree, n_partners
from snnrun.entry import Reference


class AllToAll(TargetwiseRule):
    """Every source neuron connects to every target neuron, once."""

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )

    rule: Literal["all_to_all"] = "all_to_all"

    autapses: bool = False
    """Whether a neuron connects to itself; only matters within one population."""

    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        possible = PossiblePairs.of(ends, targets, self.autapses)
        return possible.decode(np.arange(possible.n))

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_source * n_partners(ends.n_target, ends.same, self.autapses)

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        others = ends.n_source if side == "target" else ends.n_target
        return fixed_degree(degrees, n_partners(others, ends.same, self.autapses))
