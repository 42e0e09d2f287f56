"""The network of Izhikevich (2003) against the program printed in the paper, here in NumPy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from scipy.stats import kstest

from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import NETWORK, Observation
from snnrun.metrics.psd import Psd, psd

pytestmark = pytest.mark.physics

FILE = "izhikevich_2003/network.yaml"
N_EXC, N_INH = 800, 200
UNIT = 100e-12
"""Ampere that are the paper's I = 1."""
BANDS = {"alpha": (6, 10), "between": (12, 16), "gamma": (24, 40), "above": (60, 80)}
"""Hertz."""


class Drawn(NamedTuple):
    """What is random in the network, in the paper's units; weights with a row for each target."""

    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    d: np.ndarray
    weights: np.ndarray
    noise: np.ndarray
    u: np.ndarray


def as_published(drawn):
    """The program of the paper: which neurons fire in each step; shape (n_steps, n_neurons).

    The printed loop sees a potential above 30 mV at the beginning of the next step; here the spike belongs to the step
    that brought it there.
    """
    a, b, c, d, weights, noise, u = drawn
    v, synaptic = np.full(len(c), -65.0), np.zeros(len(c))
    fired = np.zeros((len(noise), len(c)), dtype=bool)
    for step, thalamic in enumerate(noise):
        current = thalamic + synaptic
        v = v + 0.5 * (0.04 * v**2 + 5 * v + 140 - u + current)
        v = v + 0.5 * (0.04 * v**2 + 5 * v + 140 - u + current)
        u = u + a * (b * v - u)
        now = fired[step] = v >= 30
        v[now] = c[now]
        u[now] += d[now]
        synaptic = weights[:, now].sum(axis=1)
    return fired


def drawn_as_published(seed, n_steps):
    random = np.random.default_rng(seed)
    exc, inh = random.random(N_EXC), random.random(N_INH)
    b = np.concatenate([np.full(N_EXC, 0.2), 0.25 - 0.05 * inh])
    return Drawn(
        a=np.concatenate([np.full(N_EXC, 0.02), 0.02 + 0.08 * inh]),
        b=b,
        c=np.concatenate([-65 + 15 * exc**2, np.full(N_INH, -65.0)]),
        d=np.concatenate([8 - 6 * exc**2, np.full(N_INH, 2.0)]),
        weights=np.hstack([0.5 * random.random((1000, N_EXC)), -random.random((1000, N_INH))]),
        noise=random.standard_normal((n_steps, 1000)) * np.repeat([5, 2], [N_EXC, N_INH]),
        u=-65 * b,
    )


@pytest.fixture(scope="module")
def recording(record):
    """Of 300 ms, with everything that was drawn."""
    settings = {
        "simulation.duration": "300 ms",
        "simulation.warmup": "0 ms",
        "record.synapses": ["exc_to_all", "inh_to_all"],
        "record.traces": {
            "exc": {"variables": ["I_thalamus_exc", "c", "d"], "neurons": N_EXC},
            "inh": {"variables": ["I_thalamus_inh", "a", "b"], "neurons": N_INH},
        },
    }
    return record(FILE, settings=settings)


@pytest.fixture(scope="module")
def drawn(recording):
    exc, inh = recording.traces["exc"], recording.traces["inh"]
    weights = np.zeros((1000, 1000))
    first = {"exc": 0, "inh": N_EXC}
    for name, table in recording.synapses.items():
        _, source, target = name.split("/")
        weights[table.target_ids + first[target], table.source_ids + first[source]] = table.weight / UNIT
    return Drawn(
        a=np.concatenate([np.full(N_EXC, 0.02), inh["a"].data[0] * 1e-3]),
        b=np.concatenate([np.full(N_EXC, 0.2), inh["b"].data[0] * 1e-3]),
        c=np.concatenate([exc["c"].data[0] * 1e3, np.full(N_INH, -65.0)]),
        d=np.concatenate([exc["d"].data[0], np.full(N_INH, 2.0)]),  # 1 V/s is 1 mV/ms
        weights=weights,
        noise=np.hstack([exc["I_thalamus_exc"].data, inh["I_thalamus_inh"].data]) / UNIT,
        u=np.repeat([-13.0, -14.6], [N_EXC, N_INH]),
    )


