"""Where neurons are, and distances between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from snnrun.space import Positions, Space, grid_counts


def _positions(**settings: Any) -> Positions:
    return Positions.model_validate(settings)


SQUARE = ["1 mm", "1 mm"]


def test_the_way_on_a_ring_is_the_shorter_one() -> None:
    ring = Space((10.0,), periodic=True)
    start, end = np.array([[1.0], [9.0], [2.0]]), np.array([[9.0], [1.0], [4.0]])
    np.testing.assert_allclose(ring.displacements(start, end)[:, 0], [-2, 2, 2])
    np.testing.assert_allclose(ring.distances(start, end), [2, 2, 2])
    np.testing.assert_allclose(Space((10.0,)).distances(start, end), [8, 8, 2])


def test_distances_on_a_torus_are_the_smallest_over_all_images() -> None:
    torus = Space((3.0, 2.0), periodic=True)
    random = np.random.default_rng(1)
    start, end = random.uniform(0, (3, 2), (200, 2)), random.uniform(0, (3, 2), (200, 2))
    images = np.array([(i * 3.0, j * 2.0) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    ways = end[:, np.newaxis] + images - start[:, np.newaxis]
    np.testing.assert_allclose(torus.distances(start, end), np.linalg.norm(ways, axis=2).min(axis=1), atol=1e-15)
    assert torus.distances(start, end).max() <= torus.diameter == pytest.approx(math.hypot(1.5, 1))


def test_distances_between_all_pairs_broadcast() -> None:
    sheet = Space((1.0, 1.0))
    points = np.random.default_rng(2).uniform(0, 1, (5, 2))
    found = sheet.distances(points[:, np.newaxis], points)
    assert found.shape == (5, 5) and np.all(found == found.T) and not found.diagonal().any()


def test_a_grid_fills_the_space_evenly() -> None:
    points = _positions(extent=["2 mm", "1 mm"]).place(8, np.random.default_rng(1))
    assert sorted(set(points[:, 0])) == pytest.approx([0.25e-3, 0.75e-3, 1.25e-3, 1.75e-3])
    assert sorted(set(points[:, 1])) == pytest.approx([0.25e-3, 0.75e-3])
    assert len({tuple(point) for point in points}) == 8


def test_neighbours_on_a_ring_all_have_the_same_distance() -> None:
    positions = _positions(extent="1 mm", periodic=True)
    points = positions.place(7, np.random.default_rng(1))
    np.testing.assert_allclose(positions.space(7).distances(points, np.roll(points, -1, axis=0)), 1e-3 / 7)


@pytest.mark.parametrize(("size", "counts"), [(9, (3, 3)), (8000, (80, 100)), (20, (4, 5)), (90_000, (300, 300))])
def test_the_counts_of_a_square_grid_are_nearly_equal(size: int, counts: tuple[int, int]) -> None:
    assert sorted(grid_counts(size, (1.0, 1.0)) or ()) == sorted(counts)


@pytest.mark.parametrize("size", range(1, 400))
def test_a_grid_has_all_neurons_in_meshes_at_most_a_quarter_longer_than_wide(size: int) -> None:
    for ratio in (1.0, 0.3, 2.0, 7.1):
        found = grid_counts(size, (ratio, 1.0))
        possible = [
            (n, size // n)
            for n in range(1, size + 1)
            if size % n == 0 and abs(math.log(ratio * (size // n) / n)) <= math.log(1.25) + 1e-9
        ]
        assert (found is None) == (not possible) and (found is None or found in possible)


def test_a_size_that_makes_no_grid_is_refused_with_the_nearest_ones_that_do() -> None:
    said = _positions(extent=SQUARE).problem(13)
    assert said is not None and "9 and 16 neurons do" in said and "layout: random" in said
    assert _positions(extent=SQUARE, layout="random").problem(13) is None
    assert _positions(extent="1 mm").problem(13) is None


@pytest.mark.parametrize("extent", [["1e15 m", "1e-15 m"], ["1e-15 m", "1e15 m"], ["1e-300 m", "1e300 m"]])
def test_a_thread_has_no_grid_and_that_is_soon_known(extent: list[str]) -> None:
    said = _positions(extent=extent).problem(100)
    assert said is not None and "100 neurons make no grid" in said


def test_more_neurons_than_can_be_placed_are_refused_before_they_are() -> None:
    for layout in ("grid", "random"):
        said = _positions(extent=SQUARE, layout=layout).problem(2 * 10**9)
        assert said is not None and "At most 10000000 neurons" in said


def test_a_density_whose_extent_is_no_number_is_refused() -> None:
    said = _positions(density="1e-310 / m**2").problem(100)
    assert said is not None and "no extent that can be computed" in said


def test_random_positions_are_uniform_in_both_dimensions_and_independent() -> None:
    points = _positions(layout="random", extent=["2 mm", "1 mm"]).place(5000, np.random.default_rng(3))
    assert stats.kstest(points[:, 0] / 2e-3, "uniform").pvalue > 1e-3
    assert stats.kstest(points[:, 1] / 1e-3, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(points.T)[0, 1]) < 5 / math.sqrt(5000)


@pytest.mark.parametrize(
    ("density", "size", "extent"), [("100 / mm", 50, (0.5e-3,)), ("1000 / mm**2", 4000, (2e-3, 2e-3))]
)
def test_a_density_gives_the_extent(density: str, size: int, extent: tuple[float, ...]) -> None:
    assert _positions(density=density).space(size).extent == pytest.approx(extent)


def test_spaces_from_equal_densities_are_the_same_but_for_rounding() -> None:
    exc, inh = _positions(density="8000 / mm**2").space(8000), _positions(density="2000 / mm**2").space(2000)
    assert exc.is_same(inh)
    assert not exc.is_same(_positions(density="2000 / mm**2", periodic=True).space(2000))
    assert not exc.is_same(Space((1e-3,)))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "either the 'extent' or the 'density'"),
        ({"extent": "1 mm", "density": "1 / mm"}, "either the 'extent' or the 'density'"),
        ({"extent": ["1 mm"] * 3}, "at most 2"),
        ({"extent": "0 mm"}, "must be above 0 um"),
        ({"density": "100 / mm**3"}, "a number per length such as"),
        ({"density": "-1 / mm"}, "the density must be above 0"),
    ],
)
def test_what_is_no_space_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _positions(**settings)


@pytest.mark.parametrize(
    "settings", [{"extent": "1 mm", "periodic": True}, {"extent": SQUARE, "layout": "random"}, {"density": "9/mm**2"}]
)
def test_positions_survive_being_written_and_read(settings: dict[str, Any]) -> None:
    positions = _positions(**settings)
    assert Positions.model_validate(positions.model_dump(mode="json", exclude_none=True)) == positions
