"""Drawing pairs of neurons: what the random rules share.

A possible synapse is a number: that of the possible synapses of the sources before, plus the place of the target among
the partners of the source. Counting upwards visits the possible synapses by source, then by target, so that sorted
numbers are sorted synapses. The partners of a source are all targets that are looked at, or all but itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections, Ends, FloatArray, IdArray, IntArray

PairArray = NDArray[np.int64]
# Steps drawn at once: enough that numpy does the work, little beside the synapses of a large network.
_BLOCK: Final = 1 << 20


def n_partners(n: int, same: bool, autapses: bool) -> int:
    """How many of ``n`` neurons can be at the other end of a neuron's synapse."""
    return n if autapses or not same else max(n - 1, 0)


def skip_self(partners: IdArray, owners: IdArray) -> IdArray:
    """Turn positions among all neurons but the owner into neurons, in place: those from the owner on move up by one."""
    partners += partners >= owners
    return partners


@dataclass(frozen=True)
class PossiblePairs:
    """The numbers of the possible synapses onto consecutive targets.

    Parameters
    ----------
    n_source
        How many sources there are.
    without_self
        Whether a source is missing among its own partners.
    """

    n_source: int
    targets: range
    without_self: bool

    @classmethod
    def of(cls, ends: Ends, targets: range, autapses: bool) -> PossiblePairs:
        """Those of two populations."""
        return cls(ends.n_source, targets, ends.same and not autapses)

    @property
    def n(self) -> int:
        """How many possible synapses there are."""
        return self.n_source * len(self.targets) - (len(self.targets) if self.without_self else 0)

    @property
    def n_partners(self) -> IntArray:
        """How many partners each source has; shape (n_source,)."""
        return len(self.targets) - self._lacks_itself

    @property
    def first(self) -> IntArray:
        """Where the numbers of each source begin, and where those of the last end; shape (n_source + 1,)."""
        return np.concatenate([[0], np.cumsum(self.n_partners)])

    @property
    def _lacks_itself(self) -> NDArray[np.bool_]:
        sources = np.arange(self.n_source)
        return self.without_self & (sources >= self.targets.start) & (sources < self.targets.stop)

    @property
    def dtype(self) -> type[np.integer[Any]]:
        """The smaller numbers are sorted faster."""
        return np.int32 if self.n <= np.iinfo(np.int32).max else np.int64

    def decode(self, pairs: PairArray | IdArray) -> Connections:
        """Sorted numbers as synapses; the array that is given is used up."""
        first = self.first.astype(pairs.dtype)
        n_outgoing = np.diff(np.searchsorted(pairs, first))
        pairs -= np.repeat(first[:-1], n_outgoing)
        pairs += self.targets.start
        # 32 bit are enough from here on: a network's synapses fill much of the memory.
        target_ids = pairs.astype(np.int32, copy=False)
        if self.without_self:
            own = np.where(self._lacks_itself, np.arange(self.n_source), self.targets.stop).astype(np.int32)
            target_ids += target_ids >= np.repeat(own, n_outgoing)
        return Connections(n_outgoing.astype(np.int32), target_ids)


def choose_partners(random: np.random.Generator, n_rows: int, partners: int, k: int, multapses: bool) -> IdArray:
    """For each row, ``k`` of the partners, all subsets equally likely; or ``k`` independent ones, if multapses.

    Returns
    -------
    shape (n_rows, k)
        In no particular order.
    """
    chosen = np.empty((n_rows, k), np.int32)
    if not chosen.size:
        return chosen
    if multapses:
        return random.integers(0, partners, chosen.shape, np.int32)
    for row in chosen:
        row[:] = random.choice(partners, k, replace=False, shuffle=False)
    return chosen


