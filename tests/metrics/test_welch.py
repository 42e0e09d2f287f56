"""Welch's spectra, against another program."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import coherence as scipy_coherence
from scipy.signal import spectrogram as scipy_spectrogram
from scipy.signal import welch

from snnrun.figures.spectrogram import spectrogram
from snnrun.metrics.coherence import coherence
from snnrun.metrics.psd import psd
from snnrun.metrics.welch import segment_spectra, segments_of

BIN = 0.5e-3
LENGTHS = pytest.mark.parametrize("length", [8, 101, 250, 1003])


@pytest.fixture
def rates():
    common, *own = np.random.default_rng(3).poisson(4, (3, 1003)) * 10.0
    return common + own[0], common + own[1]


@LENGTHS
def test_the_power_is_that_of_scipy(rates, length):
    expected = welch(rates[0], fs=1 / BIN, nperseg=length)
    for ours, theirs in zip(psd(rates[0], BIN, length), expected, strict=True):
        assert ours == pytest.approx(theirs)


@LENGTHS
def test_the_coherence_is_that_of_scipy(rates, length):
    # At frequency 0 both divide what rounding has left of the mean.
    expected = scipy_coherence(*rates, fs=1 / BIN, nperseg=length)
    for ours, theirs in zip(coherence(*rates, BIN, length), expected, strict=True):
        assert ours[1:] == pytest.approx(theirs[1:])


@pytest.mark.parametrize("length", [101, 250])
def test_the_spectrogram_is_that_of_scipy(rates, length):
    overlap = length - length // 10
    frequency, time, density = scipy_spectrogram(
        rates[0], fs=1 / BIN, window="hann", nperseg=length, noverlap=overlap, detrend="constant"
    )
    for ours, theirs in zip(spectrogram(rates[0], BIN, length), (frequency[1:], time, density[1:]), strict=True):
        assert ours == pytest.approx(theirs)


def test_there_are_as_many_segments_as_were_counted():
    for n_bins in (90, 91, 99, 1000):
        segments = segments_of(n_bins, 1e-3, resolution=2.0, at_least=8)
        _, spectra = segment_spectra(np.ones(n_bins), 1e-3, segments.length)
        assert len(spectra) == segments.number
