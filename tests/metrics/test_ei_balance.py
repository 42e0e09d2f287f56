"""Excitation against inhibition: from currents whose relation is known, and from spikes through delta synapses."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from snnrun.metrics.ei_balance import EiBalance
from snnrun.metrics.observation import Observation
from snnrun.results.recording import SynapseTable, Trace
from snnrun.units import quantity

DT = 1e-4
RAW = {"smoothing": quantity("0 ms")}


def _noise(seed, n_times=20_000, n_neurons=4):
    return np.random.default_rng(seed).normal(size=(n_times, n_neurons))


def _trace(data, unit="A"):
    return Trace(data, np.arange(data.shape[1]), np.arange(len(data)) * DT, unit)


@pytest.fixture
def measured(activity_of):
    def measure(currents, metric=None, start=0.0, duration=2.0):
        traces = {name: _trace(data) for name, data in currents.items()}
        return activity_of([[]] * 10, duration, start=start, dt=DT, traces=traces).measure(metric or EiBalance(**RAW))

    return measure


def test_inhibition_that_mirrors_excitation_two_milliseconds_later(measured):
    shared, lag = 5 + _noise(1), 20
    measurement = measured({"I_exc": shared[lag:], "I_inh": -0.8 * shared[:-lag]})
    series = measurement.series
    # White noise: nothing at lag 0, everything 2 ms later.
    assert measurement.value == pytest.approx(0, abs=4 / math.sqrt(4 * 20_000))
    assert series["peak"].data == pytest.approx([1] * 4, abs=0.01)
    assert series["peak_lag"].data == pytest.approx([2e-3] * 4)
    assert series["beta"].data == pytest.approx([0.2] * 4, abs=0.01)
    assert series["crosscorrelation"].data.argmax() == np.flatnonzero(np.isclose(series["lag"].data, 2e-3))[0]
    assert measurement.note == "excitation: I_exc; inhibition: I_inh"
    assert measurement.n_valid == 4


def test_exact_cancellation(measured):
    current = 5 + _noise(2)
    measurement = measured({"I_exc": current, "I_inh": -current})
    assert measurement.value == pytest.approx(1)
    assert measurement.series["beta"].data == pytest.approx([0] * 4, abs=1e-12)
    assert measurement.series["variance_ratio"].data == pytest.approx([0] * 4, abs=1e-12)


def test_independent_currents_of_equal_mean_are_loosely_balanced(measured):
    measurement = measured({"I_exc": 5 + _noise(3), "I_inh": -5 + _noise(4)})
    assert measurement.value == pytest.approx(0, abs=4 / math.sqrt(4 * 20_000))
    assert measurement.series["beta"].data == pytest.approx([0] * 4, abs=4 * math.sqrt(2 / 20_000) / 5)
    assert measurement.series["variance_ratio"].data == pytest.approx([1] * 4, abs=4 / math.sqrt(20_000))


def test_a_shared_part_is_the_correlation_that_smoothing_leaves_as_it_is(measured):
    shared = _noise(5)
    currents = {"I_exc": 9 + shared + _noise(6), "I_inh": -9 - shared + _noise(7)}
    raw, smooth = (measured(currents, metric).value for metric in (EiBalance(**RAW), EiBalance()))
    assert raw == pytest.approx(0.5, abs=4 / math.sqrt(80_000))
    # Smoothed over 2 √π σ = 10.6 ms there are 188 independent values in each of the 4 neurons.
    assert smooth == pytest.approx(0.5, abs=4 * 0.75 / math.sqrt(4 * 188))


def test_currents_are_told_apart_by_their_mean_and_added_up(measured):
    first, second = 5 + _noise(8), 3 + _noise(9)
    currents = {"I_a": first, "I_b": second, "I_c": -first - second, "I_total": first}
    measurement = measured(currents)
    assert measurement.value == pytest.approx(1)
    assert measurement.note == "excitation: I_a, I_b; inhibition: I_c"
    named = measured(currents, EiBalance(excitatory=("I_a",), inhibitory=("I_c",), **RAW))
    assert named.value == pytest.approx(1 / math.sqrt(2), abs=0.02)
    assert named.parameters["excitatory"] == "I_a"


def test_only_the_window_counts(measured):
    current = 5 + _noise(10)
    inhibition = np.where(np.arange(20_000)[:, np.newaxis] < 10_000, -5 + _noise(11), -current)
    assert measured({"I_e": current, "I_i": inhibition}, start=1.0, duration=1.0).value == pytest.approx(1)
    assert measured({"I_e": current, "I_i": inhibition}, duration=1.0).value < 0.1


@pytest.mark.parametrize(
    ("currents", "note"),
    [
        ({}, "no currents were recorded, and no delta synapses stored"),
        ({"v": 5 + _noise(1)}, "no currents were recorded, and no delta synapses stored"),
        ({"I_total": 5 + _noise(1)}, "no currents were recorded, and no delta synapses stored"),
        ({"I_a": 5 + _noise(1), "I_b": 5 + _noise(2)}, "all recorded currents have the same sign: I_a, I_b"),
    ],
)
def test_what_cannot_be_balanced_is_undefined(currents, note, measured):
    measurement = measured(currents)
    assert math.isnan(measurement.value)
    assert measurement.note == note


def test_a_current_that_was_not_recorded_is_named(measured):
    measurement = measured({"I_a": 5 + _noise(1)}, EiBalance(inhibitory=("I_gaba",)))
    assert measurement.note == "the current I_gaba was not recorded"


def test_currents_that_do_not_vary_have_no_correlation(measured):
    measurement = measured({"I_a": np.ones((20_000, 2)), "I_b": -np.ones((20_000, 2))})
    assert math.isnan(measurement.value)
    assert measurement.n_valid == 0
    assert measurement.series["beta"].data == pytest.approx([0, 0])
    assert np.isnan(measurement.series["variance_ratio"].data).all()


def _delta(source, source_ids, target_ids, weight, delay):
    arrays = [np.atleast_1d(np.asarray(each)) for each in (source_ids, target_ids, weight, delay)]
    return SynapseTable(source, "exc", *arrays, "V")


@pytest.fixture
def rebuilt(recording_of):
    """The balance of `exc`, from spikes of `exc` and `inh` and the synapses of both onto `exc`."""

    def measure(spikes, tables, metric=None, neuron=None, **rest):
        neuron = neuron or {"model": "lif", "tau_m": "20 ms"}
        spec = {"populations": {name: {"size": len(trains), "neuron": neuron} for name, trains in spikes.items()}}
        synapses = {f"{table.source}_to_all/{table.source}/exc": table for table in tables}
        recording = recording_of(spikes, 1.0, dt=DT, spec_resolved={**spec, **rest}, synapses=synapses)
        return Observation(recording).activity("exc").measure(metric or EiBalance(**RAW))

    return measure


def test_a_spike_through_a_delta_synapse_is_an_exponential_that_starts_when_it_arrives(rebuilt):
    # Excitation at 100 ms, delayed by 2 ms; inhibition at 110 ms, not delayed, half as strong.
    measurement = rebuilt(
        {"exc": [[0.1], []], "inh": [[0.11]]},
        [_delta("exc", [0], [1], 1e-3, 2e-3), _delta("inh", [0], [1], -0.5e-3, 0.0)],
    )
    time = np.arange(10_000) * DT
    excitation = np.where(time > 0.102 - DT / 2, 1e-3 * np.exp(-(time - 0.102) / 20e-3), 0)
    inhibition = np.where(time > 0.11 - DT / 2, -0.5e-3 * np.exp(-(time - 0.11) / 20e-3), 0)
    series = measurement.series
    assert series["correlation"].data[1] == pytest.approx(np.corrcoef(excitation, -inhibition)[0, 1])
    assert series["beta"].data[1] == pytest.approx((excitation + inhibition).mean() / excitation.mean())
    ratio = (excitation + inhibition).var() / (excitation.var() + inhibition.var())
    assert series["variance_ratio"].data[1] == pytest.approx(ratio)
    assert series["peak_lag"].data[1] == pytest.approx(8e-3)
    # What lies beyond the end is missing at a lag of 8 ms, for which the overlap makes up.
    assert series["peak"].data[1] == pytest.approx(1, abs=0.01)
    # Nothing arrives at neuron 0.
    assert np.isnan(series["correlation"].data[0])
    assert measurement.n_valid == 1
    assert measurement.value == series["correlation"].data[1]


def test_each_synapse_has_its_own_weight_and_delay(rebuilt):
    together = rebuilt(
        {"exc": [[0.1, 0.3], [0.2], []], "inh": [[0.105, 0.21, 0.303]]},
        [
            _delta("exc", [0, 1, 1], [2, 0, 2], [1e-3, 9e-3, 2e-3], [1e-3, 0, 4e-3]),
            _delta("inh", [0], [2], -1e-3, 1e-3),
        ],
    )
    time, tau = np.arange(10_000), 200

    def response(ticks, weights):
        return sum(w * np.exp(-(time - t) / tau) * (time >= t) for t, w in zip(ticks, weights, strict=True))

    excitation = response([1010, 3010, 2040], [1e-3, 1e-3, 2e-3])
    inhibition = response([1060, 2110, 3040], [-1e-3] * 3)
    expected = np.corrcoef(excitation, -inhibition)[0, 1]
    assert together.series["correlation"].data[2] == pytest.approx(expected)


def test_a_neuron_in_another_trial_counts_as_one_more(recording_of):
    # In the second trial inhibition arrives with excitation, in the first it does not arrive.
    recording = recording_of(
        {"exc": [[0.1, 0.2]], "inh": [[0.2]]}, 1.0, dt=DT,
        spec_resolved={"populations": {"exc": {"neuron": {"tau_m": "20 ms"}}}},
        synapses={"up": _delta("exc", [0], [0], 1e-3, 0.0), "down": _delta("inh", [0], [0], -1e-3, 0.0)},
    )  # fmt: skip
    spikes = {
        "exc": replace(recording.spikes["exc"], trial=np.array([0, 1])),
        "inh": replace(recording.spikes["inh"], trial=np.array([1])),
    }
    activity = Observation(replace(recording, spikes=spikes, trials=2)).activity("exc")
    series = activity.measure(EiBalance(**RAW)).series
    np.testing.assert_allclose(series["correlation"].data, [np.nan, 1])
    np.testing.assert_allclose(series["beta"].data, [1, 0], atol=1e-12)


def test_the_mean_of_poisson_input_counts_as_excitation(rebuilt):
    lif = {"model": "lif", "tau_m": "20 ms"}
    poisson = {"model": "poisson", "to": ["exc"], "rate": "10 Hz", "n": 100, "weight": "0.1 mV"}
    measurement = rebuilt(
        {"exc": [[0.1]], "inh": [[0.2]]}, [_delta("inh", [0], [0], -1e-3, 0.0)], neuron=lif, inputs={"drive": poisson}
    )
    inhibition = 1e-3 * np.exp(-np.arange(8000) / 200).sum() / 10_000
    # 100 · 10 Hz · 0.1 mV · 20 ms = 2 mV
    assert measurement.series["beta"].data == pytest.approx([(2e-3 - inhibition) / 2e-3])
    assert measurement.note == "from the spikes that arrive at 1 neurons, and the mean of what comes from outside"


def test_what_theory_cannot_tell_of_the_outside_is_left_out_and_said(rebuilt):
    measurement = rebuilt(
        {"exc": [[0.1]], "inh": [[0.2]]}, [_delta("inh", [0], [0], -1e-3, 0.0)], weather={"rain": True}
    )
    assert measurement.note.endswith("without what comes from outside ('weather' of the experiment)")


def test_a_membrane_without_one_time_constant_forgets_nobody_knows_how(rebuilt):
    table = _delta("exc", [0], [1], 1e-3, 0.0)
    for neuron in ({"model": "izhikevich"}, {"model": "lif", "tau_m": "normal(20 ms, 1 ms)"}):
        measurement = rebuilt({"exc": [[0.1], []]}, [table], neuron=neuron)
        assert measurement.note == "the neurons of 'exc' have no common time constant 'tau_m'"
