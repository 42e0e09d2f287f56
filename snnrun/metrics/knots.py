"""Spike trains two by two, cut at the spikes of both, as the distances of Kreuz need them.

At the edges of the window, where the neighbours of a spike are not known, a train is continued by one spike before its
first and one after its last: as far away as the neighbouring interval is long, or on the edge where that is further. A
train without spikes has one on either edge. The spikes of the continued train are called its knots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from snnrun.metrics.trains import FloatArray, Trains

Ticks = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """One of the two trains, in each stretch between two spikes of either of them.

    Parameters
    ----------
    before, after
        Knots of the train between which the stretch lies; shape (n_stretches,).
    far_before, far_after
        How far they are from the nearest knot of the other train; shape (n_stretches,).
    """

    before: Ticks
    after: Ticks
    far_before: Ticks
    far_after: Ticks

    @property
    def interval(self) -> Ticks:
        """Length of the interspike interval; shape (n_stretches,)."""
        return self.after - self.before

    def far(self, time: Ticks) -> FloatArray:
        """How far the spikes around a time are, from one to the next on a straight line; shape (n_stretches,)."""
        weighted = self.far_before * (self.after - time) + self.far_after * (time - self.before)
        return np.asarray(weighted / self.interval)


@dataclass(frozen=True)
class Stretches:
    """The stretches of one train beside several others, one other train after the other.

    Parameters
    ----------
    other
        Which of the other trains a stretch belongs to, counted from 0; shape (n_stretches,).
    start, stop
        In time steps; shape (n_stretches,).
    one, another
        The two trains.
    length
        Of the window.
    """

    other: Ticks
    start: Ticks
    stop: Ticks
    one: Side
    another: Side
    length: int

    def mean(self, values: FloatArray) -> FloatArray:
        """Mean over the time of what has a value in each stretch; shape (n_others,)."""
        return np.bincount(self.other, weights=values * (self.stop - self.start)) / self.length


def stretches(trains: Trains, length: int) -> Iterator[tuple[int, Stretches]]:
    """For each train but the last, its number and its stretches beside the trains after it.

    Parameters
    ----------
    trains
        Spikes of one train at the same time count as one.
    length
        Of the window, in time steps.
    """
    borders = np.searchsorted(trains.neurons, np.arange(trains.n_neurons + 1))
    knots = [_knots(np.unique(trains.ticks[first:last]).astype(np.int64), length) for first, last in pairwise(borders)]
    for number, one in enumerate(knots[:-1]):
        yield number, _beside(one, knots[number + 1 :], length)


def _knots(spikes: Ticks, length: int) -> Ticks:
    if not len(spikes):
        return np.array([0, length])
    intervals = np.diff(spikes)
    before = np.max(intervals[:1], initial=spikes[0])
    after = np.max(intervals[-1:], initial=length - spikes[-1])
    return np.concatenate([spikes[:1] - before, spikes, spikes[-1:] + after])


def _beside(one: Ticks, others: Sequence[Ticks], length: int) -> Stretches:
    # The other trains are laid end to end on one line, and so is the one train, again and again: a single search finds
    # all neighbours. Knots are less than a length outside the window; trains are so far apart that the nearest knot
    # is one of the same train.
    offsets = 6 * length * np.arange(len(others))
    n_knots = np.array([len(other) for other in others])
    line = np.concatenate(others) + np.repeat(offsets, n_knots)
    repeated = (one + offsets[:, None]).ravel()

    last = np.cumsum(n_knots) - 1
    inner = np.concatenate([np.delete(line, [*(last + 1 - n_knots), *last]), (one[1:-1] + offsets[:, None]).ravel()])
    start = np.unique(np.concatenate([offsets, inner]))
    stop = np.append(start[1:], 0)
    other = start // (6 * length)
    stop[np.append(np.flatnonzero(np.diff(other)), len(other) - 1)] = offsets + length

    def side(knots: Ticks, far: Ticks) -> Side:
        place = np.searchsorted(knots, start, side="right") - 1
        shift = offsets[other]
        return Side(knots[place] - shift, knots[place + 1] - shift, far[place], far[place + 1])

    return Stretches(
        other,
        start - offsets[other],
        stop - offsets[other],
        side(repeated, _far(repeated, line, np.full(len(others), len(one)))),
        side(line, _far(line, repeated, n_knots)),
        length,
    )


def _far(knots: Ticks, others: Ticks, n_knots: NDArray[np.int64]) -> Ticks:
    """Distance of knots from the nearest of other trains; the first and last of a train with spikes: as its spike."""
    place = np.clip(np.searchsorted(others, knots), 1, len(others) - 1)
    far: Ticks = np.minimum(np.abs(knots - others[place - 1]), np.abs(knots - others[place]))
    last = (np.cumsum(n_knots) - 1)[n_knots > 2]
    first = (np.cumsum(n_knots) - n_knots)[n_knots > 2]
    far[first], far[last] = far[first + 1], far[last - 1]
    return far
