"""Squid axon and integrate-and-fire neuron in the same currents: where and how fast firing begins."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = pytest.mark.physics

STEP = 0.25
"""µA/cm² from one neuron to the next; the patch has 20 000 µm², so that is 50 pA."""


@pytest.fixture(scope="module")
def recording(record):
    settings = {"simulation.duration": "1.5 s"}
    return record("single_neurons/currents_and_spikes.yaml", settings=settings)


@pytest.fixture(scope="module")
def trains(recording):
    """Spike times in ms of each neuron of a population."""

    def trains(population):
        spikes = recording.spikes[population]
        return [spikes.ticks[spikes.node_ids == neuron] * 0.01 for neuron in range(spikes.n_recorded)]

    return trains


def settled_rate(train):
    """Hertz, from the intervals after half a second; 0 for a neuron that has fallen silent."""
    late = train[train > 500]
    return 1e3 / np.diff(late).mean() if len(late) > 2 else 0.0


def test_the_squid_axon_begins_to_fire_at_a_high_rate(trains):
    # Class 2 (Hodgkin 1948): no rate between 0 and more than 50 Hz. Solved by SciPy (DOP853, tolerance 1e-9), the axon
    # falls silent at 6.25 µA/cm² and fires at 55.06 Hz at 6.5.
    rates = np.array([settled_rate(train) for train in trains("squid_axon")])
    first = np.flatnonzero(rates)[0]
    assert first * STEP == 6.5
    assert rates[first] == pytest.approx(55.06, abs=0.06)
    assert np.all(np.diff(rates[first:]) > 0)


def test_below_its_rheobase_it_answers_with_a_few_spikes(trains):
    # The same solution has 8 spikes at 6.25 µA/cm², none at 2.
    counts = [len(train) for train in trains("squid_axon")]
    assert counts[25] == 8
    assert counts[8] == 0


@pytest.mark.parametrize(("drive", "rate"), [(10, 68.32), (15, 78.65), (20, 86.47)])
def test_its_rates_are_those_of_a_fine_integration(trains, drive, rate):
    assert settled_rate(trains("squid_axon")[round(drive / STEP)]) == pytest.approx(rate, abs=0.06)


def test_the_integrate_and_fire_neuron_has_the_rates_of_its_closed_form(trains):
    # Neuronal Dynamics, ch. 1.3: 1 / (τ_ref + τ_m ln(I / (I - I_rheobase))), each of both times on the grid of 0.01 ms.
    refractory = 1e3 / 86.5 - 10 * np.log(4 / 2.75)
    for neuron, train in enumerate(trains("integrate_fire")):
        current = 0.05 * neuron
        if current <= 1.25:
            assert len(train) == 0
        else:
            interval = refractory + 10 * np.log(current / (current - 1.25))
            assert np.diff(train).mean() == pytest.approx(interval, abs=0.02)


def test_the_two_agree_where_they_were_made_to_and_only_there(trains):
    squid, lif = ([settled_rate(train) for train in trains(name)] for name in ("squid_axon", "integrate_fire"))
    assert np.flatnonzero(squid)[0] == np.flatnonzero(lif)[0]
    assert squid[-1] == pytest.approx(lif[-1], rel=2e-3)
    assert squid[26] > 2 * lif[26]
