"""Synapses drawn some targets at a time are those of the rule: the same laws, seams nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from snnrun.connectivity import Connections, ConnectivityRule, Ends, Neurons
from snnrun.connectivity.all_to_all import AllToAll
from snnrun.connectivity.distance_dependent import DistanceDependent
from snnrun.connectivity.fixed_indegree import FixedIndegree
from snnrun.connectivity.fixed_outdegree import FixedOutdegree
from snnrun.connectivity.fixed_probability import FixedProbability
from snnrun.connectivity.fixed_total_number import FixedTotalNumber
from snnrun.connectivity.one_to_one import OneToOne
from snnrun.connectivity.pairs import shares
from snnrun.connectivity.small_world import SmallWorld
from snnrun.quantities import Quantity
from snnrun.space import Positions
from snnrun.units import quantity

N = 12
BLOCKS = [range(5), range(5, 6), range(6, N)]
SHEET = Positions.model_validate({"extent": ["1 mm", "1 mm"], "layout": "random"})
NEURONS = Neurons(SHEET.place(N, np.random.default_rng(3)), SHEET.space(N))

DISTANCE = DistanceDependent(p_max=Quantity(0.9), width=quantity("400 um"))
RULES: list[Any] = [
    rule
    for kind, settings in [
        (AllToAll, {}),
        (FixedProbability, {"p": Quantity(0.3)}),
        (FixedIndegree, {"k": 4}),
        (FixedIndegree, {"k": 4, "multapses": True}),
        (FixedOutdegree, {"k": 4}),
        (FixedOutdegree, {"k": 4, "multapses": True}),
        (FixedTotalNumber, {"n": 40}),
        (FixedTotalNumber, {"n": 100}),
        (FixedTotalNumber, {"n": 40, "multapses": True}),
    ]
    for rule in (kind(**settings), kind(**settings, autapses=True))
] + [DISTANCE, OneToOne()]


@pytest.fixture(params=RULES, ids=str)
def rule(request: pytest.FixtureRequest) -> ConnectivityRule:
    found = request.param
    assert isinstance(found, ConnectivityRule)
    return found


def _in_blocks(rule: ConnectivityRule, random: np.random.Generator, same: bool = True) -> list[Connections]:
    draws = rule.in_blocks(Ends(N, N, same, NEURONS, NEURONS), BLOCKS, random)
    assert draws is not None
    return [draw(random) for draw in draws]


def _matrix(blocks: list[Connections]) -> np.ndarray[Any, Any]:
    """Number of synapses from each source (row) to each target."""
    found = np.zeros((N, N), dtype=np.int64)
    for block in blocks:
        np.add.at(found, (block.source_ids, block.target_ids), 1)
    return found


@pytest.mark.parametrize("same", [True, False])
def test_each_block_has_its_targets_sorted_by_source_then_target(rule: ConnectivityRule, same: bool) -> None:
    for targets, block in zip(BLOCKS, _in_blocks(rule, np.random.default_rng(1), same), strict=True):
        assert block.n_outgoing.dtype == block.target_ids.dtype == np.int32
        assert block.n_outgoing.shape == (N,) and block.n_outgoing.sum() == block.n
        assert set(block.target_ids.tolist()) <= set(targets)
        assert np.all(np.diff(block.source_ids.astype(np.int64) * N + block.target_ids) >= 0)


def test_each_pair_is_as_probable_as_without_blocks(rule: ConnectivityRule) -> None:
    ends, n_draws, random = Ends(N, N, True, NEURONS, NEURONS), 1000, np.random.default_rng(5)
    blocks = [_matrix(_in_blocks(rule, random)) for _ in range(n_draws)]
    whole = [_matrix([rule.connect(ends, random)]) for _ in range(n_draws)]
    difference = np.mean(blocks, axis=0) - np.mean(whole, axis=0)
    error = np.sqrt((np.var(blocks, axis=0) + np.var(whole, axis=0)) / n_draws)
    # Five standard errors, for 144 pairs.
    assert np.all(np.abs(difference) <= 5 * error)


def test_degrees_vary_as_without_blocks(rule: ConnectivityRule) -> None:
    # Of numbers that must agree between blocks, the variances would tell: of in-degrees, out-degrees, and the total.
    ends, n_draws, random = Ends(N, N, True, NEURONS, NEURONS), 1000, np.random.default_rng(6)
    blocks = np.array([_matrix(_in_blocks(rule, random)) for _ in range(n_draws)])
    whole = np.array([_matrix([rule.connect(ends, random)]) for _ in range(n_draws)])
    for axes in [(1,), (2,), (1, 2)]:
        one, other = blocks.sum(axis=axes).var(axis=0), whole.sum(axis=axes).var(axis=0)
        # The standard error of a variance of about normal numbers is sqrt(2/n) of it: six of them for two.
        assert np.all(np.abs(one - other) <= 6 * np.sqrt(2 / n_draws) * np.sqrt(one**2 + other**2))


def test_fixed_numbers_are_fixed_over_all_blocks() -> None:
    random = np.random.default_rng(2)
    assert np.all(_matrix(_in_blocks(FixedIndegree(k=4), random)).sum(axis=0) == 4)
    assert np.all(_matrix(_in_blocks(FixedOutdegree(k=4), random)).sum(axis=1) == 4)
    assert _matrix(_in_blocks(FixedTotalNumber(n=100), random)).sum() == 100


@pytest.mark.parametrize("multapses", [False, True])
def test_without_autapses_no_neuron_is_its_own_target(multapses: bool) -> None:
    random = np.random.default_rng(2)
    for rule in (FixedOutdegree(k=11, multapses=multapses), FixedTotalNumber(n=132, multapses=multapses)):
        matrix = _matrix(_in_blocks(rule, random))
        assert np.all(np.diag(matrix) == 0)
        assert multapses or np.all(matrix + np.eye(N) == 1)  # all that there are


def test_a_ring_is_drawn_as_a_whole() -> None:
    ends = Ends(N, N, True)
    assert SmallWorld(k=2, rewire=Quantity(0.5)).in_blocks(ends, BLOCKS, np.random.default_rng(1)) is None


class TestShares:
    """How many of n chosen numbers lie in each part."""

    def test_those_of_different_numbers_are_hypergeometric(self) -> None:
        random, possible, n = np.random.default_rng(3), [7, 2, 11], 9
        drawn = np.array([shares(random, possible, n, repeated=False) for _ in range(4000)])
        assert np.all(drawn.sum(axis=1) == n)
        for part, size in enumerate(possible):
            counts = np.bincount(drawn[:, part], minlength=n + 1)
            expected = 4000 * stats.hypergeom.pmf(np.arange(n + 1), sum(possible), size, n)
            often = expected > 5
            assert (
                stats.chisquare(counts[often], expected[often] * counts[often].sum() / expected[often].sum()).pvalue
                > 1e-3
            )

    def test_they_are_drawn_from_more_pairs_than_numpy_draws_from(self) -> None:
        possible, n = [4 * 10**12, 10**12], 10**6
        first = np.array([shares(np.random.default_rng(seed), possible, n, repeated=False)[0] for seed in range(200)])
        # Nearly binomial with p = 0.8: mean 800 000, standard deviation 400, of the mean of 200 draws 28.
        assert abs(first.mean() - 800_000) < 4 * 28
        assert first.std() == pytest.approx(400, rel=0.2)

    @pytest.mark.parametrize("repeated", [False, True])
    def test_all_or_nothing(self, repeated: bool) -> None:
        random = np.random.default_rng(1)
        assert shares(random, [3, 4], 0, repeated) == [0, 0]
        assert shares(random, [3, 4], 7, repeated=False) == [3, 4]
