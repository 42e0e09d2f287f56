from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.correlation import CorrelationFigure
from snnrun.metrics.correlation import Correlation
from snnrun.metrics.observation import Observation
from snnrun.units import quantity


def test_the_matrix_is_that_of_the_metric(observation_of, draw):
    observation = observation_of("synchronous_regular")
    panel = draw(CorrelationFigure(bin=quantity("5 ms")), observation)["correlation_matrix"]
    matrix = observation.measure("network", Correlation(long_bin=quantity("5 ms"))).series["long_matrix"].data
    (image,) = panel.images
    assert np.array_equal(image.get_array(), matrix)
    assert [text.get_text() for text in panel.texts] == [f"{r:.3f}" for r in matrix.ravel()]
    assert [label.get_text() for label in panel.get_xticklabels()] == ["exc", "inh"]


def test_the_distribution_is_over_all_pairs_among_some_neurons(observation_of, draw):
    observation = observation_of("poisson_network")
    axes = draw(CorrelationFigure(neurons=30), observation)
    panel = axes["correlation_pairs"]
    for name, patch in zip(("exc", "inh"), panel.patches, strict=True):
        activity = observation.activity(name)
        edges = np.arange(0.1, 1.0001, 0.02)
        rows = [
            np.histogram(activity.spikes.times[activity.spikes.node_ids == n] + 5e-5, edges)[0]
            for n in activity.sample(30)
        ]
        r = np.corrcoef(rows)[np.triu_indices(30, 1)]
        shares = patch.get_data().values
        assert shares == pytest.approx(np.histogram(r, patch.get_data().edges)[0] / 435 * 100)


def test_neurons_that_fire_alike_have_the_correlation_one(make_recording, draw):
    times = np.array([0.2, 0.21, 0.5, 0.8])
    raster = (np.repeat(times, 2), np.tile([0, 1], 4))
    observation = Observation(make_recording({"twins": raster}, {"twins": 2}, {}))
    axes = draw(CorrelationFigure(), observation)
    assert [text.get_text() for text in axes["correlation_matrix"].texts] == ["1.000"]
    label = axes["correlation_pairs"].get_legend().get_texts()[-1].get_text()
    assert label == "twins, pairs: 1"


def test_where_no_count_varies_there_is_no_correlation(observation_of, draw):
    for panel in draw(CorrelationFigure(), observation_of("silent")).values():
        assert [text.get_text() for text in panel.texts] == ["No pair of neurons varies\nin 0.1–1 s"]
