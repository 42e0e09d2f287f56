"""Drawing pairs of neurons: what the random rules share.

A possible synapse is a number: ``source * n_partners + partner``. Counting upwards visits the possible synapses by
source, then by target, so that sorted numbers are sorted synapses. The partners of a neuron are all neurons on the
other side, or all but itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections, FloatArray, IdArray, IntArray

PairArray = NDArray[np.int64]
# Steps drawn at once: enough that numpy does the work, little beside the synapses of a large network.
_BLOCK: Final = 1 << 20


def n_partners(n: int, same: bool, autapses: bool) -> int:
    """How many of ``n`` neurons can be at the other end of a neuron's synapse."""
    return n if autapses or not same else max(n - 1, 0)


def skip_self(partners: IdArray, owners: IdArray) -> IdArray:
    """Turn positions among all neurons but the owner into neurons: those from the owner on move up by one."""
    return partners + (partners >= owners)


def decode(pairs: PairArray, width: int, without_self: bool) -> Connections:
    """Sorted pair numbers as synapses.

    Parameters
    ----------
    pairs
        ``source * width + partner``, ascending.
    width
        Number of partners of each source neuron.
    without_self
        Whether a source neuron is missing among its own partners.
    """
    # Results go straight to 32 bit: a network's synapses fill much of the memory, and a second copy would not fit.
    sources, partners = np.empty(len(pairs), np.int32), np.empty(len(pairs), np.int32)
    np.floor_divide(pairs, width, out=sources, casting="unsafe")
    np.remainder(pairs, width, out=partners, casting="unsafe")
    return Connections(sources, skip_self(partners, sources) if without_self else partners)


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
