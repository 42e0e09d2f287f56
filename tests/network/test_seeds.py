"""Streams of random numbers are independent of each other and of the neighbouring seeds."""

from __future__ import annotations

import numpy as np
from scipy.stats import kstest

from snnrun.network.seeds import derived_seed, stream


def test_a_stream_is_its_name_and_its_seed():
    assert stream(1, "a", "b").random() == stream(1, "a", "b").random()
    assert derived_seed(1, "a") != derived_seed(2, "a")
    assert derived_seed(1, "a") != derived_seed(1, "b")


def test_names_are_not_run_together():
    assert derived_seed(1, "ab", "c") != derived_seed(1, "a", "bc")
    assert derived_seed(1, "1") != derived_seed(11, "")


def test_seed_zero_is_a_seed():
    assert 0 < derived_seed(0, "a") != derived_seed(1, "a")


def test_a_seed_has_as_many_bits_as_asked():
    assert max(derived_seed(seed, "program", bits=32) for seed in range(100)) < 2**32
    assert len({derived_seed(seed, "program", bits=32) for seed in range(1000)}) == 1000


def test_neighbouring_seeds_share_nothing():
    # Brian's threads take seed + number: there the second stream of seed 7 is the first of seed 8.
    draws = np.array([stream(seed, name).random(50) for seed in range(40) for name in ("x", "y")])
    assert len(np.unique(draws)) == draws.size
    # The first numbers of all streams are uniform, and pairs of streams uncorrelated: 3160 pairs of 50 numbers, whose
    # correlation has the standard error 1/7; the largest of 3160 normal deviates exceeds 5 with p < 0.002.
    assert kstest(draws[:, 0], "uniform").pvalue > 0.001
    correlations = np.corrcoef(draws)[np.triu_indices(len(draws), 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(49)


def test_the_streams_are_those_of_yesterday():
    # Recorded with this program: a change here changes every network with the same seed.
    assert derived_seed(42, "connectivity", "exc_to_all", "exc") == 322770473103767692513943044997182358739
