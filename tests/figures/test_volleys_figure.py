from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.volleys import VolleysFigure
from snnrun.metrics.observation import NETWORK, Observation
from snnrun.metrics.volleys import Volleys
from snnrun.units import quantity

TIMES = (quantity("300 ms"), quantity("600 ms"))


@pytest.fixture
def chain(make_recording):
    """One spike of each of 50 neurons in four groups, 5 ms after each other; the second volley ends in the second."""
    rng = np.random.default_rng(6)
    rasters = {}
    for group in range(4):
        volleys = [rng.normal(0.302 + 0.005 * group, 0.5e-3, 50)]
        if group < 2:
            volleys.append(rng.normal(0.602 + 0.005 * group, 2e-3, 50))
        rasters[f"group_{group}"] = (np.concatenate(volleys), np.tile(np.arange(50), len(volleys)))
    return Observation(make_recording(rasters, dict.fromkeys(rasters, 50), {}, warmup=0.0))


def test_each_volley_is_a_line_from_population_to_population(chain, draw):
    axes = draw(VolleysFigure(times=TIMES), chain)
    measured = chain.measure(NETWORK, Volleys(times=TIMES)).series
    first, second = (line.get_ydata() for line in axes["volleys_number"].get_lines())
    assert first == pytest.approx([50] * 4)
    assert second[:2] == pytest.approx(measured["spikes"].data[1, :2])
    assert second[2:] == pytest.approx([0, 0]), "where it is lost, there is nothing"
    path = axes["volleys_plane"].get_lines()[0]
    assert path.get_xdata() == pytest.approx(measured["spread"].data[0] * 1e3)
    assert path.get_ydata() == pytest.approx(first)


def test_colors_are_those_of_the_triangles_where_volleys_go_in(chain, draw):
    axes = draw(VolleysFigure(times=TIMES), chain)
    triangles = [(line.get_xdata()[0], line.get_color()) for line in axes["volleys_raster"].get_lines()]
    lines = [line.get_color() for line in axes["volleys_number"].get_lines()]
    assert triangles == [(pytest.approx(300), lines[0]), (pytest.approx(600), lines[1])]
    labels = [text.get_text() for text in axes["volleys_plane"].get_legend().get_texts()]
    assert labels == ["300 ms", "600 ms"]


def test_the_raster_begins_shortly_before_the_first_volley(chain, draw):
    panel = draw(VolleysFigure(times=TIMES), chain)["volleys_raster"]
    assert panel.get_xlim() == pytest.approx((280, 1000))
    assert [label.get_text() for label in panel.get_yticklabels()] == [f"group_{group}" for group in range(4)]


def test_volleys_that_go_in_after_the_window_are_not_found(chain, draw):
    early = Observation(replace(chain.recording), stop=0.2)
    axes = draw(VolleysFigure(times=TIMES), early)
    assert [text.get_text() for text in axes["volleys_plane"].texts] == ["No volley was found"]
    assert axes["volleys_raster"].get_xlim() == pytest.approx((0, 200))


def test_a_population_of_the_chain_that_was_not_recorded_is_told(chain):
    figure = VolleysFigure(chain=("group_0", "group_7"))
    assert figure.missing(chain) == "No spikes of group_7 were recorded. Record them, or leave them out of the chain."
    assert VolleysFigure(chain=("group_1", "group_0")).missing(chain) is None


def test_colours_tell_volleys_apart_and_nothing_else(chain, draw):
    axes = draw(VolleysFigure(times=TIMES), chain)
    triangles = [line.get_color() for line in axes["volleys_raster"].get_lines()]
    assert [line.get_color() for line in axes["volleys_number"].get_lines()] == triangles
    assert len({tuple(color) for each in axes["volleys_raster"].collections for color in each.get_colors()}) == 1
