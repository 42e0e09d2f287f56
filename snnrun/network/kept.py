"""Blocks of synapses that outlive their drawing, because synapses of them are part of the recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections, FloatArray, IdArray


@dataclass(frozen=True)
class DrawnBlock:
    """The synapses of a block, and in SI units what each has of its own, by variable."""

    targets: range
    connections: Connections
    values: Mapping[str, FloatArray]


@dataclass(frozen=True)
class KeptSynapses:
    """All synapses of a projection, joined in the order of their blocks."""

    blocks: list[DrawnBlock] = field(default_factory=list)

    @property
    def source_ids(self) -> IdArray:
        """Shape (n_synapses,)."""
        return np.concatenate([block.connections.source_ids for block in self.blocks])

    @property
    def target_ids(self) -> IdArray:
        """Shape (n_synapses,)."""
        return np.concatenate([block.connections.target_ids for block in self.blocks])

    def values(self, variable: str) -> FloatArray:
        """In SI units; shape (n_synapses,)."""
        return np.concatenate([block.values[variable] for block in self.blocks])

    def order(self) -> NDArray[np.intp]:
        """Places of the synapses, sorted by source, then by target, as they are in each block."""
        if len(self.blocks) == 1:
            return np.arange(self.blocks[0].connections.n)
        found: NDArray[np.intp] = np.lexsort((self.target_ids, self.source_ids))
        return found
