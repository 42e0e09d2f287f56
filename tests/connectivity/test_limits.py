"""The ends of what rules can be asked for: nothing, everything, and more than there is."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from snnrun.connectivity import Connections, ConnectivityRule, Ends
from snnrun.connectivity import pairs as pairs_module
from snnrun.connectivity.all_to_all import AllToAll
from snnrun.connectivity.fixed_indegree import FixedIndegree
from snnrun.connectivity.fixed_outdegree import FixedOutdegree
from snnrun.connectivity.fixed_probability import FixedProbability
from snnrun.connectivity.fixed_total_number import FixedTotalNumber
from snnrun.connectivity.one_to_one import OneToOne
from snnrun.connectivity.pairs import choose_bernoulli, choose_distinct
from snnrun.quantities import Quantity

ALL, NONE = FixedProbability(p=Quantity(1.0)), FixedProbability(p=Quantity(0.0))


def _pairs(rule: ConnectivityRule, n_source: int, n_target: int, same: bool) -> list[tuple[int, int]]:
    drawn: Connections = rule.connect(Ends(n_source, n_target, same), np.random.default_rng(2))
    return list(zip(drawn.source_ids.tolist(), drawn.target_ids.tolist(), strict=True))


@pytest.mark.parametrize(
    "rule",
    [AllToAll(), ALL, FixedIndegree(k=3), FixedOutdegree(k=3), FixedTotalNumber(n=12)],
    ids=lambda rule: type(rule).__name__,
)
def test_everything_within_a_population_is_every_pair_but_the_neuron_itself(rule: ConnectivityRule) -> None:
    assert rule.problem(Ends(4, 4, True)) is None
    assert _pairs(rule, 4, 4, same=True) == [(i, j) for i in range(4) for j in range(4) if i != j]


@pytest.mark.parametrize(
    "rule",
    [
        AllToAll(autapses=True),
        FixedProbability(p=Quantity(1.0), autapses=True),
        FixedIndegree(k=4, autapses=True),
        FixedOutdegree(k=4, autapses=True),
        FixedTotalNumber(n=16, autapses=True),
    ],
    ids=lambda rule: type(rule).__name__,
)
def test_everything_with_autapses_is_every_pair(rule: ConnectivityRule) -> None:
    assert rule.problem(Ends(4, 4, True)) is None
    assert _pairs(rule, 4, 4, same=True) == [(i, j) for i in range(4) for j in range(4)]


@pytest.mark.parametrize(
    "rule",
    [NONE, FixedIndegree(k=0), FixedOutdegree(k=0), FixedTotalNumber(n=0)],
    ids=lambda rule: type(rule).__name__,
)
@pytest.mark.parametrize("size", [0, 1, 4])
def test_nothing_is_no_synapse(rule: ConnectivityRule, size: int) -> None:
    assert rule.problem(Ends(size, size, True)) is None
    assert _pairs(rule, size, size, same=True) == []


@pytest.mark.parametrize("rule", [AllToAll(), ALL], ids=["all_to_all", "p=1"])
def test_a_single_neuron_has_nobody_to_connect_to(rule: ConnectivityRule) -> None:
    assert _pairs(rule, 1, 1, same=True) == []
    assert _pairs(rule, 1, 1, same=False) == [(0, 0)]


def test_one_to_one_connects_equal_positions_also_within_a_population() -> None:
    assert _pairs(OneToOne(), 3, 3, same=True) == _pairs(OneToOne(), 3, 3, same=False) == [(0, 0), (1, 1), (2, 2)]


def test_multapses_go_beyond_the_number_of_pairs() -> None:
    for rule in (FixedIndegree(k=9, multapses=True), FixedOutdegree(k=9, multapses=True)):
        assert rule.problem(Ends(3, 3, True)) is None
        assert len(_pairs(rule, 3, 3, same=True)) == 27
    assert len(_pairs(FixedTotalNumber(n=27, multapses=True), 3, 3, same=True)) == 27


@pytest.mark.parametrize(
    ("rule", "sizes", "said"),
    [
        (FixedIndegree(k=5), (5, 9), "k = 5 different sources, but there are only 4. Lower k"),
        (FixedOutdegree(k=5), (9, 5), "k = 5 different targets, but there are only 4. Lower k"),
        (FixedTotalNumber(n=46), (9, 6), "n = 46 different pairs are needed, but the populations have only 45"),
        (FixedIndegree(k=2, multapses=True), (1, 1), "only 0. Enlarge the source"),
        (FixedOutdegree(k=2, multapses=True), (1, 1), "only 0. Enlarge the target"),
        (FixedTotalNumber(n=2, multapses=True), (1, 1), "only 0. Enlarge them"),
        (OneToOne(), (4, 5), "same size, got 4 and 5 neurons. Make the sizes equal"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_remedy(
    rule: ConnectivityRule, sizes: tuple[int, int], said: str
) -> None:
    message = rule.problem(Ends(*sizes, same=True))
    assert message is not None and said in message


def test_a_probability_above_one_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"must not be above 1, got 1\.5"):
        FixedProbability.model_validate({"p": 1.5})


def test_the_smallest_probability_draws_nothing_and_does_not_overflow() -> None:
    assert choose_bernoulli(np.random.default_rng(1), 10**12, 5e-324).size == 0


def test_drawing_in_blocks_has_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_BLOCK", 7)
    random = np.random.default_rng(4)
    counts = np.zeros(50)
    n_draws = 4000
    for _ in range(n_draws):
        drawn = choose_bernoulli(random, 50, 0.4)
        assert np.all(np.diff(drawn) > 0)
        counts[drawn] += 1
    # Each number is drawn with probability 0.4: five standard deviations of a binomial.
    assert np.all(np.abs(counts - 0.4 * n_draws) < 5 * np.sqrt(n_draws * 0.4 * 0.6))


@pytest.mark.parametrize("n", [0, 1, 9, 10, 11, 20])
def test_distinct_numbers_are_distinct_sorted_and_as_many_as_asked(n: int) -> None:
    drawn = choose_distinct(np.random.default_rng(3), 20, n)
    assert len(drawn) == n and np.all(np.diff(drawn) > 0) and np.all((drawn >= 0) & (drawn < 20))
