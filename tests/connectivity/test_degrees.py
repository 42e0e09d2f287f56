"""Degrees of the random rules against theory, in two levels, as NEST tests its own (Hjertholm 2013, thesis, Ås).

A chi-square test per seed asks whether one network's degrees follow the distribution. One p-value says little: any
correct rule fails one seed in a hundred at 1 %. So the p-values of many seeds are held against the uniform
distribution that they have when the theory is right, by a Kolmogorov-Smirnov test. Seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from snnrun.connectivity import ConnectivityRule, Ends
from snnrun.connectivity.fixed_indegree import FixedIndegree
from snnrun.connectivity.fixed_outdegree import FixedOutdegree
from snnrun.connectivity.fixed_probability import FixedProbability
from snnrun.connectivity.fixed_total_number import FixedTotalNumber
from snnrun.quantities import Quantity

N_SOURCE, N_TARGET = 300, 200
N_SEEDS = 200
SMALLEST_P = 1e-3
Degrees = Callable[[ConnectivityRule, bool, int], NDArray[np.int64]]


def _in_degrees(rule: ConnectivityRule, same: bool, seed: int) -> NDArray[np.int64]:
    n_source = N_TARGET if same else N_SOURCE
    synapses = rule.connect(Ends(n_source, N_TARGET, same), np.random.default_rng(seed))
    return np.bincount(synapses.target_ids, minlength=N_TARGET)


def _out_degrees(rule: ConnectivityRule, same: bool, seed: int) -> NDArray[np.int64]:
    n_target = N_SOURCE if same else N_TARGET
    synapses = rule.connect(Ends(N_SOURCE, n_target, same), np.random.default_rng(seed))
    return np.bincount(synapses.source_ids, minlength=N_SOURCE)


def _binned_p_value(degrees: NDArray[np.int64], distribution: Any) -> float:
    """Chi-square over ten bins of about equal probability; valid where the degrees are independent."""
    edges = np.unique(distribution.ppf(np.arange(1, 10) / 10))
    expected = np.diff(np.concatenate([[0], distribution.cdf(edges), [1]])) * len(degrees)
    observed = np.bincount(np.searchsorted(edges, degrees), minlength=len(expected))
    return float(stats.chisquare(observed, expected).pvalue)


def _spread_p_value(degrees: NDArray[np.int64], variance: float) -> float:
    """Chi-square of degrees that sum to a fixed number: their spread against the variance of one degree.

    Parameters
    ----------
    variance
        Of one degree. As the sum is fixed, the squared deviations sum to variance · n on average, and divided by
        variance · n / (n - 1) they follow chi-square with n - 1 degrees of freedom (Pearson's statistic).
    """
    n = len(degrees)
    statistic = float(((degrees - degrees.mean()) ** 2).sum()) / (variance * n / (n - 1))
    return float(stats.chi2.sf(statistic, n - 1))


def _assert_uniform(p_values: list[float]) -> None:
    assert stats.kstest(p_values, "uniform").pvalue > SMALLEST_P


@pytest.mark.parametrize("degrees", [_in_degrees, _out_degrees])
@pytest.mark.parametrize(("same", "autapses"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("p", [0.1, 0.6])
def test_fixed_probability_has_binomial_degrees(degrees: Degrees, same: bool, autapses: bool, p: float) -> None:
    rule = FixedProbability(p=Quantity(p), autapses=autapses)
    n_others = {_in_degrees: N_TARGET if same else N_SOURCE, _out_degrees: N_SOURCE if same else N_TARGET}[degrees]
    theory = stats.binom(n_others - (same and not autapses), p)
    _assert_uniform([_binned_p_value(degrees(rule, same, seed), theory) for seed in range(N_SEEDS)])


def test_fixed_probability_has_a_binomial_number_of_synapses() -> None:
    rule = FixedProbability(p=Quantity(0.05))
    drawn = [rule.connect(Ends(40, 40, True), np.random.default_rng(seed)).n for seed in range(2000)]
    assert _binned_p_value(np.array(drawn), stats.binom(40 * 39, 0.05)) > SMALLEST_P


@pytest.mark.parametrize("multapses", [False, True])
@pytest.mark.parametrize(("same", "autapses"), [(False, False), (True, False), (True, True)])
def test_fixed_indegree_has_equal_in_degrees_and_binomial_out_degrees(
    same: bool, autapses: bool, multapses: bool
) -> None:
    rule = FixedIndegree(k=40, autapses=autapses, multapses=multapses)
    assert np.all(_in_degrees(rule, same, seed=3) == 40)
    n_target = N_SOURCE if same else N_TARGET
    possible = N_SOURCE - (same and not autapses)
    # Each of the other side's neurons picks this one with probability k/n once, or k times with probability 1/n.
    picks = n_target - (same and not autapses)
    theory = stats.binom(picks * 40, 1 / possible) if multapses else stats.binom(picks, 40 / possible)
    _assert_uniform([_spread_p_value(_out_degrees(rule, same, s), theory.var()) for s in range(N_SEEDS)])


@pytest.mark.parametrize("multapses", [False, True])
@pytest.mark.parametrize(("same", "autapses"), [(False, False), (True, False), (True, True)])
def test_fixed_outdegree_has_equal_out_degrees_and_binomial_in_degrees(
    same: bool, autapses: bool, multapses: bool
) -> None:
    rule = FixedOutdegree(k=40, autapses=autapses, multapses=multapses)
    assert np.all(_out_degrees(rule, same, seed=3) == 40)
    n_source = N_TARGET if same else N_SOURCE
    possible = N_TARGET - (same and not autapses)
    picks = n_source - (same and not autapses)
    theory = stats.binom(picks * 40, 1 / possible) if multapses else stats.binom(picks, 40 / possible)
    _assert_uniform([_spread_p_value(_in_degrees(rule, same, s), theory.var()) for s in range(N_SEEDS)])


@pytest.mark.parametrize("degrees", [_in_degrees, _out_degrees])
@pytest.mark.parametrize("multapses", [False, True])
@pytest.mark.parametrize("n", [6_000, 45_000])
def test_fixed_total_number_has_binomial_or_hypergeometric_degrees(degrees: Degrees, multapses: bool, n: int) -> None:
    rule = FixedTotalNumber(n=n, multapses=multapses)
    n_neurons, n_others = {_in_degrees: (N_TARGET, N_SOURCE), _out_degrees: (N_SOURCE, N_TARGET)}[degrees]
    assert degrees(rule, False, 1).sum() == n
    theory = stats.binom(n, 1 / n_neurons) if multapses else stats.hypergeom(N_SOURCE * N_TARGET, n_others, n)
    _assert_uniform([_spread_p_value(degrees(rule, False, s), theory.var()) for s in range(N_SEEDS)])


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("autapses", [False, True])
@pytest.mark.parametrize(
    "settings",
    [
        (FixedProbability, {"p": Quantity(0.3)}),
        (FixedProbability, {"p": Quantity(0.02)}),
        (FixedIndegree, {"k": 2}),
        (FixedIndegree, {"k": 2, "multapses": True}),
        (FixedOutdegree, {"k": 2}),
        (FixedOutdegree, {"k": 2, "multapses": True}),
        (FixedTotalNumber, {"n": 5}),
        (FixedTotalNumber, {"n": 12}),
        (FixedTotalNumber, {"n": 5, "multapses": True}),
    ],
    ids=lambda value: f"{value[0].__name__}-{value[1]}",
)
def test_all_pairs_are_equally_likely(settings: tuple[Any, dict[str, Any]], autapses: bool, same: bool) -> None:
    entry, numbers = settings
    rule = entry(**numbers, autapses=autapses)
    counts = np.zeros((5, 5))
    n_seeds = 3000
    random = np.random.default_rng(11)
    for _ in range(n_seeds):
        synapses = rule.connect(Ends(5, 5, same), random)
        np.add.at(counts, (synapses.source_ids, synapses.target_ids), 1)
    possible = np.ones((5, 5), bool) if autapses or not same else ~np.eye(5, dtype=bool)
    assert not counts[~possible].any()
    mean = rule.expected_synapses(Ends(5, 5, same)) * n_seeds / possible.sum()
    # Five standard errors; a pair's count varies no more than a Poisson number, or a binomial one with multapses.
    assert np.all(np.abs(counts[possible] - mean) < 5 * np.sqrt(mean))
