"""Measures over an axis."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.style import COLORS
from snnrun.sweep_figures.base import Swept
from snnrun.sweep_figures.sweep_lines import SweepLines

RATE = "exc.mean_rate"


@pytest.fixture
def lines(draw, sweep_of):
    def drawn(sweep, **settings):
        swept = sweep_of(sweep) if isinstance(sweep, str) else Swept(sweep, None)
        return list(draw(SweepLines(**settings), swept).values())

    return drawn


def curves(panel):
    """Places of the means, line by line; samples in the legend have none."""
    return [line.get_xydata() for line in panel.get_lines() if line.get_linestyle() == "-" and len(line.get_xdata())]


def legend(panels):
    return [text.get_text() for text in panels[0].figure.legends[0].get_texts()]


def test_a_line_is_the_mean_and_a_band_one_standard_deviation_of_the_seeds(make_table, lines):
    numbers = iter([1.0, 2.0, 3.0, 4.0, 6.0, 8.0])
    table = make_table([(10.0,), (20.0,)], {"x": "ms"}, {RATE: ("Hz", lambda *_: next(numbers))})
    (panel,) = lines(table)
    (curve,) = curves(panel)
    assert curve.tolist() == [[10, 2], [20, 6]]
    # The standard deviations of 1, 2, 3 and of 4, 6, 8, as samples, are 1 and 2.
    corners = {tuple(np.round(corner, 9)) for corner in panel.collections[0].get_paths()[0].vertices}
    assert corners == {(10, 1), (10, 3), (20, 4), (20, 8)}
    (seeds,) = [line for line in panel.get_lines() if line.get_marker() == "." and len(line.get_xdata())]
    assert seeds.get_xydata().tolist() == [[10, 1], [10, 2], [10, 3], [20, 4], [20, 6], [20, 8]]
    assert legend([panel]) == ["mean over 3 seeds", "± SD", "single seeds"]


def test_each_measure_has_its_panel_with_unit_and_the_colour_of_its_population(lines):
    panels = lines("one_axis")
    assert [panel.get_ylabel() for panel in panels] == ["exc, mean rate (Hz)", "exc, CV of ISI", "inh, mean rate (Hz)"]
    assert {panel.get_xlabel() for panel in panels} == {"drive (nA)"}
    colors = [panel.get_lines()[0].get_color() for panel in panels]
    assert colors == [COLORS["excitatory"][0], COLORS["excitatory"][0], COLORS["inhibitory"][0]]


def test_where_all_seeds_failed_there_is_a_cross_and_no_line(lines):
    panels = lines("one_axis", values=(RATE,))
    (cross,) = [line for line in panels[0].get_lines() if line.get_marker() == "x"]
    assert cross.get_xdata().tolist() == [10]
    (curve,) = curves(panels[0])
    assert np.isnan(curve[-1][1]) and np.isfinite(curve[:-1]).all()
    assert legend(panels)[-1] == "failed"


def test_with_one_seed_there_is_neither_band_nor_legend(lines):
    (panel,) = lines("one_seed")
    assert not panel.figure.legends
    assert [len(line.get_xdata()) for line in panel.get_lines()] == [9]


def test_equal_ratios_make_a_logarithmic_axis_with_the_values_as_ticks(lines):
    (panel,) = lines("geometric_axis")
    assert panel.get_xscale() == "log"
    assert [label.get_text() for label in panel.get_xticklabels()] == ["10", "20", "40", "80", "160", "320"]


def test_a_second_axis_has_colours_from_dark_to_light(lines):
    (panel,) = lines("geometric_axis")
    assert legend([panel])[:4] == ["tau_m = 5 ms", "tau_m = 10 ms", "tau_m = 20 ms", "tau_m = 30 ms"]
    assert len({line.get_color() for line in panel.get_lines() if line.get_label().startswith("tau_m")}) == 4


def test_the_axis_of_the_colours_can_be_chosen(lines):
    (panel,) = lines("geometric_axis", x="tau_m", by="indegree")
    assert panel.get_xlabel() == "tau_m (ms)" and legend([panel])[0] == "indegree = 10"


def test_a_third_axis_has_panels_of_one_height(lines):
    panels = lines("three_axes", values=(RATE,), x="eta", by="g")
    assert [panel.get_title() for panel in panels] == ["delay = 0.5 ms", "delay = 1.5 ms", "delay = 3 ms"]
    assert len({panel.get_ylim() for panel in panels}) == 1


def test_lines_go_from_left_to_right_whatever_the_order_of_the_sweep(make_table, lines):
    table = make_table([(3.0,), (1.0,), (2.0,)], {"x": "1"}, {RATE: ("Hz", lambda x, z: x)}, seeds=1)
    (curve,) = curves(lines(table)[0])
    assert curve[:, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("sweep", ["scattered_plane", "text_axes"])
def test_what_has_no_order_or_no_grid_is_not_connected(sweep, lines):
    assert curves(lines(sweep)[0]) == []


def test_a_logarithmic_height_is_kept_for_what_spans_a_decade(lines):
    at_one_g = {"at": {"g": 6}, "x": "eta", "log": True}
    rate, cv = lines("brunel_plane", values=(RATE, "exc.cv_isi"), **at_one_g)
    assert (rate.get_yscale(), cv.get_yscale()) == ("log", "linear")


def test_without_numbers_there_is_no_scale_that_pretends_some(lines):
    (panel, _) = lines("planned_plane")
    assert [text.get_text() for text in panel.texts] == ["no numbers"]
    assert len(panel.get_yticks()) == 0


def dashed(panel):
    return [line for line in panel.get_lines() if line.get_linestyle() == "--" and len(line.get_xdata())]


def test_what_theory_says_is_dashed_in_the_colour_of_its_measure(make_table, lines):
    table = make_table(
        [(x, by) for x in (1.0, 2.0, 3.0) for by in (0, 1)],
        {"x": "1", "by": "1"},
        {
            RATE: ("Hz", lambda x, by, z: 10 * x + by),
            "exc.cv_isi": ("1", lambda x, by, z: x),
            "network.mean_field": ("Hz", lambda x, by, z: 11 * x + by),
        },
    )
    rate, cv = lines(table, values=(RATE, "exc.cv_isi"), theory=("network.mean_field",))
    assert [line.get_ydata().tolist() for line in dashed(rate)] == [[11, 22, 33], [12, 23, 34]]
    means = [line for line in rate.get_lines() if line.get_label().startswith("by")]
    assert [line.get_color() for line in dashed(rate)] == [line.get_color() for line in means]
    assert dashed(cv) == [], "a rate is not drawn over a CV"
    assert legend([rate]).count("network, mean-field theory") == 1
    assert rate.get_ylim()[1] > 34


def test_theory_of_no_measure_that_is_shown_is_not_in_the_legend(lines):
    panels = lines("brunel_plane", values=("exc.cv_isi",), theory=("network.mean_field",), x="g", at={"eta": 4})
    assert "network, mean-field theory" not in legend(panels)


def test_what_is_below_zero_is_on_a_linear_scale(make_table, lines):
    table = make_table([(x,) for x in range(5)], {"x": "1"}, {RATE: ("Hz", lambda x, z: 10.0**x - 1000)})
    (panel,) = lines(table, log=True)
    assert panel.get_yscale() == "linear"


def test_a_band_that_reaches_below_zero_goes_to_the_bottom_of_a_logarithmic_scale(make_table, lines):
    numbers = iter([9.0, 10, 11, 90, 100, 110, 0, 0, 900])
    table = make_table([(x,) for x in range(3)], {"x": "1"}, {RATE: ("Hz", lambda *_: next(numbers))})
    (panel,) = lines(table, log=True)
    assert panel.get_yscale() == "log"
    corners = panel.collections[0].get_paths()[0].vertices
    heights = panel.transData.transform(corners)[:, 1]
    assert np.isfinite(heights).all()
    assert heights[corners[:, 0] == 2].min() < panel.bbox.y0


def test_a_logarithmic_scale_has_round_numbers_written_in_one_way(make_table, lines):
    table = make_table([(x,) for x in range(3)], {"x": "1"}, {RATE: ("Hz", lambda x, z: 1e-4 * 7.0**x)}, seeds=1)
    (panel,) = lines(table, log=True)
    panel.figure.draw_without_rendering()
    assert [label.get_text() for label in panel.get_yticklabels()] == ["0.0001", "0.0003", "0.001", "0.003"]
    assert {label.get_text() for label in panel.get_yticklabels(minor=True)} <= {""}


def test_names_of_people_have_capitals(make_table, lines):
    table = make_table([(1,), (2,)], {"x": "1"}, {"cell.schreiber_reliability": ("1", lambda *_: 1.0)})
    assert lines(table)[0].get_ylabel() == "cell, Schreiber reliability"
