"""Interneurons in synchrony (Wang & Buzsáki 1996), against the paper and a fine integration of its equations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.observation import Observation
from snnrun.metrics.peak_frequency import PeakFrequency
from snnrun.metrics.population_coherence import PopulationCoherence

pytestmark = pytest.mark.physics

FILE = "wang_buzsaki_1996/gamma.yaml"
N = 100


@pytest.fixture(scope="module")
def state(record):
    """The activity for a number of synapses onto each neuron, and a spread of the drive in µA/cm²."""

    def state(m_syn, spread=0.0):
        return Observation(record(FILE, {"m_syn": m_syn, "I_sd": f"{200 * spread} pA"}))

    return state


@pytest.fixture(scope="module")
def dense(state):
    """All to all."""
    return state(N)


def coherence(observation):
    """κ, and what it would be of independent neurons."""
    measured = observation.measure("interneurons", PopulationCoherence())
    return float(measured.value), float(measured.series["chance"].data)


def rate(observation):
    return float(observation.measure("interneurons", MeanRate()).value)


def test_spike_times_are_those_of_a_fine_integration(record):
    settings = {
        "simulation.duration": "100 ms",
        "simulation.warmup": "0 ms",
        "record.synapses": ["inhibition"],
        "record.traces": {"interneurons": {"variables": ["v", "h", "n"], "neurons": N}},
    }
    recording = record(FILE, settings=settings)
    v, h, n = (recording.traces["interneurons"][name].data[0] for name in ("v", "h", "n"))
    (table,) = recording.synapses.values()
    g = np.zeros((N, N))
    g[table.target_ids, table.source_ids] = 0.1 / 60  # mS/cm²

    solution = solve_ivp(
        network,
        (0, 100),
        np.concatenate([v * 1e3, h, n, np.zeros(N)]),
        args=(g, 1.0),
        t_eval=np.arange(0, 100, 0.01),
        rtol=1e-7,
        atol=1e-8,
        max_step=0.5,
    )
    potentials = solution.y[:N]
    spikes = recording.spikes["interneurons"]
    differences = []
    for i, potential in enumerate(potentials):
        expected = solution.t[1:][(potential[:-1] <= -20) & (potential[1:] > -20)]
        found = (spikes.ticks[spikes.node_ids == i] + 1) * 0.05
        # At the end of the run one may come in time, and the other not.
        assert abs(len(found) - len(expected)) <= 1
        n_common = min(len(found), len(expected))
        differences.append(found[:n_common] - expected[:n_common])
    # A spike is counted at the end of the step of 0.05 ms in which the potential rises through -20 mV, so late by up to
    # one; conductances as they were when each step began have cost no more by the fourth spike.
    assert sum(map(len, differences)) > 300
    assert np.abs(np.concatenate(differences)).max() < 0.1


def test_many_synapses_bring_all_neurons_into_step(dense):
    # Paper, Fig. 3: begun out of step, the network is synchronous after some cycles. Seeds 1–3: κ = 0.963–0.973.
    assert coherence(dense)[0] > 0.9


def test_in_step_they_fire_as_one_neuron_that_inhibits_itself(dense):
    # Neurons that do the same at all times get what they send: one neuron with a synapse onto itself has the rhythm.
    def rises(t, state, *_):
        return state[0] + 20

    rises.direction = 1
    own = np.array([[0.1 * (N - 1) / N]])
    solution = solve_ivp(network, (0, 500), [-60, 0.8, 0.1, 0], events=rises, args=(own, 1.0), rtol=1e-9, atol=1e-9)
    expected = 1e3 / np.diff(solution.t_events[0])[-5:].mean()
    assert expected == pytest.approx(39.17, abs=0.01)

    spikes = dense.recording.spikes["interneurons"]
    ticks = [spikes.ticks[(spikes.node_ids == neuron) & (spikes.ticks > 20_000)] for neuron in range(N)]
    intervals = np.concatenate([np.diff(train) for train in ticks]) * 0.05
    # The conductance is late by half a step of 0.05 ms on average, which is a thousandth of the period.
    assert 1e3 / intervals.mean() == pytest.approx(expected, rel=3e-3)


def test_enough_synapses_are_a_gamma_rhythm(state):
    # Paper, Figs. 3 and 5: some 60 contacts suffice, at about 39 Hz. Seeds 1–3: κ = 0.48–0.52, 38.5–38.7 Hz.
    sparse = state(60)
    assert coherence(sparse)[0] > 0.4
    assert rate(sparse) == pytest.approx(38.6, abs=0.5)
    rhythm = sparse.measure("interneurons", PeakFrequency())
    assert rhythm.value == pytest.approx(38.6, abs=4.5), "the resolution of one second"


@pytest.mark.parametrize(("m_syn", "spread"), [(20, 0), (N, 0.1)], ids=["few synapses", "different drives"])
def test_too_few_synapses_or_too_different_drives_leave_the_network_out_of_step(state, m_syn, spread):
    # Paper: a critical number of contacts (Fig. 5), and modest heterogeneity. Seeds 1–3: κ = 0.084–0.088 in both;
    # the rate of 34 Hz times the bin is 0.085.
    found, chance = coherence(state(m_syn, spread))
    assert found == pytest.approx(chance, rel=0.1)


def rates(v):
    """Opening and closing rates of the gates m, h, n in 1/ms: Wang & Buzsáki 1996, methods."""
    opening = (
        0.1 * (v + 35) / (1 - np.exp(-0.1 * (v + 35))),
        0.07 * np.exp(-(v + 58) / 20),
        0.01 * (v + 34) / (1 - np.exp(-0.1 * (v + 34))),
    )
    closing = (4 * np.exp(-(v + 60) / 18), 1 / (1 + np.exp(-0.1 * (v + 28))), 0.125 * np.exp(-(v + 44) / 80))
    return opening, closing


def network(t, state, g, drive):
    """Neurons and the gates of their synapses; mV, ms, µF/cm², mS/cm², µA/cm²; g with a row for each target."""
    v, h, n, s = state.reshape(4, -1)
    (a_m, a_h, a_n), (b_m, b_h, b_n) = rates(v)
    m = a_m / (a_m + b_m)
    current = 35 * m**3 * h * (55 - v) + 9 * n**4 * (-90 - v) + 0.1 * (-65 - v) + g @ s * (-75 - v) + drive
    slow = 5 * (a_h * (1 - h) - b_h * h), 5 * (a_n * (1 - n) - b_n * n)
    return np.concatenate([current, *slow, 12 / (1 + np.exp(-v / 2)) * (1 - s) - 0.1 * s])
