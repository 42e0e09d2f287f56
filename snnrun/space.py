"""Where neurons are: on a line, a ring, a sheet or a torus, and how far from each other.

A space begins at 0 and ends at its extent. Where it is periodic, its ends are one, and the distance between two points
is that of the shorter way round.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from snnrun.entry import Strict
from snnrun.quantities import AnyValue, PositiveLength, to_plain
from snnrun.units import Dimension, Quantity, unit

FloatArray = NDArray[np.float64]

# How much longer than wide the meshes of a grid may be: 8000 neurons make a square of 100 × 80.
_MAX_ASPECT: Final = 1.25
# Their places are arrays, which are drawn to know how many synapses there will be, before anything is refused for its
# size; this many take 160 MB.
_MAX_SIZE: Final = 10_000_000
# How far sizes that make a grid are looked for; between near-square ones there are some tens.
_MAX_STEPS: Final = 1000
_PER_LENGTH: Final = unit("m").dimension ** -1
_DENSITIES: Final[dict[Dimension, int]] = {_PER_LENGTH: 1, _PER_LENGTH**2: 2}


@dataclass(frozen=True)
class Space:
    """A line or a sheet, or with its ends joined a ring or a torus.

    Parameters
    ----------
    extent
        Its length in each dimension, in metres.
    periodic
        Whether its ends are joined, in all dimensions.
    """

    extent: tuple[float, ...]
    periodic: bool = False

    @property
    def n_dims(self) -> int:
        return len(self.extent)

    @property
    def name(self) -> str:
        """What people call it."""
        return {1: ("line", "ring"), 2: ("sheet", "torus")}[self.n_dims][self.periodic]

    @property
    def diameter(self) -> float:
        """The largest distance between two points, in metres."""
        return math.hypot(*self.extent) / (2 if self.periodic else 1)

    def displacements(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """The shortest ways from some points to others.

        Parameters
        ----------
        start, end
            Points within the space; shapes (…, n_dims) that fit each other.

        Returns
        -------
        shape (…, n_dims)
            In metres; on a torus no component is longer than half of the extent.
        """
        ways = end - start
        if self.periodic:
            ways -= np.rint(ways / self.extent) * self.extent
        return ways

    def distances(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """Lengths of the `displacements`, in metres; shape (…)."""
        ways = self.displacements(start, end)
        lengths: FloatArray = np.sqrt(np.einsum("...i,...i->...", ways, ways))
        return lengths

    def is_same(self, other: Space) -> bool:
        """Whether two spaces are one, but for rounding: densities give extents that differ in the last digit."""
        return (
            self.periodic == other.periodic
            and self.n_dims == other.n_dims
            and all(math.isclose(a, b) for a, b in zip(self.extent, other.extent, strict=True))
        )

    def pretty(self) -> str:
        """For people: ``torus, 1000 um × 1000 um``."""
        lengths = " × ".join(Quantity(length, unit("m").dimension).pretty() for length in self.extent)
        return f"{self.name}, {lengths}"


def _as_list(raw: Any) -> Any:
    return raw if isinstance(raw, list | tuple) else [raw]


_Extent = Annotated[
    tuple[PositiveLength, ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    Field(strict=False, min_length=1, max_length=2),
    PlainSerializer(lambda lengths: [to_plain(length) for length in lengths]),
]


class Positions(Strict):
    """Where the neurons of a population are."""

    layout: Literal["grid", "random"] = "grid"
    """On the points of a grid, row by row, or anywhere with equal probability."""
    extent: _Extent | None = None
    """Length of a line or ring; length and width of a sheet or torus."""
    density: AnyValue | None = None
    """Instead of the extent: neurons per length of a line or ring, or per area of a square sheet or torus."""
    periodic: bool = False
    """Whether opposite ends are joined: a line to a ring, a sheet to a torus."""

    @model_validator(mode="after")
    def must_have_a_size(self) -> Self:
        if (self.extent is None) == (self.density is None):
            raise ValueError("either the 'extent' or the 'density' is needed")
        if self.density is not None and self.density.dimension not in _DENSITIES:
            raise ValueError(
                "the density is a number per length such as '100 / mm', or per area such as '1000 / mm**2', "
                f"not {self.density.pretty()}"
            )
        if self.density is not None and self.density.value <= 0:
            raise ValueError(f"the density must be above 0, got {self.density.pretty()}")
        return self

    def space(self, size: int) -> Space:
        """The space in which so many neurons are."""
        if self.extent is not None:
            return Space(tuple(length.value for length in self.extent), self.periodic)
        assert self.density is not None
        n_dims = _DENSITIES[self.density.dimension]
        return Space(((size / self.density.value) ** (1 / n_dims),) * n_dims, self.periodic)

    def pretty(self, size: int) -> str:
        """For people: ``grid of 80 × 100 on a torus, 1000 um × 1000 um``."""
        space = self.space(size)
        counts = grid_counts(size, space.extent)
        where = f"grid of {' × '.join(map(str, counts))}" if self.layout == "grid" and counts else "at random"
        return f"{where} on a {space.pretty()}"

    def problem(self, size: int) -> str | None:
        """Why so many neurons cannot lie as asked, and what to do about it; None if they can."""
        if size > _MAX_SIZE:
            return (
                f"At most {_MAX_SIZE} neurons of one population have positions. Take fewer, or leave out 'positions'."
            )
        space = self.space(size)
        if not all(0 < length < math.inf for length in space.extent):
            return "This density gives no extent that can be computed. Give the 'extent' instead."
        if self.layout == "random" or grid_counts(size, space.extent) is not None:
            return None
        below = next((n for n in range(size - 1, max(size - _MAX_STEPS, 0), -1) if grid_counts(n, space.extent)), None)
        above = next((n for n in range(size + 1, size + _MAX_STEPS) if grid_counts(n, space.extent)), None)
        fitting = " and ".join(str(n) for n in (below, above) if n is not None)
        return (
            f"{size} neurons make no grid of near-square meshes on this {space.name}"
            f"{f', {fitting} neurons do' if fitting else ''}. "
            "Change the size or the extent, or take 'layout: random'."
        )

    def place(self, size: int, random: np.random.Generator) -> FloatArray:
        """Positions of all neurons in metres, for a size without `problem`; shape (size, n_dims)."""
        space = self.space(size)
        if self.layout == "random":
            return random.uniform(0.0, 1.0, (size, space.n_dims)) * space.extent
        counts = grid_counts(size, space.extent)
        assert counts is not None
        axes = [(np.arange(n) + 0.5) * (length / n) for n, length in zip(counts, space.extent, strict=True)]
        return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(size, space.n_dims)


def grid_counts(n: int, extent: tuple[float, ...]) -> tuple[int, ...] | None:
    """How many of ``n`` neurons lie along each side of a grid with meshes as square as can be; None if none fits."""
    if len(extent) == 1:
        return (n,)
    short, long = sorted(extent)
    ideal = math.sqrt(n * (short / long))
    slack = math.sqrt(_MAX_ASPECT) * (1 + 1e-9)  # the aspect goes with the square of the count along one side
    along = np.arange(max(1, math.ceil(ideal / slack)), math.floor(ideal * slack) + 1)
    along = along[n % along == 0]
    if not along.size:
        return None
    best = int(along[np.argmin(np.abs(np.log(along / ideal)))])
    return (best, n // best) if extent[0] <= extent[1] else (n // best, best)
