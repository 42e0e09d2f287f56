"""Drawing pairs whose probability depends on where they are, without looking at all pairs.

Space is divided into cells, and no pair between two cells has more than the largest probability between them. Where
that is small, as between most cells, candidates are drawn with this largest probability and thinned down to their own,
as a Poisson process is (Lewis & Shedler 1979, Nav Res Logist Q 26: 403, 10.1002/nav.3800260304). The time goes with the
synapses, not with the pairs, and what is drawn is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from snnrun.connectivity.base import Ends, FloatArray, IdArray
from snnrun.connectivity.pairs import PairArray, distinct
from snnrun.space import Space

# Probability of each pair: of sources, targets and their distances, which fit each other in shape.
PairProbability = Callable[[IdArray, IdArray, FloatArray], FloatArray]
# The largest probability between two distances.
Bound = Callable[[FloatArray, FloatArray], FloatArray]

# Cells along a side: so many that probabilities differ little within one, so few that going over all pairs of cells
# costs less than drawing the synapses.
_MAX_CELLS: Final = {1: 1024, 2: 64}
_NEURONS_IN_CELL: Final = 8
# From here on, looking at every pair costs less than drawing candidates, some of them twice.
_DENSE: Final = 0.25
# Pairs whose probabilities are summed; in larger networks those of a sample of sources, good to some two percent.
_MAX_SUMMED: Final = 1 << 24
_SUMMED_AT_ONCE: Final = 1 << 18


@dataclass(frozen=True, eq=False)
class _Cells:
    """The neurons of a population, sorted by cell.

    Parameters
    ----------
    order
        Numbers of the neurons.
    first
        Where each cell begins in ``order``, and the number of neurons; shape (n_cells + 1,).
    """

    order: IdArray
    first: PairArray

    @classmethod
    def of(cls, positions: FloatArray, space: Space, per_side: int) -> _Cells:
        along = np.minimum((positions / space.extent * per_side).astype(np.int64), per_side - 1)
        cell = along @ per_side ** np.arange(space.n_dims)[::-1]
        counts = np.bincount(cell, minlength=per_side**space.n_dims)
        return cls(np.argsort(cell, kind="stable").astype(np.int32), np.concatenate([[0], np.cumsum(counts)]))

    @property
    def counts(self) -> PairArray:
        return np.diff(self.first)


def choose_by_distance(
    ends: Ends,
    targets: range,
    probability: PairProbability,
    bound: Bound,
    without_self: bool,
    random: np.random.Generator,
) -> PairArray:
    """Each pair of neurons with its own probability, independently of all others.

    Parameters
    ----------
    ends
        Populations in one space.
    targets
        Which neurons of the target.
    without_self
        Whether pairs of a neuron with itself are left out.

    Returns
    -------
    Sorted numbers ``source * len(targets) + target``, targets counted from the first of them.
    """
    space, start, end = ends.space, ends.source.positions, ends.target.positions
    assert space is not None and start is not None and end is not None
    per_side = _cells_per_side(space, max(ends.n_source, ends.n_target))
    from_cells, to_cells = (
        _Cells.of(start, space, per_side),
        _Cells.of(end[targets.start : targets.stop], space, per_side),
    )
    blocks = [np.empty(0, np.int64)]
    for cell in np.flatnonzero(from_cells.counts):
        members = from_cells.order[from_cells.first[cell] : from_cells.first[cell + 1]]
        largest = bound(*_limits(space, per_side, int(cell)))
        for rows, columns, limit in _candidates(len(members), to_cells, largest, random):
            sources, places = members[rows], to_cells.order[columns]
            target_ids = places + np.int32(targets.start)
            p = probability(sources, target_ids, space.distances(start[sources], end[target_ids]))
            if limit is None:
                kept = random.random(len(p)) < p
            else:
                # Poisson events with the rate of a pair's largest probability, kept in the ratio of the rates, hit a
                # pair at least once with just its own probability; once is what counts.
                kept = random.random(len(p)) * np.log1p(-limit) > np.log1p(-p)
            if without_self:
                kept &= sources != target_ids
            blocks.append(sources[kept] * np.int64(len(targets)) + places[kept])
    pairs = np.concatenate(blocks)
    del blocks  # as large as the result
    return distinct(pairs)


def expected_by_distance(ends: Ends, probability: PairProbability, without_self: bool) -> float:
    """Sum of the probabilities of all pairs; in large populations, from a sample of sources."""
    space, start, end = ends.space, ends.source.positions, ends.target.positions
    assert space is not None and start is not None and end is not None
    n_sampled = min(ends.n_source, max(_MAX_SUMMED // max(ends.n_target, 1), 1))
    # Always the same sample: the number is part of what an experiment says, not of a run.
    sample = np.random.default_rng(0).choice(ends.n_source, n_sampled, replace=False, shuffle=False)
    targets = np.arange(ends.n_target, dtype=np.int32)
    total = 0.0
    for sources in np.array_split(sample.astype(np.int32), 1 + n_sampled * ends.n_target // _SUMMED_AT_ONCE):
        p = probability(sources[:, np.newaxis], targets, space.distances(start[sources, np.newaxis], end))
        total += float(p.sum())
        if without_self:
            total -= float(p[np.arange(len(sources)), sources].sum())
    return total * ends.n_source / n_sampled if n_sampled else 0.0


def _cells_per_side(space: Space, n: int) -> int:
    return int(np.clip((n / _NEURONS_IN_CELL) ** (1 / space.n_dims), 1, _MAX_CELLS[space.n_dims]))


def _limits(space: Space, per_side: int, cell: int) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest distance between the points of one cell and those of each cell; shapes (n_cells,)."""
    near, far = np.zeros(1), np.zeros(1)
    for own, length in zip(np.unravel_index(cell, (per_side,) * space.n_dims), space.extent, strict=True):
        steps = np.abs(np.arange(per_side) - own)
        if space.periodic:
            steps = np.minimum(steps, per_side - steps)
        side = length / per_side
        near = np.add.outer(near, (np.maximum(steps - 1, 0) * side) ** 2).ravel()
        far = np.add.outer(far, ((steps + 1) * side) ** 2).ravel()
    return np.sqrt(near), np.sqrt(far)


def _candidates(
    n_rows: int, cells: _Cells, largest: FloatArray, random: np.random.Generator
) -> Iterator[tuple[PairArray, PairArray, FloatArray | None]]:
    """Candidate pairs of some neurons with those of all cells.

    Yields
    ------
    Rows, places in ``cells.order``, and the probability with which each pair was drawn; None where these are all pairs.
    """
    n_pairs = n_rows * cells.counts
    dense = largest >= _DENSE
    rate = np.where(dense, 0.0, largest)
    n_drawn = random.poisson(-np.log1p(-rate) * n_pairs)
    cell = np.repeat(np.arange(len(n_drawn)), n_drawn)
    drawn = (random.random(len(cell)) * n_pairs[cell]).astype(np.int64)
    width = cells.counts[cell]
    yield drawn // width, cells.first[cell] + drawn % width, rate[cell]
    columns = np.flatnonzero(np.repeat(dense, cells.counts))
    yield np.repeat(np.arange(n_rows), len(columns)), np.tile(columns, n_rows), None
