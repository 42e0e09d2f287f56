"""Every neuron of the catalog under constant current, against its theory or another solution of its equations.

Each population holds one model, each of its neurons one current; all of them run in one program.
"""

from __future__ import annotations

from math import atan

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import minimize_scalar

pytestmark = pytest.mark.physics

FINE, COARSE = 0.01, 0.1
"""Time steps in ms."""

ADEX = {
    # The cell of Brette & Gerstner 2005.
    "adapting": ({}, 1000),
    # Without adaptation: an EIF neuron, which fires tonically.
    "tonic": ({"a": 0, "b": 0}, 1000),
    # Touboul & Brette 2008: a reset above the threshold gives bursts; nearer to it, only the first spikes are one.
    "bursting": ({"v_reset": -47}, 800),
    "initial_burst": ({"v_reset": -49, "tau_w": 120, "b": 100}, 800),
}
IZHIKEVICH = {
    # Izhikevich 2003, Fig. 2: a, b, c, d. The input is 10 mV/ms, 1 nA into 100 pF.
    "regular_spiking": (0.02, 0.2, -65, 8),
    "intrinsically_bursting": (0.02, 0.2, -55, 4),
    "chattering": (0.02, 0.2, -50, 2),
    "fast_spiking": (0.1, 0.2, -65, 2),
    "low_threshold_spiking": (0.02, 0.25, -65, 2),
}
UNITS = {"a": "nS", "b": "pA", "v_reset": "mV", "tau_w": "ms"}
DRIVES = {
    "eif": (32, 33, 60, 100, 300),
    "qif": (37, 38, 40, 60, 150, 600),
    "wang_buzsaki": (0.15, 0.17, 0.5, 1, 3),  # µA/cm²
    "traub_miles": (0.3, 1, 5),  # µA/cm²
    "type_2": (80, 95, 100, 150),  # µA/cm²
    "type_1": (39.5, 40.5, 42, 60),  # µA/cm²
    "adaptive": (190, 250, 500, 1000),
    "sharp": (900,),
}
PATCH = {"wang_buzsaki": 200, "traub_miles": 200, "type_2": 10, "type_1": 10}
"""What 1 µA/cm² is in pA."""


def experiment(dt, names):
    """The text of an experiment with the named populations; all currents are read from files named like them."""
    neurons = {name: f"{{model: {name}}}" for name in ("eif", "qif", "wang_buzsaki", "traub_miles")}
    neurons |= {"adaptive": "{model: adaptive_threshold_lif}", "type_2": "{model: morris_lecar}"}
    neurons["type_1"] = "{model: morris_lecar, g_ca: 40 nS, v_3: 12 mV, v_4: 17.4 mV, phi: 1/15/ms}"
    neurons["sharp"] = "{model: adex, delta_t: 0.01 mV, a: 0 nS, b: 0 pA, v_reset: -60 mV, tau_refrac: 3 ms}"
    for name, (changes, _) in ADEX.items():
        changed = "".join(f", {key}: {value} {UNITS[key]}" for key, value in changes.items())
        neurons[name] = f"{{model: adex{changed}}}"
    for name, (a, b, c, d) in IZHIKEVICH.items():
        neurons[name] = f"{{model: izhikevich, a: {a}/ms, b: {b}/ms, c: {c} mV, d: {d} mV/ms}}"
    lines = ["snnrun: 1", "populations:"]
    lines += [f"  {name}: {{size: {len(drives(name))}, neuron: {neurons[name]}}}" for name in names]
    lines += ["inputs:"]
    lines += [
        f"  into_{name}: {{to: {name}, model: constant_current, amplitude: {{file: {name}.csv, column: I, unit: pA}}}}"
        for name in names
    ]
    return "\n".join([*lines, f"simulation: {{duration: 1 s, dt: {dt} ms}}"])


def drives(name):
    """Currents in pA."""
    if name in ADEX:
        return (ADEX[name][1],)
    return (1000,) if name in IZHIKEVICH else tuple(PATCH.get(name, 1) * drive for drive in DRIVES[name])


