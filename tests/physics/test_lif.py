"""The leaky integrate-and-fire neuron under constant current, against its closed form."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.physics

CURVE = "lif_fi_curve/lif_fi_curve.yaml"
COARSE = {"simulation.dt": "0.1 ms"}


@pytest.fixture(scope="module")
def curve(record):
    """Drive in mV and rate in Hz of the 101 neurons of the experiment."""
    recording = record(CURVE, {"v_0": "0 mV", "v_1": "25 mV"}, COARSE)
    spikes = recording.spikes["cell"]
    counts = np.bincount(spikes.node_ids, minlength=101)
    first, last = np.full(101, -1), np.full(101, -1)
    first[spikes.node_ids[::-1]] = spikes.ticks[::-1]
    last[spikes.node_ids] = spikes.ticks
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = np.where(counts > 1, (counts - 1) / ((last - first) * recording.dt), 0)
    return np.linspace(0, 25, 101), rates


def closed_form(drive, tau_m=10.0, theta=10.0, tau_refrac=5.0):
    """f = 1 / (τ_ref + τ_m ln(v0 / (v0 - θ))): Gerstner et al., Neuronal Dynamics, eq. 5.46 without noise; ms to Hz."""
    return 1e3 / (tau_refrac + tau_m * np.log(drive / (drive - theta)))


def test_below_threshold_the_neuron_is_silent(curve):
    drive, rates = curve
    assert np.all(rates[drive <= 10] == 0)
    assert np.all(rates[drive > 10.1] > 0)


def test_the_rate_follows_the_closed_form_within_one_percent(curve):
    drive, rates = curve
    above = drive > 10.1
    np.testing.assert_allclose(rates[above], closed_form(drive[above]), rtol=0.01)


@pytest.mark.parametrize(("drive", "rate"), [(10.5, 28.21), (11, 34.51), (12, 43.63), (15, 62.55), (20, 83.81)])
def test_the_curve_passes_through_its_known_points(curve, drive, rate):
    # The grid rounds the time to threshold up and takes the step of the spike off: less than dt of 12 ms, 0.84 %.
    assert rate == pytest.approx(closed_form(drive), abs=0.005)
    assert curve[1][np.isclose(curve[0], drive)] == pytest.approx(rate, rel=0.0085)


@pytest.fixture(scope="module")
def brunel_cells(record):
    """The same program, with the numbers of Brunel's neurons."""
    return record(
        CURVE,
        {"tau_m": "20 ms", "theta": "20 mV", "tau_refrac": "2 ms", "v_0": "20.5 mV", "v_1": "45.5 mV"},
        {**COARSE, "populations.cell.neuron.v_reset": "10 mV", "simulation.duration": "1 s"},
    )


def test_every_interval_has_the_length_that_theory_gives_on_the_grid(brunel_cells, ticks_of):
    # Exact integration reaches θ after n = ⌈τ ln((RI - V_r) / (RI - θ)) / dt⌉ steps; the step of the spike is the first
    # of the refractory time: ISI = τ_ref + (n - 1) dt, tick for tick.
    for neuron, drive in enumerate(np.linspace(20.5, 45.5, 101)):
        n = np.ceil(20 * np.log((drive - 10) / (drive - 20)) / 0.1)
        intervals = np.diff(ticks_of(brunel_cells, "cell", neuron))
        assert len(intervals) > 10
        assert set(intervals) == {20 + n - 1}, f"at {drive} mV"


@pytest.mark.parametrize(("drive", "interval"), [(20.5, 62.8), (25, 23.9), (30, 15.8), (40, 10.1)])
def test_intervals_in_milliseconds(brunel_cells, ticks_of, drive, interval):
    # The same formula, worked out by hand; plain Brian 2.9 gives the same four numbers.
    neuron = round((drive - 20.5) / 0.25)
    assert set(np.diff(ticks_of(brunel_cells, "cell", neuron))) == {round(interval / 0.1)}
