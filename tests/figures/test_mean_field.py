from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.mean_field import MeanFieldFigure
from snnrun.metrics.mean_field import MeanField


@pytest.fixture
def lines(observation_of, draw):
    """What is drawn, by label."""
    axes = draw(MeanFieldFigure(), observation_of("inhibited_cells"))
    return {line.get_label().partition(" ")[0]: line.get_data() for line in axes["mean_field"].get_lines()}


def test_the_curve_meets_the_diagonal_at_the_prediction(lines, observation_of):
    prediction = observation_of("inhibited_cells").measure("network", MeanField()).value
    assert lines["theory"] == ([pytest.approx(prediction)], [pytest.approx(prediction)])
    sources, answers = lines["cell"]
    # Inhibition: the faster the others, the slower a neuron; so the two meet once.
    assert np.all(np.diff(answers) < 0)
    assert np.interp(prediction, sources, answers) == pytest.approx(prediction, rel=1e-3)


def test_the_cross_is_at_the_rate_that_was_simulated(lines):
    assert lines["simulated"][0] == [pytest.approx(20, rel=0.05)]  # 200 Poisson neurons of 20 Hz for 0.9 s


def test_what_theory_does_not_know_is_said(observation_of):
    missing = MeanFieldFigure().missing
    assert "the experiment is not known" in missing(observation_of("poisson_network"))
    assert "values that differ between neurons" in missing(observation_of("current_ramp"))
