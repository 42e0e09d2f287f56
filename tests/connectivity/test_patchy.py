"""Patchy connections: the orientation map, and whom neurons prefer on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

from snnrun.connectivity import Ends, Neurons
from snnrun.connectivity.orientation_map import preferred_orientations
from snnrun.connectivity.patchy import Patchy
from snnrun.space import Positions, Space

UM = 1e-6


def _ends(n: int = 3000, **settings: Any) -> Ends:
    positions = Positions.model_validate({"layout": "random", "extent": ["3 mm", "3 mm"], "periodic": True, **settings})
    neurons = Neurons(positions.place(n, np.random.default_rng(1)), positions.space(n))
    return Ends(n, n, True, neurons, neurons)


def _grid(space: Space, per_side: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    axes = [np.arange(per_side) * length / per_side for length in space.extent]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)


def _winding(angles: Any) -> Any:
    """Sum of the turns of orientations around each mesh, in units of π: 0, or ±1 around a pinwheel."""
    corners = [angles, np.roll(angles, -1, 0), np.roll(angles, (-1, -1), (0, 1)), np.roll(angles, -1, 1)]
    turns = [(b - a + np.pi / 2) % np.pi - np.pi / 2 for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    return np.rint(sum(turns) / np.pi)


def test_the_map_has_pi_pinwheels_in_the_area_of_a_squared_spacing() -> None:
    # Wolf & Geisel 1998, Nature 395: 73: π for a Gaussian random map with a narrow ring as its spectrum.
    space, spacing, found = Space((8e-3, 8e-3), periodic=True), 500 * UM, []
    for seed in range(10):
        angles = preferred_orientations(_grid(space, 400), space, spacing, seed).reshape(400, 400)
        found.append(np.abs(_winding(angles)).sum() * spacing**2 / (8e-3) ** 2)
    assert np.mean(found) == pytest.approx(math.pi, abs=5 * np.std(found) / math.sqrt(10))
    assert np.std(found) < 0.3


def test_all_orientations_are_equally_frequent_and_columns_repeat_at_the_spacing() -> None:
    space, spacing = Space((8e-3, 8e-3), periodic=True), 800 * UM
    points = _grid(space, 160)
    correlations, shares = [], []
    for seed in range(10):
        doubled = np.exp(2j * preferred_orientations(points, space, spacing, seed).reshape(160, 160))
        shares.append(doubled.mean())
        correlations.append([(doubled * np.roll(doubled, -step, 0).conj()).real.mean() for step in range(24)])
    assert abs(np.mean(shares)) < 0.05
    # The field is correlated like J0(2π r / spacing), its phase likewise in sign: against at half of a spacing, with it
    # again at a whole one.
    theory = special.j0(2 * np.pi * np.arange(24) * 50 * UM / spacing)
    mean = np.mean(correlations, axis=0)
    assert mean[0] == pytest.approx(1.0) and mean[10] < -0.1 and mean[17] > 0.05
    assert np.all(np.sign(mean[np.abs(theory) > 0.15]) == np.sign(theory[np.abs(theory) > 0.15]))


def test_the_map_of_a_torus_has_no_seam() -> None:
    torus = Space((2e-3, 3e-3), periodic=True)
    points = np.random.default_rng(1).uniform(0, 2e-3, (50, 2))
    here = preferred_orientations(points, torus, 700 * UM, 4)
    there = preferred_orientations(points + torus.extent, torus, 700 * UM, 4)
    np.testing.assert_allclose(np.exp(2j * here), np.exp(2j * there), atol=1e-9)


@pytest.mark.parametrize("kappa", [0.0, 1.0, 2.5])
def test_connections_prefer_like_orientations_as_kappa_says(kappa: float) -> None:
    ends = _ends()
    rule = Patchy.model_validate({"p_max": 0.3, "profile": "box", "width": "900 um", "kappa": kappa})
    drawn = rule.connect(ends, np.random.default_rng(2))
    assert ends.space is not None and ends.source.positions is not None
    angles = preferred_orientations(ends.source.positions, ends.space, 750 * UM, rule.map_seed)
    pairs = ends.space.distances(ends.source.positions[:, np.newaxis], ends.source.positions) <= 900 * UM
    np.fill_diagonal(pairs, False)
    likeness = np.cos(2 * (angles[:, np.newaxis] - angles))
    bins = np.linspace(-1, 1, 9)
    possible, _ = np.histogram(likeness[pairs], bins)
    expected, _ = np.histogram(likeness[pairs], bins, weights=0.3 * np.exp(kappa * (likeness[pairs] - 1)))
    found, _ = np.histogram(likeness[drawn.source_ids, drawn.target_ids], bins)
    assert found.sum() == drawn.n and possible.min() > 1000
    # Binomial counts; five standard deviations.
    assert np.all(np.abs(found - expected) <= 5 * np.sqrt(expected))
    assert drawn.n == pytest.approx(rule.expected_synapses(ends), abs=5 * math.sqrt(drawn.n))


def test_rules_with_the_same_map_seed_see_the_same_map_whatever_they_draw() -> None:
    ends = _ends(500)
    one, same, other = (
        Patchy.model_validate({"p_max": 0.3, "width": "900 um", "map_seed": seed, "kappa": 3}) for seed in (1, 1, 2)
    )
    assert one.expected_synapses(ends) == same.expected_synapses(ends) != other.expected_synapses(ends)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"extent": "3 mm"}, "lie on a sheet or torus, not on a ring"),
        ({"extent": ["3 mm", "0.5 mm"]}, "is smaller than the spacing of columns, 750 um"),
    ],
)
def test_spaces_without_room_for_columns_are_refused(settings: dict[str, Any], said: str) -> None:
    rule = Patchy.model_validate({"p_max": 0.3, "width": "900 um"})
    assert said in (rule.problem(_ends(50, **settings)) or "")
    assert "has no positions" in (rule.problem(Ends(5, 5, True)) or "")
