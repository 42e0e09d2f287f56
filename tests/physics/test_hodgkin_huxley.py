"""The squid axon under constant current: when it fires repetitively, how fast, and exactly when."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

pytestmark = pytest.mark.physics

DRIVES = (6.2, 6.3, 10, 20)
"""µA/cm²; the patch of the catalog has 20 000 µm², so 1 µA/cm² is 200 pA."""

AXONS = """
snnrun: 1
populations:
  axon: {size: 4, neuron: {model: hodgkin_huxley}}
inputs:
  current: {to: axon, model: constant_current, amplitude: {file: drives.csv, column: amplitude, unit: pA}}
simulation: {duration: 1.5 s, dt: 0.01 ms}
"""


@pytest.fixture(scope="module")
def trains(record, ticks_of, tmp_path_factory):
    """Spike times in ms for each drive."""
    folder = tmp_path_factory.mktemp("axons")
    (folder / "drives.csv").write_text("amplitude\n" + "\n".join(f"{200 * drive:g}" for drive in DRIVES) + "\n")
    recording = record(AXONS, folder=folder)
    return {drive: ticks_of(recording, "axon", neuron) * 0.01 for neuron, drive in enumerate(DRIVES)}


def test_below_its_rheobase_it_fires_a_few_spikes_and_falls_silent(trains):
    # Begun at rest, the solution of SciPy (DOP853, tolerance 1e-9) has 3 spikes at 6.2 and 8 at 6.25 µA/cm²; at 6.3
    # it goes on for ever.
    assert len(trains[6.2]) == 3


@pytest.mark.parametrize(("drive", "rate"), [(6.3, 52.4), (10, 68.3), (20, 86.5)])
def test_above_it_fires_at_its_rate_from_the_start(trains, drive, rate):
    # The same solution fires at 52.37, 68.32 and 86.47 Hz.
    train = trains[drive]
    late = train[train > 500]
    assert late.max() > 1450
    assert 1e3 / np.diff(late).mean() == pytest.approx(rate, abs=0.06)


@pytest.mark.parametrize("drive", [10, 20])
def test_spike_times_are_those_of_a_fine_integration(trains, drive):
    # A spike is counted in the step in which the potential rises through -20 mV. Fourth-order Runge–Kutta at 0.01 ms
    # stays within that step for a quarter of a second; exponential Euler is late by 0.03 ms at the first of these
    # spikes and by 1.1 ms at the fifteenth.
    def crossing(t, state, drive):
        return state[0] + 20

    crossing.direction = 1
    solution = solve_ivp(
        axon, (0, 250), resting_state(), method="DOP853", events=crossing, args=(drive,), rtol=1e-11, atol=1e-11
    )
    expected = np.ceil(solution.t_events[0] / 0.01) - 1
    assert len(expected) > 15
    found = np.rint(trains[drive][: len(expected)] / 0.01)
    assert np.abs(found - expected).max() <= 1


def rates(v):
    """Opening and closing rates of the gates m, h, n in 1/ms: Hodgkin & Huxley 1952, eqs. 12–24, rest at -65 mV."""
    opening = (
        0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)),
        0.07 * np.exp(-(v + 65) / 20),
        0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10)),
    )
    closing = (4 * np.exp(-(v + 65) / 18), 1 / (1 + np.exp(-(v + 35) / 10)), 0.125 * np.exp(-(v + 65) / 80))
    return opening, closing


def axon(t, state, drive):
    """Densities as in the paper: µF/cm², mS/cm², µA/cm²; mV and ms."""
    v, m, h, n = state
    opening, closing = rates(v)
    current = 120 * m**3 * h * (50 - v) + 36 * n**4 * (-77 - v) + 0.3 * (-54.387 - v) + drive
    gates = zip(state[1:], opening, closing, strict=True)
    return [current, *(a * (1 - x) - b * x for x, a, b in gates)]


def resting_state():
    opening, closing = rates(-65)
    return [-65, *(a / (a + b) for a, b in zip(opening, closing, strict=True))]
