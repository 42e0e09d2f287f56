"""How well spike times are repeated from trial to trial."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.metrics.activity import Activity
from snnrun.metrics.event_precision import EventPrecision
from snnrun.metrics.event_reliability import EventReliability
from snnrun.metrics.schreiber_reliability import SchreiberReliability
from snnrun.metrics.spike_jitter import SpikeJitter
from snnrun.results.recording import SpikeTrains
from snnrun.units import Quantity, quantity

DT = 1e-4
ACROSS = [SchreiberReliability, EventReliability, EventPrecision, SpikeJitter]


def trials_of(*neurons, duration=1.0):
    """Activity from the spike times, in seconds, of each trial of each neuron."""
    spikes = [
        (trial, round(time / DT), neuron)
        for neuron, trials in enumerate(neurons)
        for trial, times in enumerate(trials)
        for time in times
    ]
    columns = np.array(sorted(spikes), dtype=np.int64).reshape(-1, 3)
    trains = SpikeTrains(columns[:, 1], columns[:, 2], len(neurons), DT, 0, round(duration / DT), columns[:, 0])
    return Activity("exc", trains, n_trials=max(map(len, neurons), default=1))


def jittered(times, sd, n_trials, seed=1):
    random = np.random.default_rng(seed)
    return [np.sort(np.asarray(times) + sd * random.standard_normal(len(times))) for _ in range(n_trials)]


EVENTS = np.arange(0.05, 0.95, 0.1)


@pytest.mark.parametrize("metric", ACROSS)
def test_one_trial_is_compared_with_nothing(metric, renewal):
    measured = renewal(3, 20.0, 1.0).measure(metric())
    assert not measured.is_defined
    assert measured.n_valid == 0
    assert measured.note == "one trial has no other to be compared with"


@pytest.mark.parametrize("metric", ACROSS)
def test_trials_without_spikes_are_undefined(metric):
    assert not trials_of([[], [], []]).measure(metric()).is_defined


def test_identical_trials_are_reliable_and_precise():
    activity = trials_of([EVENTS] * 10)
    assert activity.measure(SchreiberReliability()).value == pytest.approx(1)
    assert activity.measure(EventReliability()).value == 1
    assert activity.measure(EventPrecision()).value == pytest.approx(0, abs=1e-12)
    assert activity.measure(SpikeJitter()).value == pytest.approx(0, abs=1e-12)


def test_schreiber_by_hand():
    # Two spikes Δ apart, each smoothed with σ: exp(-Δ²/4σ²).
    measured = trials_of([[0.5], [0.504]]).measure(SchreiberReliability())
    assert measured.value == pytest.approx(np.exp(-(4**2) / (4 * 3**2)))
    sigma = measured.series["sigma"].data
    np.testing.assert_allclose(measured.series["reliability"].data, np.exp(-(0.004**2) / (4 * sigma**2)), atol=1e-12)
    assert (sigma[0], sigma[-1], len(sigma)) == (pytest.approx(1e-3), pytest.approx(30e-3), 30)


def test_schreiber_is_the_cosine_of_smoothed_trains():
    trials = [np.sort(np.random.default_rng(seed).uniform(0.2, 0.8, 12)).round(4) for seed in range(4)]
    time = np.arange(0, 1, 1e-4)
    for sigma in (0.003, 0.020):
        smoothed = [np.exp(-((time - trial[:, None]) ** 2) / (2 * sigma**2)).sum(axis=0) for trial in trials]
        cosines = np.corrcoef(smoothed) * 0
        for i, one in enumerate(smoothed):
            for j, other in enumerate(smoothed):
                cosines[i, j] = one @ other / np.sqrt((one @ one) * (other @ other))
        expected = cosines[np.triu_indices(4, k=1)].mean()
        measured = trials_of(trials).measure(SchreiberReliability(sigma=Quantity(sigma, quantity("1 s").dimension)))
        assert measured.value == pytest.approx(expected, rel=1e-6)


def test_the_end_of_a_trial_is_far_from_its_beginning():
    assert trials_of([[0.0], [0.9999]]).measure(SchreiberReliability()).value == pytest.approx(0, abs=1e-12)


def test_an_empty_trial_is_unreliable_and_counted():
    measured = trials_of([[0.5], [0.5], []]).measure(SchreiberReliability())
    assert measured.value == pytest.approx(1 / 3)
    assert measured.n_valid == 3


def test_neurons_are_averaged_and_silent_ones_left_out():
    measured = trials_of([[0.5], [0.5]], [[0.2], [0.7]], [[], []]).measure(SchreiberReliability())
    np.testing.assert_allclose(measured.series["of_neuron"].data, [1, 0, np.nan], atol=1e-12)
    assert measured.value == pytest.approx(0.5)
    assert measured.n_valid == 2


def test_events_are_found_where_trials_agree():
    activity = trials_of([[*EVENTS[:3], 0.4 + 0.01 * trial] for trial in range(50)])
    measured = activity.measure(EventReliability())
    assert measured.value == pytest.approx(3 / 4)
    start, stop = measured.series["event_start"].data, measured.series["event_stop"].data
    assert len(start) == 3
    assert ((start <= EVENTS[:3]) & (EVENTS[:3] < stop)).all()
    assert measured.series["event_n_spikes"].data.tolist() == [50, 50, 50]
    assert measured.series["event_neuron"].data.tolist() == [0, 0, 0]


def test_a_lone_spike_is_an_event_without_precision_where_spikes_are_rare():
    activity = trials_of([[0.2], [0.5], [0.8]])
    reliability, precision = activity.measure(EventReliability()), activity.measure(EventPrecision())
    assert reliability.value == 1
    assert reliability.note == "3 trials; neurons that spike so rarely that a lone spike makes an event: 1"
    assert np.isnan(precision.series["event_sd"].data).all()
    assert not precision.is_defined
    assert trials_of([EVENTS] * 25).measure(EventReliability()).note == "25 trials"


def test_the_end_of_the_psth_is_not_continued_by_its_beginning():
    psth = trials_of([[0.0]] * 10).measure(EventReliability()).series["psth"].data[0]
    assert psth[0] == psth.max()
    assert psth[-1] == 0


def test_the_psth_is_the_rate_of_a_trial():
    series = trials_of([[*EVENTS]] * 4, [[0.3]] * 4).measure(EventReliability()).series
    assert series["psth"].data.shape == (2, 1000)
    np.testing.assert_allclose(series["psth"].data.sum(axis=1) * 1e-3, [9, 1])
    assert series["time"].data[series["psth"].data[1].argmax()] == pytest.approx(0.3, abs=1e-3)


def test_precision_is_the_jitter_that_was_put_in():
    # 9 events of 200 spikes: the SD of each is known to 5 %, their mean to 1.7 %; the bound is three times that.
    activity = trials_of(jittered(EVENTS, 0.5e-3, 200))
    assert activity.measure(EventReliability()).value > 0.98
    assert activity.measure(EventPrecision()).value == pytest.approx(0.5e-3, rel=0.05)
    assert activity.measure(EventPrecision()).unit == "s"


def test_spikes_at_any_time_are_in_no_events():
    random = np.random.default_rng(3)
    activity = trials_of([np.sort(random.uniform(0, 1, random.poisson(20))) for _ in range(200)])
    assert activity.measure(EventReliability()).value == 0
    assert not activity.measure(EventPrecision()).is_defined


def test_events_do_not_depend_on_where_the_window_begins():
    whole = trials_of(jittered(EVENTS, 0.5e-3, 20))
    late = Activity("exc", whole.spikes.between(1000, 8000), n_trials=20)
    starts = late.measure(EventPrecision()).series["event_start"].data
    np.testing.assert_allclose(starts, whole.measure(EventPrecision()).series["event_start"].data[1:8], atol=1e-3)


def test_jitter_of_clocks_with_noise_grows_as_the_root_of_the_index():
    # Each interval adds its own variance. 400 trials: each SD is known to 3.5 %; the bound is three times that.
    random = np.random.default_rng(4)
    intervals = 0.02 + 0.001 * random.standard_normal((400, 40))
    measured = trials_of(list(np.cumsum(intervals, axis=1))).measure(SpikeJitter())
    index, sd = measured.series["index"].data, measured.series["sd"].data
    np.testing.assert_allclose(sd[:40], 0.001 * np.sqrt(index[:40]), rtol=0.11)
    assert measured.value == pytest.approx(sd[39])


def test_jitter_is_told_up_to_where_enough_trials_come():
    activity = trials_of([[0.1, 0.2, 0.3], [0.1, 0.204], [0.1, 0.206, 0.35, 0.4], [0.1, 0.21]])
    measured = activity.measure(SpikeJitter())
    assert measured.series["n"].data.tolist() == [4, 4, 2, 1]
    np.testing.assert_allclose(
        measured.series["sd"].data, [0, np.std([0.2, 0.204, 0.206, 0.21]), 0.025, np.nan], atol=1e-12
    )
    assert measured.value == pytest.approx(np.std([0.2, 0.204, 0.206, 0.21]))
    assert activity.measure(SpikeJitter(reached_by=Quantity(0.5))).value == pytest.approx(0.025)
    # A silent trial reaches nothing.
    assert not trials_of([[0.1], [0.1], []]).measure(SpikeJitter()).is_defined


def leaky_neuron(current, n_trials, seed):
    """Trials of a leaky integrate-and-fire neuron with private noise, as in Brian's example of spike time reliability.

    dx/dt = (0.9 + current/2 - x)/τ + 0.015 √(2/τ) ξ with τ = 10 ms, threshold 1, reset to 0, refractory for 5 ms.
    """
    random = np.random.default_rng(seed)
    step = DT / 10e-3
    x, last = random.random(n_trials), np.full(n_trials, -np.inf)
    times = [[] for _ in range(n_trials)]
    for tick, value in enumerate(current):
        noise = 0.015 * np.sqrt(2 * step) * random.standard_normal(n_trials)
        x += np.where(tick * DT - last >= 5e-3, (0.9 + value / 2 - x) * step + noise, 0)
        for trial in np.flatnonzero(x > 1):
            x[trial], last[trial] = 0, tick * DT
            times[trial].append(tick * DT)
    whole = trials_of(times, duration=len(current) * DT)
    return Activity("exc", whole.spikes.between(1000, len(current)), n_trials=n_trials)


def fluctuating(n_steps, seed):
    """Noise of unit variance with a correlation time of 5 ms."""
    random = np.random.default_rng(seed)
    step, current = DT / 5e-3, np.zeros(n_steps)
    for tick in range(1, n_steps):
        current[tick] = current[tick - 1] * (1 - step) + np.sqrt(2 * step) * random.standard_normal()
    return current


def test_fluctuating_current_is_repeated_to_less_than_a_millisecond():
    # Mainen & Sejnowski 1995, Fig. 1B. Brian 2 with this neuron: events 0.94-0.99, R(3 ms) 0.92-0.98.
    activity = leaky_neuron(fluctuating(11_000, seed=1), 25, seed=2)
    assert activity.measure(EventReliability()).value > 0.94
    assert activity.measure(EventPrecision()).value < 0.5e-3
    assert 0.90 < activity.measure(SchreiberReliability()).value < 0.98


def test_constant_current_is_not_repeated():
    # Mainen & Sejnowski 1995, Fig. 1A. Brian 2 with a constant drive of the same rate: R(3 ms) 0.27-0.31.
    activity = leaky_neuron(np.full(11_000, 0.25), 25, seed=2)
    assert activity.measure(EventReliability()).value < 0.1
    assert 0.2 < activity.measure(SchreiberReliability()).value < 0.4
    jitter = activity.measure(SpikeJitter()).series["sd"].data
    assert jitter[10] > 5e-3
