from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from snnrun.connectivity.orientation_map import preferred_orientations
from snnrun.metrics.activity import Activity
from snnrun.metrics.orientation_correlation import OrientationCorrelation
from snnrun.space import Space
from snnrun.units import quantity

EXTENT = (3e-3, 3e-3)
SIDE = 30


@pytest.fixture
def on_a_torus(recording_of):
    """Poisson neurons on a grid on a torus, whose rates follow an orientation that goes round."""

    def activity(modulation, seed=0, duration=20.0):
        rng = np.random.default_rng(seed)
        along = (np.arange(SIDE) + 0.5) / SIDE * EXTENT[0]
        places = np.stack(np.meshgrid(along, along, indexing="ij"), axis=-1).reshape(-1, 2)
        preferred = preferred_orientations(places, Space(EXTENT, periodic=True), 750e-6, 1)
        starts = np.arange(0, duration, 0.1)
        phase = rng.uniform(0, 2 * np.pi, len(starts))
        mean = 1 + modulation * np.cos(2 * preferred[:, np.newaxis] - phase)
        counts = rng.poisson(mean)
        trains = [np.sort(np.repeat(starts, row) + rng.uniform(0, 0.0999, row.sum())) for row in counts]
        recording = recording_of({"exc": trains}, duration)
        population = replace(recording.populations["exc"], positions=places, extent=EXTENT, periodic=True)
        recording = replace(recording, populations={"exc": population})
        return Activity("exc", recording.spikes["exc"], recording=recording)

    return activity


def test_rates_that_follow_a_wandering_orientation_are_found(on_a_torus):
    # Count n = Poisson(1 + m cos(2θ - φ)), φ uniform: cov = m²/2 cos 2Δ, variance 1 + m²/2; so b = (m²/2) / (1 + m²/2).
    # With 200 bins, <cos²> of the phases varies by 1/√(2·200).
    m = 0.5
    measured = on_a_torus(m).measure(OrientationCorrelation())
    expected = m**2 / 2 / (1 + m**2 / 2)
    assert measured.value == pytest.approx(expected, rel=4 * 0.05)
    difference, correlation = (measured.series[name].data for name in ("difference", "correlation"))
    assert correlation == pytest.approx(expected * np.cos(2 * difference), abs=0.02)


def test_independent_neurons_have_none(on_a_torus):
    # r of a pair varies by 1/√200, b by that over √(pairs · <cos²>).
    measured = on_a_torus(0).measure(OrientationCorrelation())
    assert abs(measured.value) < 4 * math.sqrt(1 / 200 / (measured.n_valid / 2))


def test_only_pairs_beyond_the_distance_count(on_a_torus):
    # On a torus of 3 mm, a disc of radius 0.5 mm is 8.7 % of the area; one of 1.5 mm 78.5 %.
    n = SIDE**2
    for beyond, share in (("500 um", 1 - np.pi / 36), ("1500 um", 1 - np.pi / 4)):
        measured = on_a_torus(0).measure(OrientationCorrelation(beyond=quantity(beyond)))
        assert measured.n_valid == pytest.approx(share * n * (n - 1) / 2, rel=0.02)


def test_neurons_on_no_sheet_have_no_orientation(activity_of):
    measured = activity_of([[0.1, 0.5], [0.2]], 1.0).measure(OrientationCorrelation())
    assert math.isnan(measured.value)
    assert "no sheet" in measured.note
