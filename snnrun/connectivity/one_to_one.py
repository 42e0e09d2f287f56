"""One to one."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Connections, ConnectivityRule
from snnrun.entry import Reference


class OneToOne(ConnectivityRule):
    """Neuron i of the source connects to neuron i of the target.

    Within one population every neuron connects to itself: that is what the rule says, so it has no switch for it.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )

    rule: Literal["one_to_one"] = "one_to_one"

    def connect(self, n_source: int, n_target: int, same: bool, random: np.random.Generator) -> Connections:
        neurons = np.arange(n_source, dtype=np.int32)
        return Connections(neurons, neurons.copy())

    def expected_synapses(self, n_source: int, n_target: int, same: bool) -> float:
        return n_source

    def problem(self, n_source: int, n_target: int, same: bool) -> str | None:
        if n_source == n_target:
            return None
        return (
            f"one_to_one needs populations of the same size, got {n_source} and {n_target} neurons. "
            "Make the sizes equal, or use another rule such as fixed_indegree with k: 1."
        )
