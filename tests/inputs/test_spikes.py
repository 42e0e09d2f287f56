"""Spikes that are drawn before the run, against the theory of their statistics."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from snnrun.inputs.correlated_poisson import CorrelatedPoisson
from snnrun.inputs.poisson import Poisson
from snnrun.inputs.pulse_packet import PulsePacket

DT = 1e-4
DELTA = {"model": "delta", "weight": "1 mV"}


def events(source, n_neurons, n_ticks, seed=3):
    return source.events(n_neurons, n_ticks, DT, np.random.default_rng(seed))


def counts(source, n_neurons, n_ticks, window):
    """Spikes of each neuron in each window; shape (n_neurons, n_windows)."""
    found = events(source, n_neurons, n_ticks)
    n_windows = n_ticks // window
    flat = found.node_ids.astype(np.int64) * n_windows + found.ticks // window
    return np.bincount(flat, minlength=n_neurons * n_windows).reshape(n_neurons, n_windows)


def packet(**settings):
    return PulsePacket.model_validate({"to": "exc", "synapse": DELTA, **settings})


def test_a_pulse_packet_has_the_mean_and_the_spread_of_its_normal_distribution():
    source = packet(times=["100 ms", "200 ms"], spikes=400, sigma="3 ms", same=False)
    found = events(source, 50, 3000)
    assert np.bincount(found.node_ids).tolist() == 50 * [800], "each neuron receives every spike"
    for centre in (100, 200):
        times = found.ticks[np.abs(found.ticks * DT * 1e3 - centre) < 50] * DT * 1e3
        n = 50 * 400
        # Standard errors of mean and standard deviation of n normal times: σ/√n and σ/√(2n); rounding to the grid adds
        # a variance of dt²/12, far below.
        assert len(times) == n
        assert times.mean() == pytest.approx(centre, abs=4 * 3 / np.sqrt(n))
        assert times.std() == pytest.approx(3, abs=4 * 3 / np.sqrt(2 * n))


def test_the_same_packet_reaches_all_neurons_or_each_has_its_own():
    settings = {"times": ["100 ms"], "spikes": 20, "sigma": "3 ms"}

    def trains(source):
        found = events(source, 4, 3000)
        return {tuple(found.ticks[found.node_ids == neuron]) for neuron in range(4)}

    assert len(trains(packet(**settings))) == 1
    assert len(trains(packet(**settings, same=False))) == 4


def test_without_spread_all_spikes_come_at_once():
    found = events(packet(times=["10 ms"], spikes=7, sigma="0 ms"), 2, 200)
    assert set(found.ticks) == {100} and np.bincount(found.node_ids).tolist() == [7, 7]


def test_spikes_before_the_run_are_lost():
    found = events(packet(times=["0 ms"], spikes=1000, sigma="2 ms", same=False), 10, 3000)
    # Half of them: binomial, standard deviation √(n/4).
    assert len(found.ticks) == pytest.approx(5000 * (1 + DT / 2e-3 / np.sqrt(2 * np.pi)), abs=4 * np.sqrt(10_000 / 4))


def correlated(process, correlation=0.3, **settings):
    written = {"to": "exc", "synapse": DELTA, "rate": "10 Hz", "n": 4, "correlation": correlation, "process": process}
    return CorrelatedPoisson.model_validate(written | settings)


PROCESSES = pytest.mark.parametrize("process", ["single_interaction", "multiple_interaction"])


@PROCESSES
@pytest.mark.parametrize("window", [10, 200])
def test_counts_of_two_neurons_have_the_given_correlation_in_any_window(process, window):
    found = counts(correlated(process), 30, 200_000, window)
    matrix = np.corrcoef(found)
    pairwise = matrix[np.triu_indices(30, 1)]
    # Counts x and y of mean μ that share a Poisson number of mean cμ: E[(δx δy)²] = cμ + μ² + 2 c²μ², so the covariance
    # over K windows has the relative standard error √((c/μ + 1 + c²)/K); pairs share neurons, so their mean has too.
    mean, n_windows = 40 * window * DT, found.shape[1]
    error = np.sqrt((0.3 / mean + 1 + 0.3**2) / n_windows)
    assert pairwise.mean() == pytest.approx(0.3, abs=4 * error)
    assert np.abs(pairwise - 0.3).max() < 5 * error


@PROCESSES
def test_each_neuron_receives_a_poisson_process_of_all_its_sources(process):
    found = counts(correlated(process), 30, 200_000, 250)  # windows of 25 ms with a mean of 1
    # A mean rate over 20 s, whose common part all neurons share; the Fano factor of each over K windows has the
    # standard error √(2/K), and that of the mean over neurons cannot be larger.
    mean = 10 * 4 * 20
    assert found.sum(axis=1).mean() == pytest.approx(mean, abs=4 * np.sqrt(mean))
    fano = found.var(axis=1, ddof=1) / found.mean(axis=1)
    assert fano.mean() == pytest.approx(1, abs=4 * np.sqrt(2 / found.shape[1]))
    observed = np.bincount(np.minimum(found[0], 4), minlength=5)
    expected = stats.poisson.pmf(np.arange(5), found[0].mean())
    expected[4] = stats.poisson.sf(3, found[0].mean())
    assert stats.chisquare(observed, expected * found.shape[1], ddof=1).pvalue > 1e-3


def test_the_processes_differ_in_how_many_neurons_take_part_in_a_common_spike():
    single = counts(correlated("single_interaction"), 30, 200_000, 1)
    multiple = counts(correlated("multiple_interaction"), 30, 200_000, 1)
    n_single, n_multiple = single.sum(axis=0), multiple.sum(axis=0)
    # Single interaction: all 30 or, but for chance meetings, one; multiple: a binomial number of 30 with p = 0.3.
    assert np.isin(n_single[n_single > 0], [1, 2, 3, 4, 30, 31, 32]).all() and (n_single == 30).any()
    taking_part = n_multiple[n_multiple > 0]
    assert stats.binom.ppf(1e-9, 30, 0.3) <= np.percentile(taking_part, 1)
    assert taking_part.mean() == pytest.approx(30 * 0.3, rel=0.02)


def test_without_correlation_only_the_single_interaction_process_is_defined():
    found = counts(correlated("single_interaction", correlation=0), 30, 200_000, 200)
    assert np.corrcoef(found)[np.triu_indices(30, 1)].mean() == pytest.approx(0, abs=4 / np.sqrt(435 * 1000))
    with pytest.raises(ValidationError, match="without correlation there is no mother process"):
        correlated("multiple_interaction", correlation=0)


def frozen(**settings):
    written = {"to": "exc", "weight": "1 mV", "rate": "5 Hz", "n": 8, "frozen": True}
    return Poisson.model_validate(written | settings)


def test_frozen_poisson_spikes_are_poisson_spikes():
    found = counts(frozen(), 200, 20_000, 250)
    # 200 neurons times 80 windows with a mean of 1; standard errors √(mean/n) and √(2/n).
    n = found.size
    assert found.mean() == pytest.approx(1, abs=4 / np.sqrt(n))
    assert found.var() == pytest.approx(1, abs=4 * np.sqrt(3 / n))
    assert np.corrcoef(found)[np.triu_indices(200, 1)].mean() == pytest.approx(0, abs=4 / np.sqrt(19_900 * 80))


def test_frozen_poisson_spikes_follow_a_course():
    source = frozen(course={"course": "step", "times": ["0.5 s"], "factors": [3]})
    found = counts(source, 200, 10_000, 5000).sum(axis=0)
    for number, mean in zip(found, 200 * 40 * 0.5 * np.array([1, 3]), strict=True):
        assert number == pytest.approx(mean, abs=4 * np.sqrt(mean))


def test_frozen_poisson_spikes_need_one_rate():
    with pytest.raises(ValidationError, match="one 'rate' for all neurons"):
        frozen(rate="uniform(1 Hz, 2 Hz)")


def test_private_spikes_are_drawn_anew_for_each_trial_and_frozen_ones_are_not():
    settings = {"times": ["1 ms"], "spikes": 1, "sigma": "1 ms"}
    assert packet(**settings).drawn_anew() and not packet(**settings, frozen=True).drawn_anew()
    assert correlated("single_interaction").drawn_anew()
    assert not correlated("single_interaction", frozen=True).drawn_anew()
    assert not frozen().drawn_anew()
