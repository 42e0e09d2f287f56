"""The parts of a recording: cut out of time, and of trials."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.results.recording import SpikeTrains, Trace


@pytest.fixture
def two_trials() -> SpikeTrains:
    """Five spikes of two neurons; in the second trial both are late."""
    ticks, node_ids, trial = np.array([1, 4, 8, 2, 9]), np.array([0, 1, 0, 0, 1]), np.array([0, 0, 0, 1, 1])
    return SpikeTrains(ticks, node_ids, 2, 1e-4, 0, 10, trial)


def test_a_window_cuts_every_trial(two_trials: SpikeTrains) -> None:
    late = two_trials.between(2, 9)
    assert (late.start, late.stop) == (2, 9)
    assert late.ticks.tolist() == [4, 8, 2]
    assert late.trial is not None and late.trial.tolist() == [0, 0, 1]


def test_a_trial_is_like_a_run_of_its_own(two_trials: SpikeTrains) -> None:
    second = two_trials.of_trial(1)
    assert (second.ticks.tolist(), second.node_ids.tolist(), second.trial) == ([2, 9], [0, 1], None)
    assert len(two_trials.of_trial(2)) == 0
    # Of what comes out, a window is cut without a copy, as of any run.
    assert np.shares_memory(second.between(0, 5).ticks, two_trials.ticks)


def test_a_run_without_trials_is_its_first(two_trials: SpikeTrains) -> None:
    only = two_trials.of_trial(0)
    assert only.of_trial(0) is only
    assert len(only.of_trial(1)) == 0


def test_columns_of_a_trial() -> None:
    data = np.arange(8.0).reshape(2, 4)
    trace = Trace(data, np.array([0, 1, 0, 1]), np.array([0.0, 1e-4]), "V", np.array([0, 0, 1, 1]))
    second = trace.of_trial(1)
    assert second.data.tolist() == [[2, 3], [6, 7]]
    assert (second.node_ids.tolist(), second.trial) == ([0, 1], None)
