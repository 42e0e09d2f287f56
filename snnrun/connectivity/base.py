"""What a connectivity rule is, and what it draws.

Synapses are drawn here, in numpy, and handed to the compiled program as arrays: a rule is a function that one can read
and test, its numbers change without a new build, and rows lie in the order in which spikes are delivered.

Two switches mean the same in every rule that has them. ``autapses`` allows a neuron to connect to itself, which only
matters within one population; ``multapses`` allows several synapses between the same two neurons. Both are off unless
the experiment says otherwise, unlike in NEST and PyNN, because the networks of the papers that are reproduced most
(Brunel 2000; Vogels & Abbott 2005) have neither and rarely say so. Potjans & Diesmann 2014 has both: say so there.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.datafiles import ArrayFile
from snnrun.entry import Entry
from snnrun.space import Space

IdArray = NDArray[np.int32]
IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Side = Literal["source", "target"]
# Synapses whose distances are computed at once: the coordinates of all would need more memory than the synapses.
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Connections:
    """The synapses of one projection between two populations, or those onto some targets.

    Parameters
    ----------
    n_outgoing
        How many of them each source neuron has; shape (n_source,).
    target_ids
        Target neurons, counted from 0 within their population, sorted by source, then by target; shape (n,).
    weight, delay
        SI values; shape (n,). None where the rule says nothing about them.
    """

    n_outgoing: IdArray
    target_ids: IdArray
    weight: FloatArray | None = None
    delay: FloatArray | None = None

    @property
    def n(self) -> int:
        """Number of synapses."""
        return len(self.target_ids)

    @property
    def source_ids(self) -> IdArray:
        """Source neuron of each synapse, counted from 0 within its population; shape (n,)."""
        return np.repeat(np.arange(len(self.n_outgoing), dtype=np.int32), self.n_outgoing)


@dataclass(frozen=True, eq=False)
class Neurons:
    """What rules can know of the neurons of a population, beside their number.

    Parameters
    ----------
    positions
        In metres; shape (n, n_dims). None for neurons that are nowhere.
    space
        The space in which they are; None as well.
    labels
        The name of each neuron; None for neurons without names.
    """

    positions: FloatArray | None = None
    space: Space | None = None
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Ends:
    """The two populations that a rule connects.

    Parameters
    ----------
    n_source, n_target
        Their sizes.
    same
        Whether they are one and the same population.
    source, target
        Where their neurons are and what they are called.
    """

    n_source: int
    n_target: int
    same: bool
    source: Neurons = Neurons()
    target: Neurons = Neurons()

    def neurons(self, side: Side) -> Neurons:
        """The neurons of one end."""
        return self.source if side == "source" else self.target

    @property
    def space(self) -> Space | None:
        """The space of both populations, for ends without `space_problem`."""
        return self.source.space

    def distances(self, connections: Connections) -> FloatArray:
        """Distance of the neurons of each synapse in metres, for ends without `space_problem`; shape (n,)."""
        start, end = self.source.positions, self.target.positions
        assert self.space is not None and start is not None and end is not None
        found, source_ids = np.empty(connections.n), connections.source_ids
        for first in range(0, connections.n, _BLOCK):
            block = slice(first, first + _BLOCK)
            found[block] = self.space.distances(start[source_ids[block]], end[connections.target_ids[block]])
        return found

    def space_problem(self) -> str | None:
        """Why there is no distance between their neurons and what to do about it; None if there is."""
        for side, neurons in (("source", self.source), ("target", self.target)):
            if neurons.space is None:
                return (
                    f"the {side} has no positions, on which distances depend. "
                    "Write for example 'positions: {extent: [1 mm, 1 mm]}' in that population."
                )
        source, target = self.source.space, self.target.space
        assert source is not None and target is not None
        if source.is_same(target):
            return None
        return (
            f"the source is on a {source.pretty()}, the target on a {target.pretty()}. "
            "Give both the same 'extent' and 'periodic'."
        )


# Draws the synapses of a block.
Draw = Callable[[np.random.Generator], Connections]


class ConnectivityRule(Entry):
    """One way to choose the synapses between two populations."""

    @abstractmethod
    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        """Draw the synapses.

        The same generator state gives the same synapses as long as numpy's generators stay as they are, which numpy
        promises within one version only; the version is part of a run's provenance.

        Parameters
        ----------
        ends
            The populations, for which `problem` has returned None.
        random
            The stream of this projection; nothing else decides the outcome.
        """

    def in_blocks(self, ends: Ends, blocks: Sequence[range], random: np.random.Generator) -> Sequence[Draw] | None:
        """How to draw the synapses onto some targets at a time: all of a large network would not fit in memory.

        Parameters
        ----------
        blocks
            Consecutive targets; together all of them.
        random
            Decides on what the blocks share, as how many of a fixed number of synapses belong to each.

        Returns
        -------
        For each block, what draws its synapses from a stream of its own; None where all have to be drawn together.
        """
        return None

    @abstractmethod
    def expected_synapses(self, ends: Ends) -> float:
        """Expected number of synapses over all seeds, positions given; a rule may estimate it within some percent."""

    def degree_probability(self, ends: Ends, side: Side, degrees: IntArray) -> FloatArray | None:
        """Probability, over all seeds, that a neuron of one end has a number of synapses.

        Like `connect`, asked only after `problem` has returned None.

        Parameters
        ----------
        side
            The neuron's: on the side of the target it is the in-degree, on that of the source the out-degree.
        degrees
            Numbers of synapses; shape (n,).

        Returns
        -------
        shape (n,)
            None where the rule has no law that holds for every neuron.
        """
        return None

    def problem(self, ends: Ends) -> str | None:
        """Why the rule cannot connect these populations and what to do about it; None if it can."""
        return None

    def weights(self, ends: Ends | None = None) -> ArrayFile | None:
        """Weights that the rule brings along, to be held against the synapse like those written there.

        Like `connect`, asked only after `problem` has returned None.

        Parameters
        ----------
        ends
            Only those of their synapses; without them, all that there are.
        """
        return None

    def delays(self, ends: Ends | None = None) -> ArrayFile | None:
        """Delays that the rule brings along; as `weights`."""
        return None


class TargetwiseRule(ConnectivityRule):
    """A rule by which the synapses onto a neuron do not depend on those onto others."""

    @abstractmethod
    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        """Draw the synapses onto consecutive targets; those onto all of them are what `connect` draws."""

    def connect(self, ends: Ends, random: np.random.Generator) -> Connections:
        return self.connect_onto(range(ends.n_target), ends, random)

    def in_blocks(self, ends: Ends, blocks: Sequence[range], random: np.random.Generator) -> Sequence[Draw]:
        return [partial(self.connect_onto, targets, ends) for targets in blocks]
