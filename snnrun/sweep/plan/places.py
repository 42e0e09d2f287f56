"""Where a search has been: places in the unit cube, each with other values of the axes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from snnrun.designs.base import Axes, Combination, n_combinations

Share = tuple[float, ...]
"""Where a set of values lies in the unit cube: for each axis, how large a part of its range is below."""

# Of values of which half are left, one draw in two is new: so many in vain mean that there are none.
_MAX_DRAWS: Final = 1000


class Places:
    """The sets of values of a search, all different: of a few values, some are proposed twice.

    Parameters
    ----------
    shares
        Those that are taken already.
    """

    def __init__(self, axes: Axes, shares: Iterable[Share] = ()) -> None:
        self._axes = axes
        self._taken: dict[str, tuple[Share, Combination]] = {}
        for share in shares:
            self.take(share)

    def __len__(self) -> int:
        return len(self._taken)

    @property
    def shares(self) -> tuple[Share, ...]:
        """The place of each, in the order in which they were taken."""
        return tuple(share for share, _ in self._taken.values())

    @property
    def combinations(self) -> list[Combination]:
        """The values of each, in the same order."""
        return [combination for _, combination in self._taken.values()]

    def take(self, share: Share) -> None:
        """Add a place, unless another one with the same values is taken."""
        combination = {name: axis.at(part) for (name, axis), part in zip(self._axes.items(), share, strict=True)}
        self._taken.setdefault(json.dumps(combination), (share, combination))

    def take_any(self, n_places: int, random: np.random.Generator) -> None:
        """Add so many at random, or all that are left if there are fewer."""
        wanted, number = len(self) + n_places, n_combinations(self._axes)
        if number is not None and number <= 2 * wanted:
            every = list(self._every())
            found: Iterable[Share] = (every[index] for index in random.permutation(len(every)))
        else:
            found = (tuple(random.random(len(self._axes)).tolist()) for _ in range(_MAX_DRAWS * n_places))
        for share in found:
            if len(self) >= wanted:
                return
            self.take(share)

    def _every(self) -> Iterator[Share]:
        """A place for each set of values there is: the middle of those that have it."""
        numbers = [axis.n_values for axis in self._axes.values()]
        middles = ([(index + 0.5) / number for index in range(number)] for number in numbers if number is not None)
        return itertools.product(*middles)
