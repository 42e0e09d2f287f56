"""Power spectral density and its peak."""

from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics.peak_frequency import PeakFrequency, highest_peak
from snnrun.metrics.population_rate import PopulationRate
from snnrun.metrics.psd import Psd, psd
from snnrun.units import quantity

N, RATE = 100, 20.0


@pytest.fixture
def modulated(activity_of):
    """Poisson neurons of a common rate ν (1 + m cos 2πft)."""

    def modulated_neurons(frequency, depth, duration, seed=1):
        random = np.random.default_rng(seed)
        trains = []
        for _ in range(N):
            # Thinning of a faster process, Lewis & Shedler 1979.
            times = random.uniform(0, duration, random.poisson(RATE * (1 + depth) * duration))
            rate = 1 + depth * np.cos(2 * np.pi * frequency * times)
            trains.append(np.sort(times[random.uniform(0, 1 + depth, len(times)) < rate]))
        return activity_of(trains, duration)

    return modulated_neurons


def test_poisson_neurons_have_the_flat_floor_2_nu_over_n(renewal):
    duration = 40.0
    series = renewal(N, RATE, duration).measure(Psd()).series
    frequency, density = series["frequency"].data, series["density"].data
    low, high = (frequency > 4) & (frequency < 100), (frequency > 300) & (frequency < 490)
    # A band of width B holds 2BT independent numbers: its mean power is known to 1/√(BT).
    for band, width in [(low, 96), (high, 190)]:
        assert density[band].mean() == pytest.approx(2 * RATE / N, rel=4 / math.sqrt(width * duration))


def test_parseval_the_integral_of_the_spectrum_is_the_variance():
    # With a single segment it holds exactly, for the rate less its mean under the window.
    rate = np.random.default_rng(2).poisson(5, 512) * 1.0
    frequency, density = psd(rate, 1e-3, 512)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(512) / 512)
    windowed = (rate - rate.mean()) * window
    assert density.sum() * frequency[1] == pytest.approx((windowed**2).sum() / (window**2).sum())


def test_the_value_is_the_variance_of_the_population_rate(renewal):
    activity = renewal(N, RATE, 20)
    rate = activity.measure(PopulationRate()).series["rate"].data
    # Half-overlapping Hann windows use all of the data but weigh it a little unevenly.
    assert activity.measure(Psd()).value == pytest.approx(rate.var(), rel=2 * math.sqrt(2 / len(rate)))


def test_the_resolution_is_what_was_asked_for_whatever_the_bin_and_the_duration(renewal):
    for duration, bin_width in [(6, "1 ms"), (12, "1 ms"), (6, "2 ms")]:
        frequency = renewal(5, RATE, duration).measure(Psd(bin=quantity(bin_width))).series["frequency"].data
        assert frequency[1] == pytest.approx(2)


def test_a_short_window_has_a_coarser_resolution_and_says_so(renewal):
    measurement = renewal(5, RATE, 1).measure(Psd())
    # 8 segments that overlap by half in 1000 bins: 222 bins each.
    assert measurement.series["frequency"].data[1] == pytest.approx(1000 / 222)
    assert measurement.note == "the window is short: the resolution is 4.5 Hz"


@pytest.mark.parametrize("frequency", [12.0, 40.0, 180.0])
def test_a_common_modulation_is_the_peak(frequency, modulated):
    activity = modulated(frequency, 0.5, 10)
    measurement = activity.measure(PeakFrequency())
    assert measurement.value == pytest.approx(frequency)
    # A cosine of amplitude mν has the power (mν)²/2, spread by the Hann window over 3/2 of the resolution; its bins
    # lower the amplitude by sinc(f bin).
    amplitude = 0.5 * RATE * np.sinc(frequency * 1e-3)
    height = amplitude**2 / 2 / (1.5 * 2.0) + 2 * RATE / N
    # The cross term of amplitude a and noise of density S, averaged over T: relative error 2√(2S/(a²T)) and less.
    tolerance = 4 * 2 * math.sqrt(2 * (2 * RATE / N) / (amplitude**2 * 10))
    assert measurement.series["height"].data == pytest.approx(height, rel=tolerance)
    assert measurement.series["ratio"].data == pytest.approx(height / (2 * RATE / N), rel=1.5 * tolerance)
    # A line under a Hann window: at ±1 bin a quarter of the power, joined by straight lines.
    assert measurement.series["width"].data == pytest.approx(4 / 3 * 2, rel=0.25)


def test_without_modulation_the_peak_is_a_few_times_the_floor(renewal):
    ratio = float(renewal(N, RATE, 10).measure(PeakFrequency()).series["ratio"].data)
    # The largest of 150 means over some 20 segments.
    assert 1 < ratio < 4


def test_the_band_is_a_parameter(modulated):
    activity = modulated(40.0, 0.9, 10)
    assert activity.measure(PeakFrequency(lowest=quantity("60 Hz"))).value > 60


def test_a_peak_that_is_cut_by_the_band_is_told(modulated):
    measurement = modulated(40.0, 0.9, 10).measure(PeakFrequency(highest=quantity("40 Hz")))
    assert measurement.note == "the density is largest at an end of the band"
    assert math.isnan(float(measurement.series["width"].data))


def test_the_width_at_half_height():
    frequency = np.arange(0.0, 100.0)
    lorentzian = 1 / (1 + ((frequency - 50) / 8) ** 2)
    peak = highest_peak(frequency, lorentzian)
    assert peak.frequency == 50
    assert peak.width == pytest.approx(16, rel=0.01)
