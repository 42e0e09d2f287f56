from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from snnrun.metrics.population_coherence import PopulationCoherence
from snnrun.units import quantity

COHERENCE = PopulationCoherence(bin=quantity("10 ms"))


def test_it_is_the_mean_over_pairs_of_what_the_paper_defines(activity_of):
    random = np.random.default_rng(1)
    trains = [np.sort(random.uniform(0, 5, n)) for n in (10, 40, 80, 250)]
    fires = [np.bincount((train / 0.01).astype(int), minlength=500) > 0 for train in trains]
    # Wang & Buzsáki 1996, methods: κ_ij = Σ X Y / √(Σ X Σ Y).
    pairs = [(x & y).sum() / np.sqrt(x.sum() * y.sum()) for x, y in combinations(fires, 2)]
    measured = activity_of(trains, 5.0).measure(COHERENCE)
    assert measured.value == pytest.approx(np.mean(pairs), rel=1e-12)
    assert measured.n_valid == 6


def test_neurons_that_fire_together_have_one(activity_of):
    train = np.arange(0.005, 5, 0.1)
    assert activity_of([train] * 5, 5.0).measure(COHERENCE).value == pytest.approx(1)


def test_independent_neurons_have_about_the_rate_times_the_bin(renewal):
    measured = renewal(100, 8, 50.0).measure(COHERENCE)
    # A bin holds a spike with 1 - exp(-0.08). Each of 4950 pairs counts about 5000 p² coincidences, a Poisson number.
    p = 1 - np.exp(-0.08)
    assert measured.series["chance"].data == pytest.approx(p, rel=0.01)
    assert measured.value == pytest.approx(p, abs=4 * p / np.sqrt(4950 * 5000 * p**2))


def test_silent_neurons_are_left_out(activity_of):
    train = np.arange(0.005, 5, 0.1)
    measured = activity_of([train, [], train], 5.0).measure(COHERENCE)
    assert (measured.value, measured.note) == (pytest.approx(1), "1 silent neurons are left out")
    assert np.isnan(activity_of([train, []], 5.0).measure(COHERENCE).value)
