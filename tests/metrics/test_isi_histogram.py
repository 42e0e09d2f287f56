from __future__ import annotations

import math

import numpy as np
import pytest

from snnrun.metrics.isi_histogram import IsiHistogram, logarithmic_edges
from snnrun.units import quantity


@pytest.mark.parametrize("bins", ["", "log_"])
def test_intervals_of_a_poisson_process_are_exponential(bins, renewal):
    rate = 40.0
    measurement = renewal(50, rate, 40).measure(IsiHistogram())
    edges, density = measurement.series[f"{bins}edges"].data, measurement.series[f"{bins}density"].data
    # The chance to fall into a bin; an interval of k steps stands for a length around k dt.
    chance = -np.diff(np.exp(-rate * edges))
    expected = chance * measurement.n_valid
    enough = expected > 25
    assert enough.sum() > 20
    deviation = (density * np.diff(edges) - chance)[enough] * measurement.n_valid / np.sqrt(expected[enough])
    # The largest of some hundred normal deviates.
    assert np.abs(deviation).max() < 4.5
    assert measurement.value == pytest.approx(1 / rate, abs=4 / rate / math.sqrt(measurement.n_valid))


def test_the_logarithmic_histogram_holds_every_interval(renewal):
    series = renewal(20, 15, 10).measure(IsiHistogram()).series
    assert (series["log_density"].data * np.diff(series["log_edges"].data)).sum() == pytest.approx(1)


def test_intervals_beyond_the_linear_bins_are_told_and_lower_the_density(activity_of):
    measurement = activity_of([[0.1, 0.2, 0.9]], 1.0).measure(IsiHistogram())
    assert (measurement.series["density"].data * 1e-3).sum() == pytest.approx(1 / 2)
    assert measurement.note == "1 intervals are longer than the linear bins reach"
    assert measurement.value == pytest.approx(0.4)


def test_without_an_interval_the_arrays_are_empty(activity_of):
    measurement = activity_of([[0.1], [0.2]], 1.0).measure(IsiHistogram())
    assert all(not len(series.data) for series in measurement.series.values())
    assert measurement.n_valid == 0


def test_an_interval_at_an_edge_belongs_to_the_bin_that_begins_there(activity_of):
    density = (
        activity_of([[0.1, 0.102, 0.2]], 1.0).measure(IsiHistogram(longest=quantity("4 ms"))).series["density"].data
    )
    np.testing.assert_allclose(density, [0, 0, 500, 0])


def test_logarithmic_bins_cover_whole_time_steps():
    edges = logarithmic_edges(1000, 10)
    assert edges[0] == 0.5
    assert edges[-1] == 1000.5
    widths = np.diff(edges)
    assert (widths >= 1).all()
    assert (widths == np.round(widths)).all()
