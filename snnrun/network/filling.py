"""What the slots of a compiled program are filled with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.network.blueprint import Slot

Array = NDArray[Any]


@dataclass(frozen=True)
class Filling:
    """What goes into one slot: one array, or two (ticks and neurons).

    A slot of kind ``synapses`` is filled with the number of blocks that follow.
    """

    slot: Slot
    arrays: tuple[Array, ...]


@dataclass(frozen=True)
class Block:
    """All synapses of a projection onto some consecutive targets.

    Parameters
    ----------
    slot
        The slot of kind ``synapses``.
    targets
        Which targets.
    n_outgoing
        How many of the synapses each source neuron has; shape (n_source,).
    target_ids
        Sorted by source, then by target; shape (n,).
    values
        What each synapse has of its own: its delay first, then in the order of the slots.
    """

    slot: Slot
    targets: range
    n_outgoing: NDArray[np.int32]
    target_ids: NDArray[np.int32]
    values: tuple[Filling, ...]


@dataclass(frozen=True)
class Change:
    """A slot that is filled anew while the program runs.

    Parameters
    ----------
    tick
        The step before which it happens.
    position
        Place of the slot among those of kind ``value``, counted from 0.
    draw
        Gives the new content; that of each synapse in the order in which the blocks came.
    """

    tick: int
    position: int
    draw: Callable[[], Filling]
