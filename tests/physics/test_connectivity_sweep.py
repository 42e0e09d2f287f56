"""Synapses as 1/√k and as 1/k, for few and many inputs k (van Vreeswijk & Sompolinsky 1996, Science 274:1724)."""

from __future__ import annotations

import pytest

from snnrun.metrics.correlation import Correlation
from snnrun.metrics.cv_isi import CvIsi
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import NETWORK, Observation

pytestmark = pytest.mark.physics

FEW, SOME, MANY = 50, 200, 800
BALANCED = 10.0
"""Hertz: where the input of excitation, inhibition and the outside cancel, nu_ext / (g - 1)."""
NOISELESS = 2.86
"""Hertz: what holds the mean input at threshold, (28 mV - 20 mV) / (2.8 mV/Hz); a pause of 350 ms needs no more."""


@pytest.fixture(scope="module")
def at(record):
    """The activity with one number of inputs, simulated once."""
    known = {}

    def observation(k, scaling, neurons=4000):
        key = k, scaling, neurons
        if key not in known:
            parameters = {"k": k, "scaling": scaling, "N": neurons}
            known[key] = Observation(record("connectivity_sweep/connectivity_sweep.yaml", parameters))
        return known[key]

    return observation


def measured(observation, metric):
    return observation.measure(NETWORK, metric).value


def test_irregularity_stays_when_synapses_shrink_as_the_root(at):
    # CV 0.861 ± 0.004 and 0.925 ± 0.005 over seeds.
    assert measured(at(MANY, 0.5), CvIsi()) == pytest.approx(measured(at(FEW, 0.5), CvIsi()), rel=0.15)


def test_irregularity_is_lost_when_synapses_shrink_in_proportion(at):
    # Fluctuations of the input are a quarter: CV 1.11 and 0.62.
    assert measured(at(MANY, 1), CvIsi()) < 0.65 * measured(at(FEW, 1), CvIsi())


def test_rates_reach_those_of_balance_as_the_root(at):
    # Sixteen times as many inputs, a fourth of what is missing: 4.9 and 1.05 Hz, to 0.1 Hz over seeds.
    few, many = (BALANCED - measured(at(k, 0.5), MeanRate()) for k in (FEW, MANY))
    assert few / many == pytest.approx(4, rel=0.3)


def test_without_fluctuations_the_rate_is_what_holds_the_mean_at_threshold(at):
    few, many = (measured(at(k, 1), MeanRate()) - NOISELESS for k in (FEW, MANY))
    assert 0 < many < few / 3


def test_many_weak_inputs_are_what_the_mean_field_presumes(at):
    for scaling in (0.5, 1):
        few, many = (measured(at(k, scaling), MeanRate()) / measured(at(k, scaling), MeanField()) for k in (FEW, MANY))
        assert many == pytest.approx(1, abs=0.05)
        assert abs(many - 1) < abs(few - 1)


def test_the_number_of_inputs_counts_and_not_their_share_of_the_network(at):
    small, large = at(MANY, 0.5), at(MANY, 0.5, 16000)
    assert measured(small, MeanRate()) == pytest.approx(measured(large, MeanRate()), rel=0.03)
    assert measured(small, CvIsi()) == pytest.approx(measured(large, CvIsi()), rel=0.08)


def test_correlations_go_as_one_over_the_size_of_the_network(at):
    # Renart et al. 2010, Science 327:587. Times N: 1.94 ± 0.01 and 1.86 ± 0.15 over seeds.
    small, large = (neurons * measured(at(SOME, 0.5, neurons), Correlation()) for neurons in (4000, 16000))
    assert small == pytest.approx(large, rel=0.3)


def test_correlations_are_not_those_of_the_shared_inputs(at):
    # Of 2000 sources of a kind, two neurons share a tenth, or four tenths; correlations are 0.0005 and 0.0009.
    some, many = (measured(at(k, 0.5), Correlation()) for k in (SOME, MANY))
    assert 0 < some < 0.01 * SOME / 2000
    assert some < many < 0.6 * (MANY / SOME) * some
