"""The time course of each synapse model against its closed form, and gap junctions against circuit theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import gammainc

pytestmark = pytest.mark.physics

DT, DELAY, SPIKE = 0.1, 1.5, 10.1
"""Milliseconds: time step, delay, and when the source fires: a step after the push at 10 ms."""

HELD = np.linspace(-100, 40, 15)
"""Millivolts at which the cells of a current–voltage curve are held, by a membrane that leaks a siemens."""

NETWORK = """
snnrun: 1
populations:
  source: {size: 1, neuron: {model: lif, v_rest: 0 mV, v_thresh: 10 mV, v_reset: 0 mV, tau_refrac: 1 ms}}
  alpha_current: {size: 1, neuron: &passive {model: lif, tau_m: 20 ms, r_m: 100 Mohm, v_rest: -70 mV, v_thresh: 1 V}}
  alpha_near: {size: 1, neuron: *passive}
  alpha_equal: {size: 1, neuron: *passive}
  alpha_conductance: {size: 1, neuron: *passive}
  biexponential: {size: 1, neuron: *passive}
  by_input: {size: 1, neuron: *passive}
  rained_on: {size: 400, neuron: *passive}
  blocked: {size: 15, neuron: &held {model: lif, r_m: 1 ohm, v_rest: "linspace(-100 mV, 40 mV)", v_thresh: 1 V}}
  free: {size: 15, neuron: *held}
  driver:
    size: 1
    neuron: {model: equations, equations: "dv/dt = (v_rest - v + r_m*I_total)/tau_m : volt",
             parameters: {v_rest: -70 mV, r_m: 100 Mohm, tau_m: 2 ms}}
    initial: {v: -70 mV}
  follower: {size: 1, neuron: {model: lif, tau_m: 2 ms, r_m: 200 Mohm, v_rest: -60 mV, v_thresh: 1 V}}
  web: {size: 4, neuron: {model: lif, tau_m: 2 ms, r_m: 100 Mohm, v_rest: "linspace(-80 mV, -50 mV)", v_thresh: 1 V}}

inputs:
  trigger: {to: source, model: spike_times, times: [10 ms], synapse: {model: delta, weight: 20 mV}}
  direct: {to: by_input, model: spike_times, times: [10 ms], synapse: {model: biexponential_conductance, weight: 2 nS}}
  rain: {to: rained_on, model: poisson, rate: 1000 Hz,
         synapse: {model: alpha_conductance, weight: 1 pS, tau_syn: 2 ms, receptor: ampa}}
  step: {to: driver, model: constant_current, amplitude: 200 pA}

projections:
  to_alpha: {from: source, to: alpha_current, connectivity: all_to_all,
             synapse: {model: alpha_current, weight: 100 pA, tau_syn: 5 ms, delay: 1.5 ms, receptor: syn}}
  to_near: {from: source, to: alpha_near, connectivity: all_to_all,
            synapse: {model: alpha_current, weight: 100 pA, tau_syn: 19.6 ms, delay: 1.5 ms}}
  to_equal: {from: source, to: alpha_equal, connectivity: all_to_all,
             synapse: {model: alpha_current, weight: 100 pA, tau_syn: 20 ms, delay: 1.5 ms}}
  to_conductance: {from: source, to: alpha_conductance, connectivity: all_to_all,
                   synapse: {model: alpha_conductance, weight: 10 nS, tau_syn: 5 ms, delay: 1.5 ms, receptor: syn}}
  to_biexponential:
    from: source
    to: biexponential
    connectivity: all_to_all
    synapse: {model: biexponential_conductance, weight: 10 nS, tau_rise: 0.5 ms, tau_decay: 5 ms, delay: 1.5 ms,
              e_rev: -80 mV, receptor: syn}
  to_blocked: {from: source, to: blocked, connectivity: all_to_all,
               synapse: {model: nmda, weight: 1 nS, magnesium: 1 mM, delay: 1.5 ms, receptor: nmda}}
  to_free: {from: source, to: free, connectivity: all_to_all,
            synapse: {model: nmda, weight: 1 nS, magnesium: 0 mM, delay: 1.5 ms, receptor: nmda}}
  there: {from: driver, to: follower, connectivity: all_to_all, synapse: {model: electrical, weight: 3 nS}}
  back: {from: follower, to: driver, connectivity: all_to_all, synapse: {model: electrical, weight: 3 nS}}
  web_to_web: {from: web, to: web, synapse: {model: electrical, weight: 1 nS},
               connectivity: {rule: from_file, file: junctions.csv, weight: {column: nS, unit: nS}}}

simulation: {duration: 60 ms, dt: 0.1 ms, seed: 3}

record:
  synapses: [web_to_web]
  traces:
    alpha_current: {variables: [v, I_syn]}
    alpha_near: {variables: v}
    alpha_equal: {variables: v}
    alpha_conductance: {variables: [v, g_syn, I_syn]}
    biexponential: {variables: [v, g_syn]}
    by_input: {variables: [g_direct]}
    rained_on: {variables: [g_ampa], neurons: 400, every: 1 ms}
    blocked: {variables: [v, g_nmda, I_nmda], neurons: 15}
    free: {variables: [v, I_nmda], neurons: 15}
    driver: {variables: [v, I_back]}
    follower: {variables: [v]}
    web: {variables: [v, I_web_to_web], neurons: 4}
