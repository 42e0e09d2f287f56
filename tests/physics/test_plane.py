"""The plane of Brunel 2000 (J. Comput. Neurosci. 8:183): its states where the paper has them, at a few of its points.

What the paper reports of single points is in `test_brunel_2000`; here is what changes from one to another.
"""

from __future__ import annotations

import pytest

from snnrun.metrics.lv import Lv
from snnrun.metrics.mean_field import MeanField
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import NETWORK, Observation
from snnrun.metrics.peak_frequency import PeakFrequency
from snnrun.metrics.regime import Regime
from snnrun.units import quantity

pytestmark = [pytest.mark.physics, pytest.mark.slow]

EQUAL, SPREAD = "0 ms", "1.4 ms"


@pytest.fixture(scope="module")
def at(record):
    """The activity at a point of the plane, simulated once."""
    known = {}

    def observation(g, eta, spread, duration="0.4 s"):
        if (g, eta, spread) not in known:
            parameters = {"g": g, "eta": eta, "spread": spread}
            recording = record("activity_states/plane.yaml", parameters, {"simulation.duration": duration})
            known[g, eta, spread] = Observation(recording)
        return known[g, eta, spread]

    return observation


def measured(observation, metric):
    return observation.measure(NETWORK, metric).value


def test_where_excitation_wins_neurons_are_regular_and_equal_delays_synchronise_them(at):
    clusters, alone = at(3, 2, EQUAL), at(3, 2, SPREAD)
    assert (measured(clusters, Regime()), measured(alone, Regime())) == ("SR", "AR")
    # LV 0 to 0.004 over seeds; a Poisson process has 1.
    assert max(measured(clusters, Lv()), measured(alone, Lv())) < 0.02
    # Two clusters in turn: each waits for the other, twice a delay of 1.5 ms and a step of 0.1 ms. Alone, neurons have
    # the rate of the theory, which knows no clusters.
    assert measured(clusters, MeanRate()) == pytest.approx(1 / 3.2e-3, rel=0.01)
    fast = PeakFrequency(bin=quantity("0.5 ms"), highest=quantity("700 Hz"))
    assert measured(clusters, fast) == pytest.approx(2 / 3.2e-3, rel=0.02)
    assert measured(alone, MeanRate()) == pytest.approx(measured(alone, MeanField()), rel=0.03)


def test_between_the_rhythms_neurons_are_asynchronous_and_have_the_rate_of_the_mean_field(at):
    # 37.2 to 38.1 Hz over delays and seeds, of 37.9 Hz.
    for spread in (EQUAL, SPREAD):
        assert measured(at(5, 2, spread), Regime()) == "AI"
        assert measured(at(5, 2, spread), MeanRate()) == pytest.approx(
            measured(at(5, 2, spread), MeanField()), rel=0.04
        )


def test_the_fast_rhythm_needs_strong_inhibition_strong_drive_and_equal_delays(at):
    assert measured(at(6, 4, EQUAL), Regime()) == "SI"
    assert measured(at(6, 4, EQUAL), PeakFrequency()) == pytest.approx(180, abs=25)  # the paper: 180 Hz
    assert measured(at(6, 4, SPREAD), Regime()) == "AI"


def test_the_slow_rhythm_is_that_of_membranes_and_does_not_depend_on_delays(at):
    for spread in (EQUAL, SPREAD):
        slow = at(4, 0.9, spread, "0.8 s")
        assert measured(slow, Regime()) == "SI"
        assert measured(slow, PeakFrequency()) < 40  # 18 Hz over seeds, with a resolution of 9 Hz


def test_drive_below_threshold_does_not_start_a_network_in_which_inhibition_wins(at):
    assert measured(at(5, 0.7, EQUAL), Regime()) == "silent"
