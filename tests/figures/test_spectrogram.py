from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.spectrogram import Spectrogram, decibels, spectrogram
from snnrun.metrics.mean_rate import MeanRate
from snnrun.metrics.psd import psd
from snnrun.units import quantity


def power(panel):
    """Frequencies and decibels of the picture."""
    (mesh,) = panel.collections
    corners = mesh.get_coordinates()
    return (corners[:-1, 0, 1] + corners[1:, 0, 1]) / 2, np.asarray(mesh.get_array())


def test_a_rhythm_is_a_line_at_its_frequency(observation_of, draw):
    frequency, picture = power(draw(Spectrogram(), observation_of("synchronous_regular"))["spectrogram"])
    below = frequency < 60
    # Beats every 25 ms; segments of 200 ms tell 5 Hz apart.
    assert np.allclose(frequency[below][picture[below].argmax(axis=0)], 40)


def test_poisson_neurons_are_at_zero_decibels(observation_of, draw):
    _, picture = power(draw(Spectrogram(), observation_of("poisson_network"))["spectrogram"])
    # Excitatory and inhibitory rates differ, so the pooled floor is Σ 2νᵢ/N² with Σνᵢ = Nν: the same as 2ν/N.
    # 40 frequencies in 4.5 segments that do not overlap, each exponentially distributed.
    assert (10 ** (picture / 10)).mean() == pytest.approx(1, abs=4 / np.sqrt(180))


def test_a_changing_frequency_is_followed():
    time = np.arange(4000) * 1e-3
    rate = np.where(time < 2, np.sin(2 * np.pi * 20 * time), np.sin(2 * np.pi * 60 * time))
    frequency, middle, density = spectrogram(rate, 1e-3, 200)
    peaks = frequency[density.argmax(axis=0)]
    assert (peaks[middle < 1.9] == 20).all() and (peaks[middle > 2.1] == 60).all()


def test_its_mean_over_time_is_welchs_spectrum():
    rate = np.random.default_rng(1).normal(size=20_000)
    frequency, _, density = spectrogram(rate, 1e-3, 200)
    expected_frequency, expected = psd(rate, 1e-3, 200)
    assert frequency == pytest.approx(expected_frequency[1:])
    # The segments overlap more, which smooths the same spectrum; 200 of them that are independent.
    assert density.mean(axis=1) == pytest.approx(expected[1:], rel=4 / np.sqrt(200))


def test_decibels_count_from_the_floor():
    assert decibels(np.array([2.0, 20.0, 0.2]), 2.0) == pytest.approx([0, 10, -10])
    assert np.isfinite(decibels(np.zeros(1), 2.0)).all()


def test_a_silent_network_has_no_spectrum(observation_of, draw):
    panel = draw(Spectrogram(), observation_of("silent"))["spectrogram"]
    assert [text.get_text() for text in panel.texts] == ["No spectrum\nin 0.1–1 s"]
    assert observation_of("silent").measure("network", MeanRate()).value == 0


def test_the_highest_frequency_is_a_choice(observation_of, draw):
    figure = Spectrogram(highest=quantity("100 Hz"))
    frequency, _ = power(draw(figure, observation_of("poisson_network"))["spectrogram"])
    assert frequency.max() == pytest.approx(100)
