from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.currents import CurrentsFigure
from snnrun.metrics.ei_balance import EiBalance
from snnrun.metrics.observation import Observation
from snnrun.units import quantity


@pytest.fixture
def observation(observation_of):
    return observation_of("balanced_currents")


def lines(panel):
    return {line.get_label(): line for line in panel.get_lines()}


def test_excitation_inhibition_and_their_sum_are_the_recorded_currents(observation, draw):
    figure = CurrentsFigure(duration=quantity("100 ms"), start=quantity("250 ms"))
    drawn = lines(draw(figure, observation)["currents_cell"])
    traces = observation.recording.traces["cell"]
    inside = slice(2500, 3500)
    for label, variable in {"excitation": "I_ampa", "inhibition": "I_gaba", "sum": "I_total"}.items():
        assert drawn[label].get_ydata() == pytest.approx(traces[variable].data[inside, 0] * 1e9, abs=1e-12)
    assert drawn["sum"].get_xdata()[0] == pytest.approx(250)


def test_smoothed_currents_keep_what_changes_slowly(observation, draw):
    smoothed, raw = (
        lines(draw(CurrentsFigure(smoothing=quantity(width)), observation)["currents_cell"])["excitation"].get_ydata()
        for width in ("3 ms", "0 ms")
    )
    # A Gaussian of 30 samples on fluctuations with a memory of 100: steps from sample to sample all but vanish.
    assert np.std(np.diff(smoothed)) < 0.2 * np.std(np.diff(raw))
    assert np.corrcoef(smoothed, raw)[0, 1] > 0.9
    assert smoothed.mean() == pytest.approx(raw.mean(), rel=1e-3)


def test_currents_of_one_sign_add_up(observation, draw):
    traces = observation.recording.traces["cell"]
    constant = replace(traces["I_ampa"], data=np.full_like(traces["I_ampa"].data, 5e-10))
    recording = replace(observation.recording, traces={"cell": {**traces, "I_step": constant}})
    drawn = lines(draw(CurrentsFigure(), Observation(recording))["currents_cell"])
    expected = (traces["I_ampa"].data[:, 0] * 1e9 + 0.5)[-2000:]
    assert drawn["excitation"].get_ydata() == pytest.approx(expected)


def test_the_peak_is_marked_where_inhibition_follows(observation, draw):
    panel = draw(CurrentsFigure(), observation)["balance_cell"]
    (peak,) = (line for line in panel.get_lines() if line.get_marker() == "o")
    # Smoothed by 3 ms, the peak is flat: the end of the window may move it by some steps of 0.1 ms.
    assert peak.get_xdata()[0] == pytest.approx(4, abs=0.3)
    assert panel.get_title() == f"peak {peak.get_ydata()[0]:.2g} at {peak.get_xdata()[0]:.3g} ms"
    curve = next(line for line in panel.get_lines() if len(line.get_xdata()) > 2)
    series = observation.measure("cell", EiBalance()).series
    assert curve.get_ydata() == pytest.approx(series["crosscorrelation"].data)


def test_excitation_alone_is_not_enough(observation):
    traces = observation.recording.traces["cell"]
    alone = Observation(replace(observation.recording, traces={"cell": {"I_ampa": traces["I_ampa"]}}))
    assert "Add the currents of receptors or projections" in CurrentsFigure().missing(alone)
