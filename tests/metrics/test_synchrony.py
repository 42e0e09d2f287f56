from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics import synchrony as module
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.synchrony import Synchrony, smoothed_trains, synchrony
from snnrun.results.recording import Trace
from snnrun.units import quantity


def _trace(data, dt=1e-3):
    return Trace(data, np.arange(data.shape[1]), np.arange(len(data)) * dt, "V")


@pytest.mark.parametrize("n_neurons", [25, 400])
def test_independent_neurons_have_one_over_root_n(n_neurons, renewal):
    duration = 20.0
    value = renewal(n_neurons, 20, duration).measure(Synchrony()).value
    # The mean keeps T / (2√π σ) independent values, of which a variance is known to √(2/n), and its root to half of it.
    independent = duration / (2 * math.sqrt(math.pi) * 5e-3)
    assert value == pytest.approx(1 / math.sqrt(n_neurons), rel=4 * math.sqrt(1 / (2 * independent)))


def test_identical_neurons_have_one(activity_of):
    train = np.sort(np.random.default_rng(1).uniform(0, 1, 20))
    assert activity_of([train] * 10, 1.0).measure(Synchrony()).value == pytest.approx(1)


def test_two_independent_groups_of_identical_neurons_have_one_over_root_two(activity_of):
    random = np.random.default_rng(2)
    groups = [np.sort(random.uniform(0, 100, 2000)) for _ in range(2)]
    value = activity_of([groups[i % 2] for i in range(20)], 100.0, dt=1e-4).measure(Synchrony()).value
    independent = 100.0 / (2 * math.sqrt(math.pi) * 5e-3)
    assert value == pytest.approx(1 / math.sqrt(2), rel=4 / math.sqrt(independent))


def test_the_membrane_potential_is_preferred_and_the_note_says_so(activity_of):
    noise = np.random.default_rng(3).normal(-0.06, 0.005, (10_000, 16))
    activity = activity_of([[0.1]] * 30, 10.0, traces={"v": _trace(noise)})
    measurement = activity.measure(Synchrony())
    assert measurement.value == pytest.approx(1 / 4, rel=4 / math.sqrt(2 * 10_000))
    assert measurement.n_valid == 16
    assert measurement.note == "from the membrane potentials of 16 neurons"


def test_only_potentials_in_the_window_count(activity_of):
    together_then_apart = np.random.default_rng(4).normal(size=(2000, 4))
    together_then_apart[:1000] = together_then_apart[:1000, :1]
    traces = {"v": _trace(together_then_apart)}
    assert activity_of([[]] * 4, 1.0, traces=traces).measure(Synchrony()).value == pytest.approx(1)
    assert activity_of([[]] * 4, 1.0, start=1.0, traces=traces).measure(Synchrony()).value < 0.6


def test_the_window_of_potentials_is_exact_to_the_sample(activity_of):
    # 7 · 0.1 s is not 0.7 s in the computer. Samples next to the window would bring a common jump into it.
    data = np.random.default_rng(8).normal(size=(10_000, 4))
    data[:7000] = data[8000:] = 1000
    activity = activity_of([[]] * 4, 0.1, start=0.7, traces={"v": _trace(data, dt=1e-4)})
    assert activity.measure(Synchrony()).value == pytest.approx(0.5, rel=4 / math.sqrt(2 * 1000))
    data[7000], data[7999] = 1000, -1000
    activity = activity_of([[]] * 4, 0.1, start=0.7, traces={"v": _trace(data, dt=1e-4)})
    assert activity.measure(Synchrony()).value > 0.99


def test_a_spike_counts_fully_wherever_it_is_in_the_window(activity_of):
    binned = activity_of([[0.0], [0.5], [0.9995]], 1.0).binned(quantity("1 ms"))
    (block,) = smoothed_trains(binned, 5.0)
    np.testing.assert_allclose(block.sum(axis=1), 1)
    np.testing.assert_allclose(block.var(axis=1), block[1].var())


