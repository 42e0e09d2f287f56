"""Sobol' points."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.base import Axes, DrawnDesign
from snnrun.entry import Reference
from snnrun.quantities import Count


class Sobol(DrawnDesign):
    """Scrambled Sobol' points: they fill the space more evenly than random ones, and more points keep the first ones.

    They are most even where their number is a power of two.
    """

    references: ClassVar = (
        Reference("Sobol' (1967) USSR Comput Math Math Phys 7: 86–112", "10.1016/0041-5553(67)90144-9"),
        Reference("Owen (1998) J Complexity 14: 466–489", "10.1006/jcom.1998.0487"),
    )
    example: ClassVar[str] = "{design: sobol, points: 64, seed: 1}"

    design: Literal["sobol"] = "sobol"
    seed: Count = 1
    """Other seeds scramble the points in other ways."""

    def remark(self, axes: Axes) -> str | None:
        below = 2 ** (self.points.bit_length() - 1)
        if self.points == below:
            return None
        return f"Sobol' points are most even in powers of two: take {below} or {2 * below} rather than {self.points}."

    def shares(self, n_axes: int) -> NDArray[np.float64]:
        return sobol_points(self.points, n_axes, self.seed)


def sobol_points(n_points: int, n_axes: int, seed: int) -> NDArray[np.float64]:
    """The first points of the scrambled sequence in the unit cube; shape (n_points, n_axes)."""
    from scipy.stats import qmc

    # Drawn up to a power of two, since scipy warns about any other number.
    exponent = (n_points - 1).bit_length()
    points: NDArray[np.float64] = qmc.Sobol(n_axes, scramble=True, seed=seed).random_base2(exponent)
    return points[:n_points]