"""

# Conductances in nS: a chain with a shortcut, and one junction (0 to 3) that passes current in one direction only.
JUNCTIONS = "source,target,nS\n0,1,5\n1,0,5\n1,2,2\n2,1,2\n0,2,8\n2,0,8\n0,3,4\n"
G = np.zeros((4, 4))
for _line in JUNCTIONS.split()[1:]:
    _source, _target, _weight = map(int, _line.split(","))
    G[_target, _source] = _weight


@pytest.fixture(scope="module")
def recording(record, tmp_path_factory):
    folder = tmp_path_factory.mktemp("synapse_models")
    (folder / "junctions.csv").write_text(JUNCTIONS)
    return record(NETWORK, folder=folder)


@pytest.fixture(scope="module")
def trace(recording):
    """Milliseconds since the spike takes effect, and the values of a variable of the only neuron, in SI units.

    It acts in the step that begins a delay later, and traces show each step as it begins: one step after the delay.
    """

    def trace(population, variable):
        found = recording.traces[population][variable]
        return found.time * 1e3 - (SPIKE + DELAY + DT), found.data[:, 0]

    return trace


def after_onset(time, closed_form):
    return np.where(time > -DT / 2, closed_form(np.maximum(time, 0)), 0.0)


def alpha(time, tau):
    return time / tau * np.exp(1 - time / tau)


def biexponential(time, rise, decay):
    """The difference of two exponentials, divided by its own value at the peak that calculus gives it."""

    def difference(t):
        return np.exp(-t / decay) - np.exp(-t / rise)

    return difference(time) / difference(rise * decay / (decay - rise) * np.log(decay / rise))


def alpha_psp(time, tau, tau_m):
    """The convolution of an alpha function with the membrane: e t²/(τ τm) exp(-t/τm) γ(2, x)/x², x = t (1/τ - 1/τm).

    The incomplete gamma function keeps its digits where the two time constants are nearly the same.
    """
    x = np.maximum(time, 1e-9) * (1 / tau - 1 / tau_m)
    return np.e * time**2 / (tau * tau_m) * np.exp(-time / tau_m) * gammainc(2, x) / x**2


def test_the_alpha_current_is_exact_and_peaks_with_its_weight_after_its_time_constant(trace):
    time, current = trace("alpha_current", "I_syn")
    np.testing.assert_allclose(current * 1e12, after_onset(time, lambda t: 100 * alpha(t, 5)), atol=1e-10)
    assert time[current.argmax()] == pytest.approx(5)
    assert current.max() * 1e12 == pytest.approx(100, rel=1e-12)


def test_its_psp_is_the_closed_form(trace):
    time, v = trace("alpha_current", "v")
    np.testing.assert_allclose(v * 1e3 + 70, after_onset(time, lambda t: 10 * alpha_psp(t, 5, 20)), atol=1e-11)


def test_time_constants_that_differ_by_two_percent_cost_few_digits(trace):
    # The exact solution divides by the square of the difference, and leaves (dt/τ)²: 1e-16 / (0.02² · 0.005²) = 1e-8.
    time, v = trace("alpha_near", "v")
    np.testing.assert_allclose(v * 1e3 + 70, after_onset(time, lambda t: 10 * alpha_psp(t, 19.6, 20)), atol=1e-8)


def test_equal_time_constants_are_left_to_runge_kutta(trace):
    # Without a difference, the convolution is e t²/(2 τ²) exp(-t/τ).
    time, v = trace("alpha_equal", "v")
    expected = after_onset(time, lambda t: 10 * np.e * t**2 / (2 * 20**2) * np.exp(-t / 20))
    np.testing.assert_allclose(v * 1e3 + 70, expected, atol=1e-8)


@pytest.mark.parametrize(
    ("population", "shape", "e_rev"),
    [
        ("alpha_conductance", lambda t: alpha(t, 5), 0),
        ("biexponential", lambda t: biexponential(t, 0.5, 5), -80),
    ],
)
def test_conductances_follow_their_closed_form_and_move_the_membrane_as_they_must(trace, population, shape, e_rev):
    # Runge–Kutta of fourth order errs by (dt/τ)^5 / 120 a step: 3e-6 for a rise of 0.5 ms, in the few steps it takes.
    time, g = trace(population, "g_syn")
    np.testing.assert_allclose(g * 1e9, after_onset(time, lambda t: 10 * shape(t)), rtol=0, atol=1.5e-4)
    # C dv/dt = (v_rest - v) / r + g(t) (e_rev - v), solved to 1e-10 by another program.
    _, v = trace(population, "v")
    after = time > -DT / 2
    solution = solve_ivp(
        lambda t, u: (-u + 0.1 * 10 * shape(t) * (e_rev + 70 - u)) / 20,
        (0, time[-1]),
        [0],
        t_eval=np.maximum(time[after], 0),
        rtol=1e-10,
        atol=1e-10,
    )
    np.testing.assert_allclose(v[after] * 1e3 + 70, solution.y[0], atol=1e-4)


def test_the_biexponential_conductance_peaks_with_its_weight_where_theory_has_it(trace):
    # τr τd / (τd - τr) ln(τd/τr) = 1.28 ms; on the grid at 1.3 ms, where the parabola has lost 3e-4.
    time, g = trace("biexponential", "g_syn")
    assert time[g.argmax()] == pytest.approx(1.3)
    assert g.max() * 1e9 == pytest.approx(10, rel=1e-3)


def test_an_input_drives_the_same_synapse(recording):
    found = recording.traces["by_input"]["g_direct"]
    time = found.time * 1e3 - (10 + DT)
    expected = after_onset(time, lambda t: 2 * biexponential(t, 0.5, 5))
    np.testing.assert_allclose(found.data[:, 0] * 1e9, expected, atol=1e-4)


def test_poisson_spikes_add_up_to_campbells_mean_and_variance(recording):
    # Campbell: mean ν w ∫alpha = ν w e τ, variance ν w² ∫alpha² = ν w² e² τ / 4, here with ν = 1/ms, τ = 2 ms.
    # Five samples 10 ms apart share nothing: 400 · 5 independent draws; bounds are four standard errors, with the
    # fourth moment of a Gaussian.
    found = recording.traces["rained_on"]["g_ampa"]
    g = found.data[np.rint(found.time * 1e3) % 10 == 0][1:] * 1e12
    mean, variance = np.e * 2, np.e**2 * 2 / 4
    assert g.size == 400 * 5
    assert g.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / g.size))
    assert g.var() == pytest.approx(variance, abs=4 * variance * np.sqrt(2 / g.size) * 1.5)


def test_magnesium_blocks_the_nmda_receptor_as_jahr_and_stevens_measured(recording):
    # Jahr & Stevens 1990, eq. 4: g/g_max = 1 / (1 + [Mg]/3.57 mM exp(-0.062 v/mV)).
    blocked = recording.traces["blocked"]
    tick = round((SPIKE + DELAY + DT + 9) / DT)
    v, current, g = (blocked[name].data[tick] for name in ("v", "I_nmda", "g_nmda"))
    np.testing.assert_allclose(v * 1e3, HELD, atol=1e-6)
    np.testing.assert_allclose(g * 1e9, biexponential(9.0, 2, 100), rtol=1e-6)
    np.testing.assert_allclose(current * 1e12, g * 1e9 * -HELD / (1 + np.exp(-0.062 * HELD) / 3.57), atol=1e-5)
    # Half is blocked at ln([Mg]/3.57)/0.062 = -20.5 mV; the inward current is largest a little below.
    below = HELD < 0
    open_part = np.interp(np.log(1 / 3.57) / 0.062, HELD[below], -current[below] / (v * g)[below])
    assert open_part == pytest.approx(0.5, abs=0.005), "straight between points 10 mV apart"
    assert v[current.argmax()] * 1e3 == pytest.approx(-30)


def test_without_magnesium_the_nmda_receptor_is_ohmic(recording):
    free = recording.traces["free"]
    tick = round((SPIKE + DELAY + DT + 9) / DT)
    np.testing.assert_allclose(free["I_nmda"].data[tick] * 1e12, -HELD * biexponential(9.0, 2, 100), atol=1e-5)


def test_the_coupling_coefficient_of_two_cells_is_that_of_the_voltage_divider(recording):
    # Bennett 1966: g_gap / (g_gap + g_leak), of the cell without injected current; it leaks 5 nS.
    driver, follower = (recording.traces[name]["v"].data[-1, 0] * 1e3 for name in ("driver", "follower"))
    assert (follower + 60) / (driver + 60) == pytest.approx(3 / (3 + 5), rel=1e-9)
    # The driver: 10 nS (-70 - v) + 3 nS (follower - v) + 200 pA = 0.
    assert driver == pytest.approx((10 * -70 + 3 * follower + 200) / 13, rel=1e-9)


def test_the_currents_of_all_junctions_of_a_cell_add_up(recording):
    # Kirchhoff: (g_leak + Σ G_ij) v_i - Σ G_ij v_j = g_leak E_i, with 10 nS of leak.
    v = recording.traces["web"]["v"].data * 1e3
    expected = np.linalg.solve(np.diag(10 + G.sum(axis=1)) - G, 10 * np.linspace(-80, -50, 4))
    np.testing.assert_allclose(v[-1], expected, rtol=1e-9)


def test_the_recorded_current_is_that_of_the_recorded_potentials_at_every_tick(recording):
    web = recording.traces["web"]
    v, current = web["v"].data, web["I_web_to_web"].data
    np.testing.assert_allclose(current, 1e-9 * (v @ G.T - v * G.sum(axis=1)), atol=1e-20)
    assert np.abs(current[0]).max() > 50e-12, "they start apart"


def test_stored_junctions_have_no_delay(recording):
    table = recording.synapses["web_to_web/web/web"]
    assert table.delay.max() == 0
    assert len(table.weight) == 7