def test_a_single_potential_is_not_enough_and_the_spikes_are_taken(activity_of):
    traces = {"v": _trace(np.random.default_rng(5).normal(size=(1000, 1)))}
    activity = activity_of([[0.1, 0.4]] * 3, 1.0, traces=traces)
    measurement = activity.measure(Synchrony())
    assert measurement.value == pytest.approx(1)
    assert measurement.note == "from the spike trains of 3 of 3 neurons, smoothed with σ = 5 ms"
    assert not activity.measure(Synchrony(signal="v")).is_defined


def test_potentials_that_do_not_vary_have_none(activity_of):
    traces = {"v": _trace(np.full((1000, 5), -0.07))}
    assert not activity_of([[]] * 5, 1.0, traces=traces).measure(Synchrony()).is_defined


def test_a_large_population_is_sampled(renewal):
    measurement = renewal(60, 20, 5).measure(Synchrony(neurons=20))
    assert measurement.n_valid == 20
    assert measurement.value == pytest.approx(1 / math.sqrt(20), rel=0.25)
    assert measurement.note.startswith("from the spike trains of 20 of 60 neurons")


def test_blocks_of_neurons_give_what_all_at_once_give(renewal, monkeypatch):
    whole = renewal(30, 20, 2).measure(Synchrony()).value
    monkeypatch.setattr(module, "_BLOCK_SIZE", 7 * 2000)
    assert renewal(30, 20, 2).measure(Synchrony()).value == pytest.approx(whole, rel=1e-12)


def test_chi_by_hand():
    # ⟨x⟩ = 1/2, 1/2, 1, 0: variance 1/8; each has 1/4.
    signals = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]])
    assert synchrony([signals]) == pytest.approx(math.sqrt(1 / 2))


def test_independent_neurons_are_uncorrelated(renewal):
    n_neurons, duration = 100, 20.0
    measurement = renewal(n_neurons, 20, duration).measure(Correlation())
    # r of L bins has the variance 1/L, and pairs are uncorrelated.
    for value, bin_width in zip(measurement.series["correlation"].data, [2e-3, 0.1], strict=True):
        assert abs(value) < 4 / math.sqrt(duration / bin_width * n_neurons * (n_neurons - 1) / 2)
    assert measurement.n_valid == 4950


def test_identical_neurons_are_fully_correlated(activity_of):
    train = np.sort(np.random.default_rng(6).uniform(0, 1, 20))
    assert activity_of([train] * 5, 1.0).measure(Correlation()).value == pytest.approx(1)


def test_neurons_that_copy_a_common_train_correlate_with_the_chance_to_copy(activity_of):
    # Each copies every spike of a mother process with probability c: r = c (Kuhn, Aertsen & Rotter 2003, SIP).
    random, chance, duration = np.random.default_rng(7), 0.3, 60.0
    mother = np.sort(random.uniform(0, duration, 3000))
    trains = [mother[random.random(len(mother)) < chance] for _ in range(50)]
    measurement = activity_of(trains, duration, dt=1e-4).measure(Correlation())
    # The common signal carries some 3000 events.
    np.testing.assert_allclose(measurement.series["correlation"].data, chance, rtol=4 * math.sqrt(2 / 3000) + 0.05)


def test_the_mean_over_pairs_is_that_of_the_matrix(renewal):
    activity = renewal(12, 30, 3)
    counts = np.zeros((12, 1500))
    np.add.at(counts, (activity.spikes.node_ids, activity.spikes.ticks // 200), 1)
    matrix = np.corrcoef(counts)
    expected = matrix[np.triu_indices(12, 1)].mean()
    assert activity.measure(Correlation()).value == pytest.approx(expected, abs=1e-12)


def test_neurons_that_do_not_vary_are_left_out_and_counted(activity_of):
    train = [0.1, 0.35, 0.36]
    regular = np.arange(0.001, 1, 0.002)
    measurement = activity_of([train, [], train, regular], 1.0).measure(Correlation(long_bin=quantity("50 ms")))
    assert measurement.value == pytest.approx(1)
    assert measurement.n_valid == 1
    assert measurement.note == "2 neurons whose count does not vary are left out"