def spikes_of(record, ticks_of, folder, dt, names):
    """Spike times in ms, at the end of their step, of each neuron, by population."""
    for name in names:
        (folder / f"{name}.csv").write_text("I\n" + "".join(f"{drive}\n" for drive in drives(name)))
    recording = record(experiment(dt, names), folder=folder)
    return {name: [(ticks_of(recording, name, k) + 1) * dt for k in range(len(drives(name)))] for name in names}


@pytest.fixture(scope="module")
def fine(record, ticks_of, tmp_path_factory):
    names = [*DRIVES, *ADEX, *IZHIKEVICH]
    return spikes_of(record, ticks_of, tmp_path_factory.mktemp("fine"), FINE, names)


@pytest.fixture(scope="module")
def coarse(record, ticks_of, tmp_path_factory):
    names = ["eif", "qif", "adaptive", "sharp", "type_1", "type_2", *ADEX, *IZHIKEVICH]
    return spikes_of(record, ticks_of, tmp_path_factory.mktemp("coarse"), COARSE, names)


def solved(derivative, state, peak, reset, duration=1000.0, refractory=0.0):
    """Spike times of an integrate-and-fire neuron by SciPy's adaptive integrator, reset where ``peak(state)`` is 0."""

    def crossing(t, state):
        return peak(state)

    crossing.terminal, crossing.direction = True, 1
    time, spikes = 0.0, []
    while time < duration:
        tolerance = {"rtol": 1e-9, "atol": 1e-9}
        part = solve_ivp(derivative, (time, duration), state, method="DOP853", events=crossing, **tolerance)
        time, state = part.t[-1], part.y[:, -1]
        if not part.t_events[0].size:
            break
        spikes.append(time)
        state = np.array(reset(state))
        if refractory:
            # The potential waits at the reset; the rest goes on.
            held = solve_ivp(
                lambda t, s: [0, *derivative(t, s)[1:]], (time, time + refractory), state, method="DOP853", **tolerance
            )
            time, state = held.t[-1], held.y[:, -1]
    return np.array(spikes)


def rises(derivative, state, level, duration):
    """Times at which the first variable rises through a level."""

    def crossing(t, state):
        return state[0] - level

    crossing.direction = 1
    solution = solve_ivp(derivative, (0, duration), state, method="DOP853", events=crossing, rtol=1e-10, atol=1e-10)
    return solution.t_events[0]


def assert_within_their_steps(found, expected, dt):
    """A spike waits for the end of its step, and a refractory time begins with that step: spike n is off by n steps."""
    assert abs(len(found) - len(expected)) <= 1
    n = min(len(found), len(expected))
    assert np.all(np.abs(found[:n] - expected[:n]) <= 1.5 * dt * np.arange(1, n + 1))


class TestQif:
    def interval(self, drive):
        """Time from reset to peak: the integral of τ dv / ((v - v_r)(v - v_t) / (v_t - v_r) + R I), in ms."""
        rest, threshold, peak, reset, tau = -65, -50, 20, -70, 10
        width, middle = threshold - rest, (rest + threshold) / 2
        root = np.sqrt(0.1 * drive * width - width**2 / 4)  # 100 Mohm are 0.1 mV/pA
        return tau * width / root * (atan((peak - middle) / root) - atan((reset - middle) / root))

    def test_the_rheobase_is_a_quarter_of_the_distance_to_threshold(self, fine):
        below, above = fine["qif"][:2]  # around 15 mV / (4 · 100 Mohm) = 37.5 pA
        assert len(below) == 0 and len(above) > 0

    @pytest.mark.parametrize("neuron", [2, 3, 4, 5])
    def test_intervals_have_the_length_of_the_closed_form(self, fine, neuron):
        interval = self.interval(DRIVES["qif"][neuron])
        assert 0 <= np.diff(fine["qif"][neuron]).mean() - interval <= FINE

    @pytest.mark.parametrize("neuron", [2, 3, 4, 5])
    def test_a_step_ten_times_longer_costs_at_most_that_step(self, coarse, neuron):
        interval = self.interval(DRIVES["qif"][neuron])
        assert abs(np.diff(coarse["qif"][neuron]).mean() - interval) <= COARSE


