"""Rules whose probability falls with distance: the kernel that they share."""

from __future__ import annotations

from typing import ClassVar, Final, Literal, Self

import numpy as np
from pydantic import model_validator

from snnrun.connectivity.base import Connections, Ends, FloatArray, TargetwiseRule
from snnrun.connectivity.cells import PairProbability, choose_by_distance, expected_by_distance
from snnrun.connectivity.pairs import PossiblePairs
from snnrun.entry import Reference
from snnrun.quantities import PositiveLength, Probability

# On a grid whole numbers of meshes are common distances; rounding must not decide whether they are within a radius.
_ROUNDING: Final = 1e-9
# So many widths away every kernel is 0, and its square is still a number.
_NOTHING: Final = 1e4


class KernelRule(TargetwiseRule):
    """A rule with a kernel: the probability of a synapse as a function of distance, times what else it depends on."""

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Senk et al. 2022, PLoS Comput Biol 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )

    profile: Literal["gaussian", "exponential", "box", "doughnut"] = "gaussian"
    """Shape of the kernel; a box is constant up to a radius, a doughnut between two radii."""

    p_max: Probability
    """Largest probability, which the Gaussian and the exponential have at distance 0."""

    width: PositiveLength
    """Standard deviation of the Gaussian, decay length of the exponential, (outer) radius of box and doughnut."""

    inner: PositiveLength | None = None
    """Inner radius of the doughnut."""

    autapses: bool = False
    """Whether a neuron can connect to itself; only matters within one population."""

    @model_validator(mode="after")
    def must_have_its_radii(self) -> Self:
        if (self.inner is not None) != (self.profile == "doughnut"):
            raise ValueError("'inner' is the inner radius of 'profile: doughnut', and of that alone")
        if self.inner is not None and self.inner.value >= self.width.value:
            raise ValueError(f"the inner radius {self.inner.pretty()} is not below the outer {self.width.pretty()}")
        return self

    def kernel(self, distances: FloatArray) -> FloatArray:
        """Probability of a synapse between neurons at these distances in metres."""
        p, width = self.p_max.value, self.width.value
        with np.errstate(over="ignore"):  # far beyond the width: nothing
            widths = np.minimum(distances / width, _NOTHING)
        match self.profile:
            case "gaussian":
                shape = np.exp(-0.5 * widths**2)
            case "exponential":
                shape = np.exp(-widths)
            case _:
                inside = (distances >= self._inner) & (distances <= width * (1 + _ROUNDING))
                shape = inside.astype(np.float64)
        return p * shape

    def probability(self, ends: Ends) -> PairProbability:
        """Probability of pairs of these populations: nowhere above the kernel."""
        return lambda sources, targets, distances: self.kernel(distances)

    def connect_onto(self, targets: range, ends: Ends, random: np.random.Generator) -> Connections:
        without_self = ends.same and not self.autapses
        pairs = choose_by_distance(ends, targets, self.probability(ends), self._bound, without_self, random)
        return PossiblePairs.of(ends, targets, autapses=True).decode(pairs)

    def expected_synapses(self, ends: Ends) -> float:
        return expected_by_distance(ends, self.probability(ends), ends.same and not self.autapses)

    def problem(self, ends: Ends) -> str | None:
        return ends.space_problem()

    @property
    def _inner(self) -> float:
        return self.inner.value * (1 - _ROUNDING) if self.inner is not None else 0.0

    def _bound(self, near: FloatArray, far: FloatArray) -> FloatArray:
        """The largest probability at distances between near and far."""
        return self.kernel(np.clip(self._inner, near, far))
