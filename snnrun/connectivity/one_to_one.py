"""One to one."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, Ends, FloatArray, IntArray, Side, TargetwiseRule
from snnrun.connectivity.pairs import fixed_degree
from snnrun.entry import Reference


class OneToOne(TargetwiseRule):
    """Neuron i of the source connects to neuron i of the target.

    Within one population every neuron connects to itself: that is what the rule says, so it has no switch for it.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )

    rule: Literal["one_to_one"] = "one_to_one"

    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        target_ids = np.arange(targets.start, targets.stop, dtype=np.int32)
        return Connections(np.bincount(target_ids, minlength=ends.n_source).astype(np.int32), target_ids)

    def expected_synapses(self, ends: Ends) -> float:
        return ends.n_source

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        return fixed_degree(degrees, 1)

    def problem(self, ends: Ends) -> str | None:
        if ends.n_source == ends.n_target:
            return None
        return (
            f"one_to_one needs populations of the same size, got {ends.n_source} and {ends.n_target} neurons. "
            "Make the sizes equal, or use another rule such as fixed_indegree with k: 1."
        )
