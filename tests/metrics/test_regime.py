"""The states of Brunel 2000 in spike trains that have them by construction."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics.regime import Regime, Signs, shared
from snnrun.units import Quantity, quantity

N, DURATION = 1000, 4.0


def _phases(jitter, random):
    """A spike of each neuron in each cycle of 25 ms."""
    cycles = 0.025 * np.arange(round(DURATION / 0.025))
    return np.sort(0.0125 + cycles + random.normal(0, jitter, (N, len(cycles))))


def test_independent_poisson_neurons_are_asynchronous_and_irregular(renewal):
    measurement = renewal(N, 20, DURATION).measure(Regime())
    assert measurement.value == "AI"
    assert measurement.note.startswith("20")
    assert "irregular from 0.1" in measurement.note
    assert measurement.parameters["irregular_lv"] == "0.1"


def test_few_independent_neurons_are_not_taken_for_synchronous(renewal):
    assert renewal(10, 20, DURATION).measure(Regime()).value == "AI"


def test_clocks_of_their_own_phase_are_asynchronous_and_regular(activity_of):
    random = np.random.default_rng(1)
    trains = [np.arange(random.uniform(0, period), DURATION, period) for period in random.uniform(0.02, 0.04, N)]
    assert activity_of(trains, DURATION, dt=1e-4).measure(Regime()).value == "AR"


def test_clocks_in_phase_are_synchronous_and_regular(activity_of):
    trains = _phases(0.0005, np.random.default_rng(2))
    assert activity_of(list(trains), DURATION, dt=1e-4).measure(Regime()).value == "SR"


@pytest.mark.parametrize("frequency", [8, 40, 180])
def test_neurons_that_skip_cycles_of_a_common_rhythm_are_synchronous_and_irregular(frequency, activity_of):
    random = np.random.default_rng(3)
    cycles = (np.arange(round(DURATION * frequency)) + 0.5) / frequency
    trains = [
        np.sort(cycles[taken] + random.normal(0, 0.15 / frequency, taken.sum()))
        for taken in random.random((N, len(cycles))) < 0.3
    ]
    assert activity_of(trains, DURATION, dt=1e-4).measure(Regime()).value == "SI"


def test_silence_and_saturation_have_names(activity_of):
    assert activity_of([[]] * 5, 1.0).measure(Regime()).value == "silent"
    assert activity_of([np.arange(0, 1, 0.002)] * 5, 1.0).measure(Regime()).value == "saturated"


def test_activity_with_too_few_intervals_has_no_label(activity_of):
    measurement = activity_of([[0.1], [0.2], [0.5, 0.7]], 1.0).measure(Regime())
    assert not measurement.is_defined


# What the metric reads off plain Brian 2 simulations of Brunel 2000, Fig. 8 (12 500 neurons, 1 s after 0.5 s warm-up).
PANELS = {
    "A": ("SR", Signs(rate=310.8, lv=0.0009, chi=0.01, shared_power=9.6, peak_over_floor=120_000)),
    "B": ("SI", Signs(rate=56.7, lv=0.47, chi=0.05, shared_power=0.61, peak_over_floor=7_700)),
    "C": ("AI", Signs(rate=36.5, lv=0.26, chi=0.09, shared_power=0.05, peak_over_floor=630)),
    "D": ("SI", Signs(rate=4.9, lv=0.48, chi=0.32, shared_power=0.22, peak_over_floor=2_800)),
}


@pytest.mark.parametrize(("label", "signs"), PANELS.values(), ids=PANELS)
def test_the_defaults_name_the_panels_of_brunel(label, signs):
    assert Regime().label(signs) == label


def test_a_common_fluctuation_without_a_rhythm_is_synchrony():
    assert Regime().label(Signs(rate=5.0, lv=0.9, chi=0.3, shared_power=0.01, peak_over_floor=20)) == "SI"


def test_thresholds_are_parameters():
    _, panel_c = PANELS["C"]
    assert Regime(irregular_lv=Quantity(0.3)).label(panel_c) == "AR"
    assert Regime(synchronous_power=Quantity(0.04)).label(panel_c) == "SI"
    assert Regime(saturated_from=quantity("30 Hz")).label(panel_c) == "saturated"
    assert Regime(silent_below=quantity("40 Hz")).label(panel_c) == "silent"


def test_what_two_neurons_share():
    assert shared(1.0, 50) == 0
    assert shared(50.0, 50) == 1
    assert math.isnan(shared(1.0, 1))
