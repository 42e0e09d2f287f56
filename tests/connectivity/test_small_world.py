"""Small worlds against Watts & Strogatz 1998 (Nature 393: 440) and the theory of their two ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse, stats

from snnrun.connectivity import Ends
from snnrun.connectivity.small_world import SmallWorld
from snnrun.quantities import Quantity


def _drawn(n: int, k: int, rewire: float, seed: int = 1) -> NDArray[np.bool_]:
    """Who reaches whom; shape (n, n)."""
    rule, ends = SmallWorld(k=k, rewire=Quantity(rewire)), Ends(n, n, True)
    assert rule.problem(ends) is None
    drawn = rule.connect(ends, np.random.default_rng(seed))
    found = np.zeros((n, n), bool)
    found[drawn.source_ids, drawn.target_ids] = True
    assert found.sum() == drawn.n == rule.expected_synapses(ends)
    return found


def _clustering(reaches: NDArray[np.bool_]) -> float:
    """Share of the pairs of targets of a neuron the first of which reaches the second."""
    links = reaches.astype(np.int64)
    k = links.sum(axis=1)
    closed = np.einsum("ij,ij->i", links @ links, links)
    return float((closed / (k * (k - 1))).mean())


def _path_length(reaches: NDArray[np.bool_]) -> float:
    steps = sparse.csgraph.shortest_path(sparse.csr_array(reaches), unweighted=True)
    return float(steps[~np.eye(len(steps), dtype=bool)].mean())


@pytest.mark.parametrize("k", [4, 6, 10])
def test_without_rewiring_it_is_the_ring_lattice(k: int) -> None:
    n = 120
    reaches = _drawn(n, k, 0.0)
    assert np.all(reaches == reaches.T)
    # Barrat & Weigt 2000, Eur Phys J B 13: 547, eq. 1: the clustering of the lattice.
    assert _clustering(reaches) == pytest.approx(3 * (k - 2) / (4 * (k - 1)))
    # Steps of k/2: the neuron at a distance of d is ceil(2 d / k) away.
    distances = np.minimum(np.arange(1, n), n - np.arange(1, n))
    assert _path_length(reaches) == pytest.approx(np.ceil(2 * distances / k).mean())


def test_wholly_rewired_it_is_the_random_network_of_fixed_out_degree() -> None:
    n, k = 1000, 20
    reaches = _drawn(n, k, 1.0)
    assert np.all(reaches.sum(axis=1) == k) and not reaches.diagonal().any()
    # Chance level k / n, from about n k² pairs of targets.
    assert _clustering(reaches) == pytest.approx(k / n, abs=5 * math.sqrt(k / n / (n * k * k)))
    # Fronczak et al. 2004, Phys Rev E 70: 056110: ln n / ln k of Watts & Strogatz, with the terms below it.
    assert _path_length(reaches) == pytest.approx((math.log(n) - np.euler_gamma) / math.log(k) + 0.5, rel=0.02)
    # In-degrees are binomial: their variance, whose chi-square has n - 1 degrees of freedom.
    in_degrees, p = reaches.sum(axis=0), k / (n - 1)
    statistic = ((in_degrees - k) ** 2).sum() / (k * (1 - p))
    assert 1e-3 < stats.chi2.cdf(statistic, n - 1) < 1 - 1e-3


@pytest.mark.parametrize("rewire", [0.03, 0.1, 0.3])
def test_clustering_falls_with_the_cube_of_what_is_left_of_the_lattice(rewire: float) -> None:
    n, k = 1000, 20
    ratio = _clustering(_drawn(n, k, rewire)) / _clustering(_drawn(n, k, 0.0))
    # Barrat & Weigt 2000: C(p) / C(0) = (1 - p)³ up to terms of order k / n, as all sides of a triangle must stay.
    assert ratio == pytest.approx((1 - rewire) ** 3, abs=k / n)


def test_a_little_rewiring_makes_paths_short_and_leaves_the_clustering() -> None:
    # The claim of Watts & Strogatz: at rewiring 0.01, with their n = 1000 and k = 10 (their fig. 2).
    lattice, small, random = (_drawn(1000, 10, rewire) for rewire in (0.0, 0.01, 1.0))
    assert _clustering(small) > 0.9 * _clustering(lattice)
    assert _path_length(small) < 0.35 * _path_length(lattice)
    assert _path_length(random) < _path_length(small)


def test_the_share_of_rewired_synapses_is_the_probability() -> None:
    n, k, p = 2000, 10, 0.2
    reaches = _drawn(n, k, p)
    lattice = _drawn(n, k, 0.0)
    # One in n / k of the new targets is an old neighbour by chance.
    kept, expected = (reaches & lattice).sum(), n * k * (1 - p + p * p * k / n)
    assert abs(kept - expected) < 5 * math.sqrt(n * k * p * (1 - p))


@pytest.mark.parametrize(
    ("rule", "ends", "said"),
    [
        (SmallWorld(k=3, rewire=Quantity(0.1)), Ends(50, 50, True), "so k is even. Write 4."),
        (SmallWorld(k=26, rewire=Quantity(0.1)), Ends(50, 50, True), "more than half of the 50 neurons"),
        (SmallWorld(k=4, rewire=Quantity(0.1)), Ends(50, 50, False), "'from' and 'to' must be the same"),
    ],
)
def test_what_is_no_small_world_is_refused(rule: SmallWorld, ends: Ends, said: str) -> None:
    assert said in (rule.problem(ends) or "")
