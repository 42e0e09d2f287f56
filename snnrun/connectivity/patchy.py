"""Patchy long-range connections."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from snnrun.connectivity.base import Ends, FloatArray, IdArray
from snnrun.connectivity.cells import PairProbability
from snnrun.connectivity.kernel import KernelRule
from snnrun.connectivity.orientation_map import preferred_orientations
from snnrun.entry import Reference
from snnrun.quantities import Count, NonNegativeNumber, PositiveLength
from snnrun.units import quantity


class Patchy(KernelRule):
    """Connections of neurons that prefer like orientations: patches at the distance of columns.

    A map over the sheet gives each neuron the orientation θ of the stimulus that it prefers; columns of like
    orientation follow each other at a typical distance. Two neurons are connected with probability

        kernel(distance) · exp(kappa · (cos 2(θ_source - θ_target) - 1)),

    independently of all others: that of the kernel for equal orientations, exp(-2 kappa) of it for orthogonal ones. The
    targets of a neuron lie in patches, because columns of its orientation do. In superficial layers of V1, short-range
    connections are blind to orientation and long-range ones are not: use ``distance_dependent`` for the first and this
    rule, perhaps as a doughnut, for the second.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Bosking et al. 1997, J Neurosci 17: 2112", "10.1523/JNEUROSCI.17-06-02112.1997"),
        Reference("Stettler et al. 2002, Neuron 36: 739", "10.1016/S0896-6273(02)01029-2"),
        Reference("Voges et al. 2010, Prog Neurobiol 92: 277", "10.1016/j.pneurobio.2010.05.001"),
    )
    example: ClassVar[str] = "{rule: patchy, profile: exponential, p_max: 0.1, width: 1 mm}"

    rule: Literal["patchy"] = "patchy"

    kappa: NonNegativeNumber = quantity("1.5")
    """How much like orientations are favoured; not at all at 0."""

    spacing: PositiveLength = quantity("750 um")
    """Typical distance of columns that prefer the same orientation."""

    map_seed: Count = 1
    """Which of all maps: rules with the same spacing and number see the same map, whatever the seed of the run."""

    def probability(self, ends: Ends) -> PairProbability:
        space, start, end = ends.space, ends.source.positions, ends.target.positions
        assert space is not None and start is not None and end is not None
        sent = preferred_orientations(start, space, self.spacing.value, self.map_seed)
        received = sent if start is end else preferred_orientations(end, space, self.spacing.value, self.map_seed)

        def of_pairs(sources: IdArray, targets: IdArray, distances: FloatArray) -> FloatArray:
            likeness = np.cos(2 * (sent[sources] - received[targets]))
            p: FloatArray = self.kernel(distances) * np.exp(self.kappa.value * (likeness - 1))
            return p

        return of_pairs

    def problem(self, ends: Ends) -> str | None:
        nowhere = super().problem(ends)
        if nowhere:
            return nowhere
        assert ends.space is not None
        if ends.space.n_dims != 2:
            return f"orientation columns lie on a sheet or torus, not on a {ends.space.name}. Give two extents."
        if min(ends.space.extent) < self.spacing.value:
            return f"the {ends.space.pretty()}, is smaller than the spacing of columns, {self.spacing.pretty()}."
        return None
