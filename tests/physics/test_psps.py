"""experiments/synapse_models: postsynaptic potentials at many membrane potentials, against circuit theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

pytestmark = pytest.mark.physics

# Milliseconds, millivolts, and resistance in GΩ, so that nS and pA give what they should.
TAU_M, TAU_SYN, R_M, DT = 20.0, 5.0, 0.1, 0.1
HELD = np.linspace(-100, 20, 13)
ARRIVAL = {"exc": 420.0, "inh": 20.0}
E_REV = {"exc": 0.0, "inh": -80.0}
TIME = np.arange(0, 80, DT)
"""Since the spike has acted, which is at the end of the step in which it arrives."""


@pytest.fixture(scope="module")
def recording(record):
    return record("synapse_models/synapse_models.yaml")


@pytest.fixture(scope="module")
def response(recording):
    """Change of the potential of each cell of a population in mV from when a spike acts; shape (n_times, 13)."""

    def response(population, source):
        v = recording.traces[population]["v"].data * 1e3
        first = round(ARRIVAL[source] / DT)
        assert v[first] == pytest.approx(HELD, abs=0.02), "the cells are where they are held"
        return v[first + 1 : first + 1 + len(TIME)] - v[first]

    return response


@pytest.mark.parametrize(("source", "weight"), [("exc", 1.0), ("inh", -1.0)])
def test_a_delta_synapse_steps_and_the_membrane_forgets(response, source, weight):
    # v = w exp(-t/τ_m), the same in every cell (Neuronal Dynamics, ch. 1.3: response to a pulse). Exact integration.
    expected = weight * np.exp(-TIME / TAU_M)
    assert response("delta", source) == pytest.approx(np.tile(expected[:, np.newaxis], 13), abs=1e-6)


@pytest.mark.parametrize(("source", "weight"), [("exc", 63.5), ("inh", -63.5)])
def test_a_current_does_the_same_at_every_potential(response, source, weight):
    # The membrane filters the exponential: a difference of two exponentials, with its peak of
    # R w (τ_s/τ_m)^(τ_m / (τ_m - τ_s)) = 1.00 mV after τ_m τ_s / (τ_m - τ_s) ln(τ_m/τ_s) = 9.24 ms.
    decays = np.exp(-TIME / TAU_M) - np.exp(-TIME / TAU_SYN)
    expected = R_M * weight * TAU_SYN / (TAU_M - TAU_SYN) * decays
    found = response("current", source)
    assert found == pytest.approx(np.tile(expected[:, np.newaxis], 13), abs=1e-6)
    assert np.abs(found).max() == pytest.approx(1.0, abs=1e-3)
    assert TIME[np.abs(found[:, 0]).argmax()] == pytest.approx(9.24, abs=DT)


def conductance(weight, peak_scale, rise, decay):
    return lambda t: weight * peak_scale * (np.exp(-t / decay) - (np.exp(-t / rise) if rise else 0))


def towards_reversal(g, unblocked=lambda v: 1.0):
    """Change of a cell held at v0: τ_m dx/dt = -x + R g(t) unblocked(v0 + x) (E - v0 - x)."""

    def course(v0, e_rev):
        def slope(t, x):
            return (-x + R_M * g(t) * unblocked(v0 + x) * (e_rev - v0 - x)) / TAU_M

        return solve_ivp(slope, (0, TIME[-1]), [0.0], t_eval=TIME, rtol=1e-9, atol=1e-12).y[0]

    return course


PEAK_GABA = 1 / ((1 / 8) ** (1 / 7) - (1 / 8) ** (8 / 7))
"""Scales the difference of exponentials with 1 and 8 ms to a peak of 1: t_peak = 8/7 ln 8 ms."""


@pytest.mark.parametrize(
    ("population", "source", "g"),
    [
        ("conductance", "exc", conductance(0.93, 1, None, 5)),
        ("conductance", "inh", conductance(2.1, 1, None, 5)),
        ("receptors", "inh", conductance(1.2, PEAK_GABA, 1, 8)),
    ],
    ids=["excitation", "inhibition", "gaba"],
)
def test_a_conductance_pulls_towards_its_reversal(response, population, source, g):
    found, e_rev = response(population, source), E_REV[source]
    # The equation is linear in the distance to the reversal potential, so responses of all cells are one curve times
    # this distance: nothing at the reversal, the other sign beyond it.
    distance = e_rev - HELD
    away = distance != 0
    shape = found[:, away] / distance[away]
    assert shape == pytest.approx(np.tile(shape[:, [0]], away.sum()), abs=1e-6)
    assert found[:, ~away] == pytest.approx(0, abs=1e-6)
    # The curve itself, from an integrator of another kind; ours steps by 0.1 ms, of 5 ms.
    expected = towards_reversal(g)(0.0, 1.0)
    assert shape[:, 0] == pytest.approx(expected, abs=0.02 * expected.max())


def test_the_same_conductance_hyperpolarises_shunts_or_depolarises(response):
    signs = np.sign(np.round(response("conductance", "inh")[round(10 / DT)], 6))
    assert signs.tolist() == [1, 1, 0] + [-1] * 10


def test_nmda_receptors_want_depolarisation(response):
    found = response("receptors", "exc")
    peak = TIME[0] + 2 * 100 / 98 * np.log(50)  # of the difference of exponentials with 2 and 100 ms
    scale = 1 / (np.exp(-peak / 100) - np.exp(-peak / 2))
    # Jahr & Stevens 1990: 1 / (1 + [Mg] / 3.57 mM exp(-0.062 v / mV)), with 1 mM.
    course = towards_reversal(conductance(1, scale, 2, 100), lambda v: 1 / (1 + np.exp(-0.062 * v) / 3.57))
    expected = np.stack([course(v0, 0.0) for v0 in HELD], axis=1)
    assert found == pytest.approx(expected, abs=0.01 * np.abs(expected).max())
    # Unlike that of a plain conductance, the response is largest half-way, not where the driving force is.
    assert HELD[found.max(axis=0).argmax()] == -30
    assert found.max(axis=0)[0] < 0.1 * found.max()
