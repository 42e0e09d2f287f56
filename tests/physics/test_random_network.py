"""experiments/random_network: degrees of three rules against their laws, and the rates that follow from them.

Roxin 2011 (Front. Comput. Neurosci. 5:8): the distribution of in-degrees becomes one of rates, that of out-degrees not.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation

pytestmark = pytest.mark.physics

N, K, J, NU_EXT, TAU = 1000, 100, 0.2, 10e3, 20e-3
P = K / (N - 1)
VARIANCE = (N - 1) * P * (1 - P)
"""Of a binomial degree. That of a thousand draws has a relative standard error of √(2/1000) = 4.5 %."""
RANDOM = ("probability", "out_degree")
"""Networks whose in-degrees scatter."""


@pytest.fixture(scope="module")
def observation(record):
    return Observation(record("random_network/random_network.yaml", settings={"simulation.duration": "4.5 s"}))


@pytest.fixture(scope="module")
def degrees(observation):
    """In- and out-degree of each neuron of a network."""

    def degrees(network):
        table = observation.recording.synapses[f"by_{network}/{network}/{network}"]
        return tuple(np.bincount(ids, minlength=N) for ids in (table.target_ids, table.source_ids))

    return degrees


@pytest.fixture(scope="module")
def rates(observation):
    return lambda network: observation.measure(network, MeanRate()).series["rate"].data


@pytest.fixture(scope="module")
def rate_of(siegert):
    """Rate of a neuron with so many inputs at a mean rate: Siegert 1951, with the input of Brunel & Hakim 1999."""

    def rate(indegree, nu):
        mean = J * TAU * (NU_EXT - indegree * nu)
        sigma = J * np.sqrt(TAU * (NU_EXT + indegree * nu))
        return siegert(mean, sigma, 20, 10, 20, 2)

    return rate


def test_degrees_vary_as_the_rules_say(degrees):
    expected = {"probability": (VARIANCE, VARIANCE), "in_degree": (0, VARIANCE), "out_degree": (VARIANCE, 0)}
    for network, variances in expected.items():
        for found, variance in zip(degrees(network), variances, strict=True):
            assert found.var() == pytest.approx(variance, rel=4 * 0.045)
            # The number of synapses itself is binomial where each pair is drawn by itself: 0.3 %.
            assert found.mean() == pytest.approx(K, rel=0.013 if network == "probability" else 0)


def test_the_mean_rate_does_not_depend_on_the_rule(rates, rate_of):
    expected = brentq(lambda nu: rate_of(K, nu) - nu, 1, 200)  # 40.1 Hz
    for network in ("probability", "in_degree", "out_degree"):
        # Theory of white noise for steps of a hundredth of the threshold: 1 %; we find 39.6 to 39.9 Hz.
        assert rates(network).mean() == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("network", RANDOM)
def test_each_synapse_more_costs_the_rate_that_theory_says(network, degrees, rates, rate_of):
    slope, _ = np.polyfit(degrees(network)[0], rates(network), 1)
    nu = rates(network).mean()
    expected = (rate_of(K + 10, nu) - rate_of(K - 10, nu)) / 20  # over two standard deviations: -0.67 Hz
    # The standard error of the slope is 1.5 Hz / (9.5 √1000) = 0.8 %; the theory is good to some percent.
    assert slope == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("network", RANDOM)
def test_rates_scatter_with_the_in_degrees(network, degrees, rates):
    in_degree = degrees(network)[0]
    slope, _ = np.polyfit(in_degree, rates(network), 1)
    spread, by_chance = rates(network).std(), rates("in_degree").std()
    assert spread > 5 * by_chance
    assert np.corrcoef(in_degree, rates(network))[0, 1] < -0.95
    # What in-degrees leave unexplained is the noise of counting, which a fixed in-degree shows alone, and the luck of
    # having sources that fire much or little: √(k (1 - k/N)) times their spread, in units of one source.
    luck = slope * np.sqrt(K * (1 - K / N)) * spread / rates(network).mean()
    total = np.sqrt((slope * in_degree.std()) ** 2 + by_chance**2 + luck**2)
    assert spread == pytest.approx(total, rel=0.02)


def test_whom_a_neuron_sends_to_does_not_change_its_own_rate(degrees, rates):
    # The correlation of a thousand unrelated pairs has a standard error of 0.032.
    for network in ("probability", "in_degree"):
        assert abs(np.corrcoef(degrees(network)[1], rates(network))[0, 1]) < 4 * 0.032
