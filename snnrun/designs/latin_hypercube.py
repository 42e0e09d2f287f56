"""A Latin hypercube."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.base import DrawnDesign
from snnrun.entry import Reference
from snnrun.quantities import Count


class LatinHypercube(DrawnDesign):
    """Latin hypercube: the range of each axis is cut into as many parts as there are points, and each part used once.

    Which parts meet in a point is drawn, and where in its part a value lies. Another number of points gives others.
    """

    references: ClassVar = (
        Reference("McKay, Beckman & Conover (1979) Technometrics 21: 239–245", "10.1080/00401706.1979.10489755"),
    )
    example: ClassVar[str] = "{design: latin_hypercube, points: 50, seed: 1}"

    design: Literal["latin_hypercube"] = "latin_hypercube"
    seed: Count = 1
    """Other seeds draw other points."""

    def shares(self, n_axes: int) -> NDArray[np.float64]:
        random = np.random.default_rng(self.seed)
        parts = random.permuted(np.tile(np.arange(self.points), (n_axes, 1)), axis=1).T
        within = random.random((self.points, n_axes))
        # The sum may round up to the number of points.
        shares: NDArray[np.float64] = np.minimum((parts + within) / self.points, np.nextafter(1, 0))
        return shares
