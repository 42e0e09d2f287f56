"""Regions of a plane in which cells bear the same name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Region(NamedTuple):
    """Cells that hang together by their sides: their name, their number, and one of them deep inside."""

    name: str
    n_cells: int
    row: int
    column: int


def regions(names: NDArray[np.str_]) -> list[Region]:
    """The regions of a plane.

    Parameters
    ----------
    names
        Empty where a cell has none; shape (rows, columns).
    """
    from scipy import ndimage

    found = []
    for name in dict.fromkeys(names[names != ""].tolist()):
        labels, count = ndimage.label(names == name)
        for number in range(1, count + 1):
            inside = labels == number
            # What lies at the border of the plane is as far from other regions as what touches them.
            depth = ndimage.distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
            deepest = np.argwhere(depth == depth.max())
            middle = np.argwhere(inside).mean(axis=0)
            row, column = deepest[np.argmin(((deepest - middle) ** 2).sum(axis=1))].tolist()
            found.append(Region(name, int(inside.sum()), row, column))
    return found


def borders(names: NDArray[np.str_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where neighbours in a row, and where those in a column, have different names; unnamed ones have no borders."""

    def differ(one: NDArray[np.str_], other: NDArray[np.str_]) -> NDArray[np.bool_]:
        return np.asarray((one != other) & (one != "") & (other != ""))

    return differ(names[:, 1:], names[:, :-1]), differ(names[1:], names[:-1])
