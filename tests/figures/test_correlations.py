"""Time and frequency: spectrum and autocorrelation."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.autocorrelation import AutocorrelationFigure
from snnrun.figures.psd import PsdFigure, rhythm_of
from snnrun.metrics.mean_rate import MeanRate


def markers(panel):
    return [line for line in panel.get_lines() if line.get_marker() == "v"]


def curve(panel, label):
    return next(line for line in panel.get_lines() if str(line.get_label()).startswith(label))


def dotted(panel):
    return [line for line in panel.get_lines() if line.get_linestyle() == ":" and len(line.get_xdata())]


def test_the_peak_of_a_rhythm_is_marked_and_written(observation_of, draw):
    panel = draw(PsdFigure(), observation_of("synchronous_regular"))["psd"]
    # Beats every 25 ms.
    assert [marker.get_xdata()[0] for marker in markers(panel)] == pytest.approx([40, 40])
    assert curve(panel, "exc").get_label() == "exc, peak 40 Hz"


def test_the_highest_of_chance_peaks_is_not_called_a_rhythm(observation_of, draw):
    observation = observation_of("poisson_network")
    panel = draw(PsdFigure(), observation)["psd"]
    assert markers(panel) == []
    assert rhythm_of(observation, "exc") is None


def test_the_spectrum_of_poisson_neurons_lies_on_the_dotted_floor(observation_of, draw):
    observation = observation_of("poisson_network")
    panel = draw(PsdFigure(), observation)["psd"]
    floors = [line.get_ydata()[0] for line in dotted(panel)]
    for name, size, floor in zip(("exc", "inh"), (400, 100), floors, strict=True):
        assert floor == pytest.approx(2 * observation.measure(name, MeanRate()).value / size)
        density = curve(panel, name).get_ydata()
        # 100 frequencies from 8 overlapping segments each: 1 / sqrt(400) and better, 4 of those.
        assert density.mean() == pytest.approx(floor, rel=0.2)


def test_without_spikes_there_is_no_spectrum(observation_of, draw):
    panel = draw(PsdFigure(), observation_of("silent"))["psd"]
    assert [text.get_text() for text in panel.texts] == ["No spectrum\nin 0.1–1 s"]


def test_both_autocorrelations_ring_at_the_period_of_a_rhythm(observation_of, draw):
    axes = draw(AutocorrelationFigure(), observation_of("synchronous_regular"))
    for panel in axes.values():
        line = panel.get_lines()[0]
        lag, value = line.get_xdata(), line.get_ydata()
        beside = (lag > 10) & (lag < 40)
        assert lag[beside][value[beside].argmax()] == pytest.approx(25, abs=1)


def test_the_autocorrelation_of_neurons_tends_to_the_dotted_line(observation_of, draw):
    panel = draw(AutocorrelationFigure(), observation_of("poisson_network"))["neuron_autocorrelation"]
    for line, level in zip(panel.get_lines()[:2], dotted(panel), strict=True):
        # At least 100 neurons · 36 spikes · 0.2 s · 40 Hz = 29000 pairs, shared by 201 lags; rates differ by chance.
        assert line.get_ydata().mean() == pytest.approx(level.get_ydata()[0], rel=0.05)


def test_a_neuron_does_not_count_its_own_spike(observation_of, draw):
    panel = draw(AutocorrelationFigure(), observation_of("one_neuron"))["neuron_autocorrelation"]
    line = panel.get_lines()[0]
    assert np.interp(0, line.get_xdata(), line.get_ydata()) == 0
