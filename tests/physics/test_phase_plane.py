"""A neuron of two variables: it rests where its fixed point is stable, and fires where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime, brentq

pytestmark = pytest.mark.physics


def rates_of_change(state, current):
    """The equations of Morris & Lecar in the form and with the numbers of Rinzel & Ermentrout 1998, type II.

    In mV, ms, µA/cm², mS/cm² and µF/cm².
    """
    v, w = state
    m = (1 + np.tanh((v + 1.2) / 18)) / 2
    w_inf = (1 + np.tanh((v - 2) / 30)) / 2
    dv = (4.4 * m * (120 - v) + 8 * w * (-84 - v) + 2 * (-60 - v) + current) / 20
    return np.array([dv, 0.04 * np.cosh((v - 2) / 60) * (w_inf - w)])


def fixed_point(current):
    def w_inf(v):
        return (1 + np.tanh((v - 2) / 30)) / 2

    v = brentq(lambda v: rates_of_change((v, w_inf(v)), current)[0], -80, 60)
    return np.array([v, w_inf(v)])


def eigenvalues(current):
    """Of the equations linearised around the fixed point, in 1/ms."""
    point = fixed_point(current)
    rows = [approx_fprime(point, lambda state, k=k: rates_of_change(state, current)[k], 1e-6) for k in (0, 1)]
    return np.linalg.eigvals(np.array(rows))


@pytest.fixture(scope="module")
def recording(record):
    return record("single_neurons/phase_plane.yaml")


def test_a_neuron_rests_where_its_fixed_point_is_stable_and_fires_where_it_is_not(recording):
    spikes = recording.spikes["cell"]
    counts = np.bincount(spikes.node_ids, minlength=3)
    stable = [bool((eigenvalues(current).real < 0).all()) for current in (0, 50, 100)]
    assert stable == [True, True, False]
    assert (counts == 0).tolist() == stable
    # One period of the unstable spiral is 2π/ω; the cycle is longer, for it is large, but not by a factor.
    period = 2 * np.pi / abs(eigenvalues(100)[0].imag)
    intervals = np.diff(spikes.ticks[spikes.node_ids == 2]) * recording.dt * 1e3
    assert len(intervals) > 3
    assert 1 < intervals.mean() / period < 2


def test_a_neuron_at_rest_is_at_the_crossing_of_its_nullclines(recording):
    traces = recording.traces["cell"]
    for neuron, current in ((0, 0), (1, 50)):
        v, w = fixed_point(current)
        assert traces["v"].data[-1, neuron] * 1e3 == pytest.approx(v, abs=1e-3)
        assert traces["w"].data[-1, neuron] == pytest.approx(w, abs=1e-5)


def test_firing_begins_in_a_hopf_bifurcation():
    # Rinzel & Ermentrout 1998, ch. 7: between 93 and 94 µA/cm²; the frequency there is not zero.
    onset = brentq(lambda current: eigenvalues(current).real.max(), 80, 100)
    assert onset == pytest.approx(93.86, abs=0.05)
    assert abs(eigenvalues(onset)[0].imag) > 0.05