def choose_of_each(
    random: np.random.Generator, possible: PossiblePairs, numbers: IntArray, multapses: bool
) -> PairArray:
    """So many of the possible synapses of each source, as `choose_partners` draws them, ascending."""
    n_partners = possible.n_partners
    if multapses:
        places = random.integers(0, np.repeat(n_partners, numbers))
    else:
        places = np.empty(int(numbers.sum()), np.int64)
        for last, n, width in zip(np.cumsum(numbers), numbers, n_partners, strict=True):
            places[last - n : last] = random.choice(width, n, replace=False, shuffle=False)
    places += np.repeat(possible.first[:-1], numbers)
    places.sort()
    return places


def fixed_degree(degrees: IntArray, k: int) -> FloatArray:
    """Probability of each of these degrees where every neuron has ``k``."""
    probability: FloatArray = (degrees == k).astype(np.float64)
    return probability


def chosen_degree(degrees: IntArray, n_rows: int, partners: int, k: int, multapses: bool) -> FloatArray:
    """Probability that `choose_partners` for ``n_rows`` others chooses a neuron so many times."""
    from scipy.stats import binom

    n, p = (n_rows * k, 1 / partners) if multapses else (n_rows, k / partners)
    probability: FloatArray = binom.pmf(degrees, n, p)
    return probability


def choose_distinct(random: np.random.Generator, n_possible: int, n: int) -> PairArray:
    """``n`` different numbers below ``n_possible``, all subsets equally likely, ascending."""
    if n > n_possible / 2:
        present = np.ones(n_possible, np.bool_)
        present[choose_distinct(random, n_possible, n_possible - n)] = False
        return np.flatnonzero(present)
    # Draw, drop what is drawn twice, draw what is missing. Each round draws at most what is missing, so nothing new
    # is ever thrown away: the outcome is that of drawing one by one and rejecting repetitions.
    chosen = np.empty(0, np.int64)
    while len(chosen) < n:
        chosen = distinct(np.concatenate([chosen, random.integers(0, n_possible, n - len(chosen))]))
    return chosen


def distinct(pairs: PairArray) -> PairArray:
    """The numbers ascending, each once; the array that is given is sorted in place."""
    pairs.sort()
    # Not np.unique: since numpy 2.3 it hashes, a hundred times slower for ten million numbers.
    is_first = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
    return pairs[is_first]


def shares(random: np.random.Generator, possible: Sequence[int], n: int, repeated: bool) -> list[int]:
    """How many of ``n`` numbers, drawn below the sum of ``possible``, lie in each of consecutive parts of such lengths.

    Parameters
    ----------
    repeated
        Whether a number can be drawn several times.
    """
    total = sum(possible)
    p = n / max(total, 1)
    if repeated:
        return [int(k) for k in random.multinomial(n, np.array(possible) / max(total, 1))]
    # Numpy's hypergeometric numbers end at a thousand million pairs. Chosen independently, each with the same
    # probability, as many numbers would lie in each part, provided that there are n in all: whether there are is known
    # but for the last part, and with its probability the draw is kept.
    from scipy.stats import binom

    most = binom.logpmf(np.floor((possible[-1] + 1) * p), possible[-1], p)
    while True:
        numbers = random.binomial(possible[:-1], p)
        rest = n - int(numbers.sum())
        if np.log(random.random()) <= binom.logpmf(rest, possible[-1], p) - most:
            return [*map(int, numbers), rest]


def choose_bernoulli(random: np.random.Generator, n_possible: int, p: float) -> PairArray:
    """Each number below ``n_possible`` with probability ``p``, independently, ascending.

    Jumps from one success to the next, by geometrically distributed steps: the time goes with the synapses drawn, not
    with the pairs refused.
    """
    if p == 0:
        return np.empty(0, np.int64)
    if p == 1:
        return np.arange(n_possible)
    blocks: list[PairArray] = []
    last = -1
    while last < n_possible:
        expected = (n_possible - 1 - last) * p
        steps = random.geometric(p, min(int(expected + 5 * expected**0.5) + 10, _BLOCK))
        # One step can be longer than all pairs together; cut, so that the sum cannot overflow.
        block = last + np.cumsum(np.minimum(steps, n_possible + 1))
        last = int(block[-1])
        blocks.append(block[: np.searchsorted(block, n_possible)])
    return np.concatenate(blocks)
