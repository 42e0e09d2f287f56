"""Points drawn at random."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from snnrun.designs.base import DrawnDesign
from snnrun.quantities import Count


class Random(DrawnDesign):
    """Random points: each axis is drawn by itself, evenly over its range; more points keep the first ones."""

    example: ClassVar[str] = "{design: random, points: 50, seed: 1}"

    design: Literal["random"] = "random"
    seed: Count = 1
    """Other seeds draw other points."""

    def shares(self, n_axes: int) -> NDArray[np.float64]:
        return np.random.default_rng(self.seed).random((self.points, n_axes))