class TestEif:
    def interval(self, drive):
        """Refractory time and the integral of C dv / (g (v_r - v + Δ exp((v - v_t) / Δ)) + I), in ms."""
        rest, threshold, sharpness, tau = -65, -59.9, 3.48, 10

        def slowness(v):
            return tau / (rest - v + sharpness * np.exp((v - threshold) / sharpness) + drive / 20)

        return 1.7 + quad(slowness, -68, -30, limit=200)[0]

    def test_the_rheobase_is_that_of_the_saddle_node(self, fine):
        # 20 nS · (5.1 mV - 3.48 mV) = 32.4 pA: where the current at rest has its maximum.
        below, above = fine["eif"][:2]
        assert len(below) == 0 and len(above) > 0

    @pytest.mark.parametrize("neuron", [2, 3, 4])
    def test_intervals_have_the_length_of_the_integral(self, fine, coarse, neuron):
        interval = self.interval(DRIVES["eif"][neuron])
        assert abs(np.diff(fine["eif"][neuron]).mean() - interval) <= FINE
        assert abs(np.diff(coarse["eif"][neuron]).mean() - interval) <= COARSE


class TestAdEx:
    """The equations of Brette & Gerstner 2005, in pF, nS, mV, pA, ms."""

    def expected(self, name):
        changes, drive = ADEX[name]
        p = {"v_reset": -70.6, "a": 4, "b": 80.5, "tau_w": 144} | changes

        def derivative(t, state):
            v, w = state
            current = 30 * (-70.6 - v) + 60 * np.exp((v + 50.4) / 2) - w + drive
            return [current / 281, (p["a"] * (v + 70.6) - w) / p["tau_w"]]

        # From 10 Δ above the threshold the potential is at infinity after exp(-10) of 9 ms.
        return solved(derivative, [-70.6, 0], lambda s: s[0] + 30.4, lambda s: [p["v_reset"], s[1] + p["b"]])

    @pytest.mark.parametrize("name", ADEX)
    def test_spikes_come_when_another_solution_has_them(self, fine, coarse, name):
        expected = self.expected(name)
        assert len(expected) > 10
        assert_within_their_steps(fine[name][0], expected, FINE)
        assert abs(len(coarse[name][0]) - len(expected)) <= 1

    def test_with_a_sharp_upstroke_it_is_a_leaky_integrator_with_a_fixed_threshold(self, coarse):
        # Five thousand times delta_t above the threshold the exponential is beyond any number.
        interval = 3 + 281 / 30 * np.log((30 - 10.6) / (30 - 20.2))  # 900 pA over 30 nS; reset and threshold above rest
        assert np.diff(coarse["sharp"][0]).mean() == pytest.approx(interval, abs=COARSE)

    def test_patterns_are_those_of_their_names(self, fine):
        intervals = {name: np.diff(fine[name][0]) for name in ADEX}
        assert np.ptp(intervals["tonic"]) <= 2 * FINE
        assert np.all(np.diff(intervals["adapting"][:10]) > 0)
        assert intervals["adapting"][-1] > 2 * intervals["adapting"][0]
        late = intervals["bursting"][len(intervals["bursting"]) // 2 :]
        assert late.max() > 20 * late.min()
        start = intervals["initial_burst"]
        assert start[0] < start[5:].min() / 2 and start[-3:].max() < 1.2 * start[-3:].min()


def published(a, b, c, d, step, drive=10.0, duration=1000):
    """Spike times of the program printed in Izhikevich 2003, for one cell: two half-steps for v, one step for u.

    The paper's step is 1 ms.
    """
    v = -65.0
    u = b * v
    spikes = []
    for k in range(round(duration / step)):
        if v >= 30:
            spikes.append(k * step)
            v, u = c, u + d
        for _ in range(2):
            v += step / 2 * (0.04 * v**2 + 5 * v + 140 - u + drive)
        u += step * a * (b * v - u)
    return np.array(spikes)


class TestIzhikevich:
    @pytest.mark.parametrize("name", IZHIKEVICH)
    def test_spikes_are_those_of_the_published_program_with_a_short_step(self, fine, coarse, name):
        expected = published(*IZHIKEVICH[name], step=0.002)
        assert len(fine[name][0]) == pytest.approx(len(expected), rel=0.01, abs=1)
        assert len(coarse[name][0]) == pytest.approx(len(expected), rel=0.03, abs=1)
        np.testing.assert_allclose(fine[name][0][:5], expected[:5], atol=0.1)

    def test_with_its_own_step_the_published_program_fires_less(self, fine):
        # The docstring says half as often, for a fast spiking cell.
        ratio = len(published(*IZHIKEVICH["fast_spiking"], step=1)) / len(fine["fast_spiking"][0])
        assert 0.4 < ratio < 0.6

    def test_patterns_are_those_of_their_names(self, fine):
        intervals = {name: np.diff(fine[name][0]) for name in IZHIKEVICH}
        assert len(intervals["fast_spiking"]) > 4 * len(intervals["regular_spiking"])
        assert intervals["intrinsically_bursting"][0] < 0.2 * intervals["intrinsically_bursting"][-1]
        chattering = intervals["chattering"][-20:]
        assert chattering.max() > 5 * chattering.min()
        assert intervals["low_threshold_spiking"][0] < 0.5 * intervals["low_threshold_spiking"][-1]


def exponential_ratio(x):
    """x / (exp(x) - 1), as gates open; never at zero here."""
    return x / np.expm1(x)


class TestWangBuzsaki:
    """The equations of Wang & Buzsáki 1996, in µF/cm², mS/cm², µA/cm², mV, ms."""

    def gates(self, v):
        opening = exponential_ratio(-0.1 * (v + 35))
        m = opening / (opening + 4 * np.exp(-(v + 60) / 18))
        h = 0.07 * np.exp(-(v + 58) / 20), 1 / (np.exp(-0.1 * (v + 28)) + 1)
        n = 0.1 * exponential_ratio(-0.1 * (v + 34)), 0.125 * np.exp(-(v + 44) / 80)
        return m, h, n

    def ionic(self, v, m, h, n):
        return 0.1 * (v + 65) + 35 * m**3 * h * (v - 55) + 9 * n**4 * (v + 90)

    def derivative(self, drive):
        def derivative(t, state):
            v, h, n = state
            m, of_h, of_n = self.gates(v)
            slow = [5 * (up * (1 - x) - down * x) for x, (up, down) in ((h, of_h), (n, of_n))]
            return [drive - self.ionic(v, m, h, n), *slow]

        return derivative

    def rest(self, v):
        m, *slow = self.gates(v)
        return m, *(up / (up + down) for up, down in slow)

    def test_firing_begins_where_the_resting_state_vanishes_at_0_16(self, fine):
        # The current at rest, as a function of the potential, has its maximum at the saddle-node: 0.16 µA/cm².
        best = minimize_scalar(lambda v: -self.ionic(v, *self.rest(v)), bounds=(-64, -55), method="bounded")
        assert -best.fun == pytest.approx(0.16, abs=0.005)
        below, above = fine["wang_buzsaki"][:2]
        assert len(below) == 0 and len(above) > 0

    def test_it_can_fire_slowly(self, fine):
        assert np.diff(fine["wang_buzsaki"][1]).min() > 100

    @pytest.mark.parametrize("neuron", [2, 3, 4])
    def test_spike_times_are_those_of_a_fine_integration(self, fine, neuron):
        state = [-64, *self.rest(-64)[1:]]
        expected = rises(self.derivative(DRIVES["wang_buzsaki"][neuron]), state, -20, 300)
        found = fine["wang_buzsaki"][neuron][: len(expected)]
        assert len(expected) >= 9
        np.testing.assert_allclose(found, expected, atol=1.5 * FINE)


class TestTraubMiles:
    """The equations of Brette et al. 2007, COBAHH, in µF/cm², mS/cm², µA/cm², mV, ms."""

    def gates(self, v):
        v = v + 63
        return (
            (1.28 * exponential_ratio((13 - v) / 4), 1.4 * exponential_ratio((v - 40) / 5)),
            (0.128 * np.exp((17 - v) / 18), 4 / (1 + np.exp((40 - v) / 5))),
            (0.16 * exponential_ratio((15 - v) / 5), 0.5 * np.exp((10 - v) / 40)),
        )

    @pytest.mark.parametrize("neuron", [0, 1, 2])
    def test_spike_times_are_those_of_a_fine_integration(self, fine, neuron):
        drive = DRIVES["traub_miles"][neuron]

        def derivative(t, state):
            v, m, h, n = state
            current = 100 * m**3 * h * (50 - v) + 30 * n**4 * (-90 - v) + 0.05 * (-60 - v) + drive
            gates = zip((m, h, n), self.gates(v), strict=True)
            return [current, *(up * (1 - x) - down * x for x, (up, down) in gates)]

        state = [-60, *(up / (up + down) for up, down in self.gates(-60))]
        expected = rises(derivative, state, -20, 300)
        found = fine["traub_miles"][neuron][: len(expected)]
        assert len(expected) >= 7
        np.testing.assert_allclose(found, expected, atol=1.5 * FINE)


class TestMorrisLecar:
    """The equations of Rinzel & Ermentrout 1998, in µF/cm², mS/cm², µA/cm², mV, ms."""

    SETS = {"type_2": (4.4, 2, 30, 0.04), "type_1": (4, 12, 17.4, 1 / 15)}

    def derivative(self, name, drive):
        g_ca, v_3, v_4, phi = self.SETS[name]

        def derivative(t, state):
            v, w = state
            open_now = (1 + np.tanh((v + 1.2) / 18)) / 2
            current = drive - g_ca * open_now * (v - 120) - 8 * w * (v + 84) - 2 * (v + 60)
            rate = phi * np.cosh((v - v_3) / (2 * v_4))
            return [current / 20, rate * ((1 + np.tanh((v - v_3) / v_4)) / 2 - w)]

        return derivative

    @pytest.mark.parametrize("name", ["type_1", "type_2"])
    @pytest.mark.parametrize("neuron", [2, 3])
    def test_spike_times_are_those_of_a_fine_integration(self, fine, coarse, name, neuron):
        _, v_3, v_4, _ = self.SETS[name]
        state = [-60.9, (1 + np.tanh((-60.9 - v_3) / v_4)) / 2]
        expected = rises(self.derivative(name, DRIVES[name][neuron]), state, -10, 1000)
        assert len(expected) >= 4
        np.testing.assert_allclose(fine[name][neuron], expected, atol=1.5 * FINE)
        np.testing.assert_allclose(coarse[name][neuron], expected, atol=1.5 * COARSE)

    def test_type_1_begins_where_rest_vanishes_at_a_low_rate(self, fine):
        def current_at_rest(v):
            w = (1 + np.tanh((v - 12) / 17.4)) / 2
            return -20 * self.derivative("type_1", 0)(0, [v, w])[0]

        best = minimize_scalar(lambda v: -current_at_rest(v), bounds=(-60, -15), method="bounded")
        # Rinzel & Ermentrout: the saddle-node is at 40 µA/cm².
        assert -best.fun == pytest.approx(40, abs=0.2)
        silent, slow, *_ = fine["type_1"]
        assert len(silent) == 0 and 1 <= len(slow) <= 6

    def test_type_2_begins_with_a_jump(self, fine):
        # Rest loses its stability at 94 µA/cm² in a Hopf bifurcation: Rinzel & Ermentrout 1998.
        silent, *firing = fine["type_2"]
        assert len(silent) <= 1
        assert min(1e3 / np.diff(train).mean() for train in firing) > 8


class TestAdaptiveThreshold:
    @pytest.mark.parametrize("neuron", [1, 2, 3])
    def test_spikes_come_when_another_solution_has_them(self, fine, coarse, neuron):
        drive = DRIVES["adaptive"][neuron]

        def derivative(t, state):
            v, w, theta = state
            return [(-70 - v + 0.1 * (drive - w)) / 20, -w / 100, (-50 - theta) / 50]

        expected = solved(
            derivative,
            [-70, 0, -50],
            lambda s: s[0] - s[2],
            lambda s: [-60, s[1] + 20, s[2] + 5],
            refractory=2.0,
        )
        assert len(expected) > 5
        assert_within_their_steps(fine["adaptive"][neuron], expected, FINE)
        assert abs(len(coarse["adaptive"][neuron]) - len(expected)) <= 1

    def test_below_its_resting_threshold_it_is_silent(self, fine):
        assert len(fine["adaptive"][0]) == 0  # 190 pA · 100 Mohm are 19 of 20 mV

    def test_intervals_grow(self, fine):
        intervals = np.diff(fine["adaptive"][2])
        assert np.all(np.diff(intervals[:5]) > 0)
        assert intervals[-1] > 1.5 * intervals[0]