def test_given_the_same_random_numbers_the_published_program_fires_the_same_spikes(recording, drawn):
    expected = as_published(drawn)
    found = np.hstack([raster_of(recording.spikes[name], 300) for name in ("exc", "inh")])
    assert expected.sum() > 1000
    np.testing.assert_array_equal(found[:100], expected[:100])
    # Last bits differ between processors, and the network amplifies them: later, a few spikes may move.
    assert np.count_nonzero(found != expected) <= 0.02 * expected.sum()


def test_one_random_number_makes_each_neuron_what_it_is(drawn):
    # The paper: (c, d) = (-65, 8) + (15, -6) r² of excitatory, (a, b) = (0.02, 0.25) + (0.08, -0.05) r of inhibitory
    # neurons, r uniform between 0 and 1.
    exc = np.sqrt((drawn.c[:N_EXC] + 65) / 15)
    np.testing.assert_allclose(drawn.d[:N_EXC], 8 - 6 * exc**2)
    inh = (drawn.a[N_EXC:] - 0.02) / 0.08
    np.testing.assert_allclose(drawn.b[N_EXC:], 0.25 - 0.05 * inh)
    for uniform in (exc, inh):
        assert kstest(uniform, "uniform").pvalue > 1e-3


def test_synapses_and_noise_are_drawn_as_in_the_paper(drawn):
    assert np.count_nonzero(drawn.weights) == 1000**2, "every neuron to every neuron, itself included"
    for weights, strongest in ((drawn.weights[:, :N_EXC], 0.5), (drawn.weights[:, N_EXC:], -1)):
        assert kstest(weights[::10].ravel() / strongest, "uniform").pvalue > 1e-3
    for noise, sd in ((drawn.noise[:, :N_EXC], 5), (drawn.noise[:, N_EXC:], 2)):
        assert kstest(noise[::10].ravel() / sd, "norm").pvalue > 1e-3


def test_rates_and_rhythms_are_those_of_the_published_program(record):
    # Means over six networks of five seconds. In the words of the paper the rates are around 8 Hz, the rhythms in the
    # alpha and gamma range; its program has 7.3 and 6.6 Hz, peaks at 8 Hz and at 26 to 32 Hz.
    published = [statistics(as_published(drawn_as_published(seed, 5200))[200:]) for seed in range(6)]
    observation = Observation(record(FILE))
    spectrum = observation.measure(NETWORK, Psd()).series
    found = {name: float(observation.measure(name, MeanRate()).value) for name in ("exc", "inh")}
    found |= powers(spectrum["frequency"].data, spectrum["density"].data)
    for name, value in found.items():
        others = np.array([one[name] for one in published])
        assert value == pytest.approx(others.mean(), abs=4 * others.std(ddof=1) * np.sqrt(1 + 1 / 6)), name


def test_two_rhythms_rise_from_the_spectrum(record):
    spectrum = Observation(record(FILE)).measure(NETWORK, Psd()).series
    frequency, density = spectrum["frequency"].data, spectrum["density"].data
    # 19 segments: each density is known to a quarter of it, and a band holds three or more.
    power = powers(frequency, density)
    assert power["alpha"] > 2 * power["between"]
    assert power["gamma"] > 1.5 * power["between"]
    assert power["gamma"] > 5 * power["above"]


def statistics(fired):
    frequency, density = psd(fired.mean(axis=1) / 1e-3, 1e-3, 500)
    rates = {"exc": fired[:, :N_EXC].mean() / 1e-3, "inh": fired[:, N_EXC:].mean() / 1e-3}
    return rates | powers(frequency, density)


def powers(frequency, density):
    """Mean density of the population rate in each band."""
    return {name: density[(frequency >= low) & (frequency <= high)].mean() for name, (low, high) in BANDS.items()}


def raster_of(spikes, n_steps):
    raster = np.zeros((n_steps, spikes.n_recorded), dtype=bool)
    raster[spikes.ticks, spikes.node_ids] = True
    return raster
