"""The figure of weights over time shows the weights that were recorded, and where phases begin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.weights import WeightsFigure
from snnrun.metrics.observation import Observation

KEY = "learned/source/cell"


@pytest.fixture
def axes(draw, observation_of):
    return draw(WeightsFigure(bins=10), observation_of("learning"))


def shares(panel):
    """Percent of the synapses in each bin of weights, of the first and of the last snapshot."""
    first, last = sorted(panel.patches, key=lambda patch: patch.get_fill())
    return first.get_data().values, last.get_data().values


def test_the_rate_of_the_target_is_above_the_weights_on_the_same_axis_of_time(axes):
    # The target fires at 1 kHz for 0.4 s, then at 50 Hz.
    rate = axes["weights_rate"].patches[0].get_data().values
    assert np.mean(rate[:20]) == pytest.approx(1000)
    assert np.mean(rate[20:]) == pytest.approx(50)
    assert axes["weights_rate"].get_yscale() == "log"
    assert axes["weights_rate"].get_xlim() == axes[f"weights_{KEY}"].get_xlim() == (0, 1)


def test_the_line_is_the_mean_weight(axes):
    panel = axes[f"weights_{KEY}"]
    assert panel.get_ylabel() == "Weight (nS)"
    time, mean = panel.lines[0].get_data()
    np.testing.assert_allclose(time, np.arange(11) / 10)
    # From 0.2 nS to half of the synapses at 0 and half at 1 nS.
    assert mean[[0, 4, -1]] == pytest.approx([0.2, 0.2, 0.5])


def test_the_histogram_has_the_weights_at_the_start_and_at_the_end(axes):
    panel = axes[f"weights_at_ends_{KEY}"]
    first, last = shares(panel)
    assert first.sum() == last.sum() == pytest.approx(100)
    assert np.count_nonzero(first) == 1
    assert last[[0, -1]] == pytest.approx([50, 50])
    assert [text.get_text() for text in panel.get_legend().get_texts()] == ["at 0 s", "at 1 s"]


def test_a_line_marks_where_each_phase_begins(axes):
    for name in ("weights_rate", f"weights_{KEY}"):
        dashed = [line.get_xdata()[0] for line in axes[name].lines if line.get_linestyle() != "-"]
        assert dashed == pytest.approx([0.4])
    assert [text.get_text() for text in axes["weights_rate"].texts] == ["plastic"]


def test_a_few_very_strong_synapses_do_not_set_the_scale(draw, observation_of):
    recording = observation_of("learning").recording
    data = recording.weights[KEY].data.copy()
    data[-1, -1] = 1e-6
    one_outlier = replace(recording, weights={KEY: replace(recording.weights[KEY], data=data)})
    panel = draw(WeightsFigure(), Observation(one_outlier))[f"weights_{KEY}"]
    assert 1 <= panel.get_ylim()[1] < 2


def test_negative_weights_are_shown_below_zero(draw, observation_of):
    recording = observation_of("learning").recording
    history = replace(recording.weights[KEY], data=-recording.weights[KEY].data * 1e6, unit="V")
    panel = draw(WeightsFigure(), Observation(replace(recording, weights={KEY: history})))[f"weights_{KEY}"]
    assert panel.get_ylabel() == "Weight (mV)"
    assert panel.get_ylim() == pytest.approx((-1, 0))


def test_of_one_snapshot_the_weights_are_shown_and_how_to_get_more(draw, observation_of):
    recording = observation_of("learning").recording
    history = recording.weights[KEY]
    only = replace(history, time=history.time[-1:], data=history.data[-1:])
    axes = draw(WeightsFigure(), Observation(replace(recording, weights={KEY: only})))
    assert "every" in axes[f"weights_{KEY}"].texts[0].get_text()
    assert axes[f"weights_at_ends_{KEY}"].has_data()
