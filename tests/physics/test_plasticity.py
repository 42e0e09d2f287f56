"""What trains of spikes do to plastic synapses, against the equations of the papers evaluated one spike at a time."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.reproduce import reproduce
from snnrun.results.store import write_recording

pytestmark = pytest.mark.physics

DT = 0.1
"""Milliseconds."""
DELAY = 2.0
PUSH = 1
"""Steps between the push that a listener gets and its spike."""
OFFSETS = np.array([*range(-50, 0, 5), 0, *range(5, 55, 5)], dtype=float)
"""Milliseconds from the spike of the source to that of the target."""
RATES = np.array([5.0, 10.0, 20.0, 50.0])
START = 0.4
"""Weights at the start, in units of the largest."""

PAIRS = "{{from: pair_source, to: pair_target, connectivity: {{rule: one_to_one}}, synapse: {{{}}}}}"
TRAINS = "{{from: train_source, to: train_target, connectivity: {{rule: one_to_one}}, synapse: {{{}}}}}"
RHYTHMS = "{{from: rhythm, to: {}, connectivity: {{rule: one_to_one}}, synapse: {{model: delta, weight: 1 mV, {}}}}}"
SMALL = "model: exponential_current, weight: 0.4 pA"
TRIPLET = (
    "rule: stdp_triplet, w_max: 1 pA, a2_plus: 0.004, a3_plus: 0.006, a2_minus: 0.005, a3_minus: 0.003, tau_x: 101 ms, "
    "tau_y: 125 ms"
)
VOGELS = "rule: inhibitory_stdp, rho_0: 20 Hz"

NETWORK = f"""
snnrun: 1
populations:
  pair_source: {{size: {len(OFFSETS)}, neuron: {{model: spike_generator, file: pair_source.csv}}}}
  pair_target:
    size: {len(OFFSETS)}
    neuron: &relay {{model: lif, v_rest: 0 mV, v_thresh: 10 mV, v_reset: 0 mV, tau_refrac: 0 ms}}
  train_source: {{size: 6, neuron: {{model: spike_generator, file: train_source.csv}}}}
  train_target: {{size: 6, neuron: *relay}}
  rhythm: {{size: {len(RATES)}, neuron: {{model: spike_generator, file: rhythm.csv}}}}
  facilitated: {{size: {len(RATES)}, neuron: &passive {{model: lif, tau_m: 20 ms, v_rest: 0 mV, v_thresh: 1 V}}}}
  depressed: {{size: {len(RATES)}, neuron: *passive}}
  static: {{size: {len(RATES)}, neuron: *passive}}
inputs:
  pair_push:
    {{to: pair_target, model: spike_times, file: pair_target.csv, synapse: &push {{model: delta, weight: 20 mV}}}}
  train_push: {{to: train_target, model: spike_times, file: train_target.csv, synapse: *push}}
projections:
  additive: {PAIRS.format(SMALL + ", delay: 2 ms, plasticity: {rule: stdp, w_max: 1 pA, tau_minus: 30 ms}")}
  multiplicative: {PAIRS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA, bounds: multiplicative}")}
  mixed: {PAIRS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA, bounds: mixed}")}
  all: {TRAINS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA}")}
  nearest: {TRAINS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA, pairing: nearest}")}
  strong: {TRAINS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA, a_plus: 0.5, a_minus: 0.5}")}
  late: {TRAINS.format(SMALL + ", plasticity: {rule: stdp, w_max: 1 pA, learning_rate: 0}")}
  triplet: {TRAINS.format(f"{SMALL}, plasticity: {{{TRIPLET}}}")}
  triplet_nearest: {TRAINS.format(f"{SMALL}, plasticity: {{{TRIPLET}, pairing: nearest}}")}
  inhibitory: {
    TRAINS.format(
        "model: exponential_conductance, weight: 0.4 pS, e_rev: -1 mV, "
        f"plasticity: {{{VOGELS}, eta: 0.01 pS, w_max: 1 pS}}"
    )
}
  inhibitory_delta: {
    TRAINS.format(f"model: delta, weight: -0.4 uV, plasticity: {{{VOGELS}, eta: 0.01 uV, w_max: -1 uV}}")
}
  facilitating: {
    RHYTHMS.format("facilitated", "plasticity: {rule: short_term, U: 0.1, tau_rec: 100 ms, tau_facil: 200 ms}")
}
  depressing: {RHYTHMS.format("depressed", "plasticity: {rule: short_term, U: 0.5, tau_rec: 150 ms}")}
  constant: {RHYTHMS.format("static", "plasticity: {rule: short_term, U: 0.5, tau_rec: 150 ms, active: 0}")}
phases:
  learning: {{start: 1 s, set: {{projections.late.synapse.plasticity.learning_rate: 1}}}}
simulation: {{duration: 4 s, dt: 0.1 ms, seed: 11}}
record:
  traces: {{facilitated: &v {{variables: v, neurons: {len(RATES)}}}, depressed: *v, static: *v}}
  weights:
    additive: &once {{}}
    multiplicative: *once
    mixed: *once
    all: {{every: 1.5 s}}
    nearest: *once
    strong: {{every: 10 ms}}
    late: {{every: 1 s}}
    triplet: *once
    triplet_nearest: *once
    inhibitory: *once
    inhibitory_delta: *once
