from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.observation import NETWORK, Observation
from snnrun.metrics.volleys import Volleys, densest
from snnrun.units import Quantity, quantity

SIGMA = 0.5e-3
ARRIVES = [0.102, 0.107, 0.112]


@pytest.fixture
def chain(recording_of):
    """Three populations of 200 neurons at 3 Hz; a volley of one spike each passes through, another stops after the
    first, in which half of the neurons take part."""
    rng = np.random.default_rng(1)
    populations = {}
    for place, centre in enumerate(ARRIVES):
        trains = [rng.uniform(0, 0.4, rng.poisson(3 * 0.4)) for _ in range(200)]
        volley = rng.normal(centre, SIGMA, 200)
        trains = [np.append(train, spike) for train, spike in zip(trains, volley, strict=True)]
        if place == 0:
            trains = [np.append(train, rng.normal(0.302, SIGMA)) if n % 2 else train for n, train in enumerate(trains)]
        populations[f"group_{place}"] = [np.sort(train) for train in trains]
    return Observation(recording_of(populations, 0.4))


@pytest.fixture
def measured(chain):
    return chain.measure(NETWORK, Volleys(times=(quantity("100 ms"), quantity("300 ms"))))


def test_the_fraction_of_volleys_that_arrive(measured):
    assert measured.value == 0.5
    assert np.isnan(measured.series["spikes"].data).tolist() == [[False, False, False], [False, True, True]]


def test_a_volley_is_counted_with_its_spread_and_time(measured):
    spikes, spread, time = (measured.series[name].data for name in ("spikes", "spread", "time"))
    # The background adds 200 · 3 Hz · 10 ms = 6 spikes, and a few more as the densest window is taken.
    assert spikes[0] - 200 == pytest.approx(np.full(3, 7), abs=6)
    assert spikes[1, 0] - 100 == pytest.approx(7, abs=6)
    # The interquartile range of 200 numbers has an error of 8 %, their median one of 1.25 σ/√200.
    assert spread[0] == pytest.approx(np.full(3, SIGMA), rel=4 * 0.08)
    assert time[0] == pytest.approx(ARRIVES, abs=4 * 1.25 * SIGMA / np.sqrt(200))


def test_a_volley_that_takes_longer_than_the_reach_is_not_found(chain):
    metric = Volleys(times=(quantity("100 ms"),), reach=quantity("1 ms"), window=quantity("3 ms"))
    assert np.isfinite(chain.measure(NETWORK, metric).series["spikes"].data).tolist() == [[True, False, False]]


def test_the_chain_can_be_another_than_the_list(chain):
    metric = Volleys(times=(quantity("100 ms"),), chain=("group_2", "group_0"), reach=quantity("15 ms"))
    assert chain.measure(NETWORK, metric).value == 0, "the second comes before the first"
    assert metric.populations() == ("group_2", "group_0")


def test_how_few_spikes_a_lost_volley_has_can_be_chosen(chain):
    times = (quantity("300 ms"),)
    assert np.isnan(chain.measure(NETWORK, Volleys(times=times, lost=Quantity(0.6))).series["spikes"].data[0, 0])


def test_the_densest_window_begins_with_a_spike_within_its_limits():
    times = np.array([0.0, 1.0, 2.0, 2.5, 2.9, 6.0, 6.1, 6.2, 6.3])
    assert densest(times, 0.5, 3.0, 1.0).tolist() == [2.0, 2.5, 2.9]
    assert densest(times, 0.5, 9.0, 1.0).tolist() == [6.0, 6.1, 6.2, 6.3]
    assert densest(times, 7.0, 9.0, 1.0).tolist() == []


def test_without_a_chain_there_is_nothing(activity_of):
    measurement = activity_of([[0.1]], 1.0).measure(Volleys())
    assert np.isnan(measurement.value)
    assert measurement.note == "a chain of recorded populations is needed"
