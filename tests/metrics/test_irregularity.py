"""CV, CV2, LV and LvR of processes for which they are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics.cv2 import Cv2
from snnrun.metrics.cv_isi import CvIsi, cv_isi
from snnrun.metrics.lv import Lv
from snnrun.metrics.lvr import Lvr
from snnrun.units import quantity

MEASURES = {"cv_isi": CvIsi(), "cv2": Cv2(), "lv": Lv(), "lvr": Lvr(refractoriness=quantity("0 ms"))}
N_NEURONS, RATE, DURATION = 50, 40.0, 20.0
N_INTERVALS = N_NEURONS * RATE * DURATION

# For exponential intervals I / (I + I₊) is uniform: 2 |I₊ - I| / (I₊ + I) has variance 1/3, 3 ((I - I₊)/(I + I₊))² has
# 4/5. The CV of n intervals has 1/n (delta method). Neighbouring terms share an interval: a factor below √3.
SD_OF_A_TERM = {"cv_isi": 1.0, "cv2": math.sqrt(1 / 3), "lv": math.sqrt(4 / 5), "lvr": math.sqrt(4 / 5)}


@pytest.mark.parametrize("name", MEASURES)
def test_a_poisson_process_has_one(name, renewal):
    value = renewal(N_NEURONS, RATE, DURATION).measure(MEASURES[name]).value
    # The CV is low by about 1.2 over the number of intervals of a neuron.
    bias = -1.2 / (RATE * DURATION) if name == "cv_isi" else 0
    assert value == pytest.approx(1 + bias, abs=4 * math.sqrt(3) * SD_OF_A_TERM[name] / math.sqrt(N_INTERVALS))


@pytest.mark.parametrize("name", MEASURES)
def test_a_clock_has_exactly_zero(name, activity_of):
    clocks = activity_of([np.arange(0.003, 1, 0.0173), np.arange(0.01, 1, 0.031)], 1.0)
    assert clocks.measure(MEASURES[name]).value == 0


# CV = 1/√κ, LV = 3/(2κ + 1). For CV2, u = I/(I + I₊) is Beta(κ, κ), and 2 E|1 - 2u| = 2 Γ(κ + 1/2) / (√π Γ(κ + 1)).
GAMMA_4 = {"cv_isi": 1 / 2, "cv2": 2 * (105 / 16) / 24, "lv": 1 / 3, "lvr": 1 / 3}


@pytest.mark.parametrize(("name", "expected"), GAMMA_4.items())
def test_a_gamma_process_of_shape_4(name, expected, renewal):
    value = renewal(N_NEURONS, RATE, DURATION, shape=4).measure(MEASURES[name]).value
    assert value == pytest.approx(expected, abs=4 * math.sqrt(3) * SD_OF_A_TERM[name] / math.sqrt(N_INTERVALS))


@pytest.mark.parametrize(("n_intervals", "expected"), [(2, 0.5), (5, 0.78), (10, 0.88)])
def test_the_cv_of_few_intervals_is_low_as_documented(n_intervals, expected):
    # With two exponential intervals the CV is |a - b| / (a + b), uniform between 0 and 1.
    n_neurons = 20_000
    intervals = np.random.default_rng(3).exponential(size=n_neurons * n_intervals)
    values = cv_isi(intervals, np.repeat(np.arange(n_neurons), n_intervals), n_neurons)
    assert values.mean() == pytest.approx(expected, abs=0.005 + 4 * values.std() / math.sqrt(n_neurons))


@pytest.mark.parametrize("name", ["cv2", "lv"])
def test_local_measures_are_unbiased_with_two_intervals(name, activity_of):
    times = np.cumsum(np.random.default_rng(4).exponential(0.1, (5000, 3)), axis=1)
    value = activity_of(list(times), 5.0).measure(MEASURES[name]).value
    assert value == pytest.approx(1, abs=4 * SD_OF_A_TERM[name] / math.sqrt(5000))


def test_a_change_of_rate_raises_the_cv_but_not_the_local_measures(activity_of):
    slow_then_fast = np.concatenate([np.arange(0, 1, 0.05), np.arange(1, 2, 0.005)])
    activity = activity_of([slow_then_fast], 2.0)
    assert activity.measure(CvIsi()).value > 0.8
    assert activity.measure(Cv2()).value < 0.02
    assert activity.measure(Lv()).value < 0.02


def test_neurons_with_few_intervals_have_a_value_but_do_not_enter_the_mean(activity_of):
    regular, irregular = np.arange(0, 1, 0.05), [0.1, 0.2, 0.8]
    measurement = activity_of([regular, irregular, [0.3, 0.4]], 1.0).measure(CvIsi())
    assert measurement.value == 0
    assert measurement.n_valid == 1
    np.testing.assert_allclose(measurement.series["cv"].data, [0, 0.25 / 0.35, np.nan], atol=1e-9)


def test_ten_spikes_are_nine_intervals(activity_of):
    assert not activity_of([np.arange(10) * 0.05], 1.0).measure(CvIsi()).is_defined
    assert activity_of([np.arange(11) * 0.05], 1.0).measure(CvIsi()).n_valid == 1


def test_how_many_intervals_are_enough_is_a_parameter(activity_of):
    measurement = activity_of([[0.1, 0.2, 0.8]], 1.0).measure(CvIsi(min_isis=2))
    assert measurement.value == pytest.approx(0.25 / 0.35)
    assert measurement.parameters == {"min_isis": "2"}


def test_intervals_do_not_reach_from_one_neuron_to_the_next(activity_of):
    activity = activity_of([[0.1, 0.2], [0.15, 0.9]], 1.0)
    assert math.isnan(activity.measure(Lv()).value)


def test_lvr_takes_most_of_a_dead_time_out(activity_of):
    # A Poisson process with a dead time d and the mean free time m: s = I + I₊ - 2d is Gamma(2, m), and the mean of
    # (I - I₊)² at given s is s²/3. So LV = E s²/(s + 2d)² and LvR with R = d is E s²/(s + 2d)² (1 + 4d/(s + 2d)).
    dead, free, random = 0.005, 0.045, np.random.default_rng(5)
    s = random.gamma(2, free, 1_000_000)
    lv = np.mean(s**2 / (s + 2 * dead) ** 2)
    lvr = np.mean(s**2 / (s + 2 * dead) ** 2 * (1 + 4 * dead / (s + 2 * dead)))
    times = np.cumsum(dead + random.exponential(free, (50, 800)), axis=1)
    activity = activity_of(list(times), 60.0)
    tolerance = 4 * math.sqrt(3) * SD_OF_A_TERM["lv"] / math.sqrt(times.size)
    assert activity.measure(Lv()).value == pytest.approx(lv, abs=tolerance)
    assert activity.measure(Lvr()).value == pytest.approx(lvr, abs=1.2 * tolerance)
    assert 1 - lvr < (1 - lv) / 3


def test_lvr_by_hand(activity_of):
    # I = 10, I₊ = 30 ms: 3 (1 - 4·300/1600) (1 + 20/40) = 3 · 1/4 · 3/2
    activity = activity_of([[0.1, 0.11, 0.14]], 1.0)
    assert activity.measure(Lvr(refractoriness=quantity("5 ms"))).value == pytest.approx(1.125)