"""


def write_spikes(path, ticks_of_each, shift=0):
    rows = [f"{neuron},{(tick - shift) * DT:.1f}" for neuron, ticks in enumerate(ticks_of_each) for tick in ticks]
    path.write_text("\n".join(["node_id,time", *rows]) + "\n")


@pytest.fixture(scope="module")
def trains():
    """Ticks of the sources and targets of six synapses; of some, spikes of both fall into one step."""
    random = np.random.default_rng(5)
    source, target = ([np.flatnonzero(random.random(20_000) < 0.002) + 10 for _ in range(6)] for _ in range(2))
    target = [np.union1d(one, random.choice(other, 4)) for one, other in zip(target, source, strict=True)]
    return source, target


@pytest.fixture(scope="module")
def folder(trains, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plasticity")
    write_spikes(folder / "pair_source.csv", [[2000]] * len(OFFSETS))
    write_spikes(folder / "pair_target.csv", [[2000 + round(offset / DT)] for offset in OFFSETS], PUSH)
    write_spikes(folder / "train_source.csv", trains[0])
    write_spikes(folder / "train_target.csv", trains[1], PUSH)
    write_spikes(folder / "rhythm.csv", [np.arange(100, 40_000, round(1e4 / rate)) for rate in RATES])
    return folder


@pytest.fixture(scope="module")
def recording(record, folder):
    return record(NETWORK, folder=folder)


@pytest.fixture(scope="module")
def final(recording):
    """Weights at the end of the run, in units of the largest, in the order of the neurons."""

    def final(projection):
        (history,) = (one for name, one in recording.weights.items() if name.startswith(f"{projection}/"))
        assert np.array_equal(history.source_ids, np.arange(history.data.shape[1]))
        assert np.array_equal(history.source_ids, history.target_ids)
        assert history.time[-1] == pytest.approx(4)
        return history.data[-1] / (history.data[0] / START)

    return final


def test_the_spikes_are_those_that_were_asked_for(recording, trains):
    for population, expected in zip(("train_source", "train_target"), trains, strict=True):
        spikes = recording.spikes[population]
        for neuron, ticks in enumerate(expected):
            assert np.array_equal(spikes.ticks[spikes.node_ids == neuron], ticks)
    coincidences = [len(np.intersect1d(one, other)) for one, other in zip(*trains, strict=True)]
    assert min(coincidences) >= 3, "steps in which both sides fire are among them"


def window(offset, potentiation, depression, tau_plus=20, tau_minus=20):
    return np.where(offset >= 0, potentiation * np.exp(-offset / tau_plus), -depression * np.exp(offset / tau_minus))


def test_the_window_of_one_pair_is_two_exponentials_of_the_time_from_arrival_to_spike(final):
    # Song, Miller & Abbott 2000; the spike of the source counts after its delay.
    change = final("additive") - START
    np.testing.assert_allclose(change, window(OFFSETS - DELAY, 0.005, 0.00525, tau_minus=30), atol=1e-14)


def test_multiplicative_changes_shrink_towards_both_bounds(final):
    # Rubin, Lee & Sompolinsky 2001.
    change = final("multiplicative") - START
    np.testing.assert_allclose(change, window(OFFSETS, 0.005 * (1 - START), 0.00525 * START), atol=1e-14)


def test_mixed_bounds_shrink_depression_alone(final):
    # van Rossum, Bi & Turrigiano 2000.
    change = final("mixed") - START
    np.testing.assert_allclose(change, window(OFFSETS, 0.005, 0.00525 * START), atol=1e-14)


def evaluated(trains, at_source, at_target):
    """Weights after trains of spikes: each spike adds what the rule says, and the weight stays in its bounds.

    The rules are given the earlier spikes of both sides in milliseconds before the present one, which is not among
    them; of two in one step, that of the source is the earlier.
    """
    weights = []
    for source, target in zip(*trains, strict=True):
        weight = START
        for tick, is_target in sorted([*((tick, False) for tick in source), *((tick, True) for tick in target)]):
            own, other = (target, source) if is_target else (source, target)
            before = DT * (tick - own[own < tick])
            across = DT * (tick - (other[other <= tick] if is_target else other[other < tick]))
            change = at_target(across, before, tick) if is_target else at_source(across, before, tick)
            weight = min(max(weight + change, 0), 1)
        weights.append(weight)
    return np.array(weights)


def all_of(ages, tau):
    return np.exp(-ages / tau).sum()


def last_of(ages, tau):
    return np.exp(-ages.min() / tau) if len(ages) else 0.0


def stdp(trace, a_plus=0.005, a_minus=0.00525, starts=0):
    return (
        lambda targets, _, tick: -a_minus * trace(targets, 20) * (tick >= starts),
        lambda sources, _, tick: a_plus * trace(sources, 20) * (tick >= starts),
    )


def triplet(trace):
    # Pfister & Gerstner 2006, eqs 3 and 4.
    return (
        lambda targets, sources, _: -trace(targets, 33.7) * (0.005 + 0.003 * trace(sources, 101)),
        lambda sources, targets, _: trace(sources, 16.8) * (0.004 + 0.006 * trace(targets, 125)),
    )


def vogels():
    # Vogels et al. 2011: alpha = 2 rho_0 tau.
    alpha = 2 * 20e-3 * 20
    return (
        lambda targets, _, __: 0.01 * (all_of(targets, 20) - alpha),
        lambda sources, _, __: 0.01 * all_of(sources, 20),
    )


@pytest.mark.parametrize(
    ("projection", "rule"),
    [
        ("all", stdp(all_of)),
        ("nearest", stdp(last_of)),
        ("strong", stdp(all_of, 0.5, 0.5)),
        ("late", stdp(all_of, starts=10_000)),
        ("triplet", triplet(all_of)),
        ("triplet_nearest", triplet(last_of)),
        ("inhibitory", vogels()),
        ("inhibitory_delta", vogels()),
    ],
)
def test_trains_of_spikes_change_weights_as_the_paper_says(final, trains, projection, rule):
    np.testing.assert_allclose(final(projection), evaluated(trains, *rule), atol=1e-12)


def test_pairing_matters(final):
    assert np.all(np.abs(final("all") - final("nearest")) > 1e-4)
    assert np.all(np.abs(final("triplet") - final("triplet_nearest")) > 1e-4)


def test_weights_stay_in_their_bounds_and_reach_them(recording):
    weights = recording.weights["strong/train_source/train_target"].data * 1e12
    assert weights.min() == 0
    assert weights.max() == 1


def test_a_rule_is_off_until_a_phase_turns_it_on(recording):
    history = recording.weights["late/train_source/train_target"]
    np.testing.assert_allclose(history.time, [0, 1, 2, 3, 4])
    assert np.array_equal(history.data[0], history.data[1])
    assert np.all(history.data[1] != history.data[2])


def test_snapshots_are_taken_at_the_start_at_each_interval_and_at_the_end(recording):
    history = recording.weights["all/train_source/train_target"]
    np.testing.assert_allclose(history.time, [0, 1.5, 3, 4])
    assert history.unit == "A"
    assert np.all(history.data[0] == 0.4e-12)
    np.testing.assert_allclose(recording.weights["mixed/pair_source/pair_target"].time, [0, 4])


def test_weights_over_time_are_stored_and_reproduced(recording, folder, tmp_path):
    write_recording(recording, tmp_path / "recording.h5")
    found = {one.dataset: one for one in reproduce(tmp_path / "recording.h5", folder).comparisons}
    assert found["weights/strong/train_source/train_target/weight"].n == 401 * 6
    assert not any(one.difference for one in found.values())


@pytest.fixture(scope="module")
def amplitudes(recording):
    """Steps of the potential at each spike of a rhythm, in millivolts."""

    def amplitudes(population, index):
        v = recording.traces[population]["v"].data[:, index] * 1e3
        ticks = recording.spikes["rhythm"].ticks[recording.spikes["rhythm"].node_ids == index]
        return v[ticks + 1] - v[ticks] * np.exp(-DT / 20)

    return amplitudes


@pytest.mark.parametrize("index", range(len(RATES)))
def test_facilitation_follows_its_recursion_from_the_first_spike_on(amplitudes, index):
    # Tsodyks, Pawelzik & Markram 1998, from one spike of a rhythm to the next.
    interval, x, u, expected = 1e3 / RATES[index], 1.0, 0.1, []
    found = amplitudes("facilitated", index)
    for _ in found:
        expected.append(u * x)
        x = 1 - (1 - x * (1 - u)) * np.exp(-interval / 100)
        u = 0.1 + u * (1 - 0.1) * np.exp(-interval / 200)
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("index", range(len(RATES)))
def test_depression_reaches_its_steady_state(amplitudes, index):
    # Tsodyks & Markram 1997: the fixed point of x → 1 - (1 - x (1 - U)) exp(-T/tau_rec); 4 s are 26 tau_rec.
    recovery = np.exp(-1e3 / RATES[index] / 150)
    found = amplitudes("depressed", index)
    assert found[0] == pytest.approx(0.5, abs=1e-12)
    assert found[-1] == pytest.approx(0.5 * (1 - recovery) / (1 - 0.5 * recovery), rel=1e-6)


@pytest.mark.parametrize("index", range(len(RATES)))
def test_facilitation_reaches_its_steady_state(amplitudes, index):
    # The fixed points of both recursions above; facilitation of 200 ms needs 20 time constants.
    interval = 1e3 / RATES[index]
    u = 0.1 / (1 - 0.9 * np.exp(-interval / 200))
    x = (1 - np.exp(-interval / 100)) / (1 - (1 - u) * np.exp(-interval / 100))
    assert amplitudes("facilitated", index)[-1] == pytest.approx(u * x, rel=1e-6)


@pytest.mark.parametrize("index", range(len(RATES)))
def test_switched_off_each_spike_is_as_the_first(amplitudes, index):
    np.testing.assert_allclose(amplitudes("static", index), 0.5, atol=1e-12)
