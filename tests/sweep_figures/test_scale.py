"""Where the values of an axis stand."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.results.sweep_table import Column
from snnrun.sweep_figures.scale import is_geometric, scale_of, scale_of_scattered


def scale(*values, unit="1"):
    return scale_of(Column("axis", unit, np.array(values)))


def test_cells_meet_halfway_between_values():
    assert scale(3, 4.5, 5, 6).edges == pytest.approx([2.25, 3.75, 4.75, 5.5, 6.5])


def test_even_steps_are_linear_and_equal_ratios_logarithmic():
    assert scale(0, 2, 4, 6).kind == "linear"
    halves = scale(10, 20, 40, 80)
    assert halves.kind == "log"
    assert halves.edges[1:] == pytest.approx(2 * halves.edges[:-1])
    assert halves.edges[1] == pytest.approx(np.sqrt(200))


def test_rounded_numbers_of_a_logarithmic_range_are_recognised():
    # logspace(-1, 1, 7) as people write it.
    assert is_geometric(np.array([0.1, 0.22, 0.46, 1.0, 2.2, 4.6, 10.0]))
    assert not is_geometric(np.array([0.9, 1.0, 2.0, 4.0]))
    assert not is_geometric(np.array([0.0, 1.0, 2.0]))
    assert not is_geometric(np.array([100.0, 101.0, 102.0]))


def test_values_that_would_cover_each_other_stand_at_equal_distances():
    close = scale(0.9, 1, 2, 4)
    assert close.kind == "steps"
    assert close.places(np.array([4, 0.9, 2])).tolist() == [3, 0, 2]


def test_a_long_even_axis_is_linear_though_its_cells_are_thin():
    assert scale(*np.linspace(0, 8, 101)).kind == "linear"


def test_texts_and_a_single_value_are_steps_in_the_order_of_the_sweep():
    texts = scale("lif", "adex", "lif", "izhikevich", unit="")
    assert texts.values == ("lif", "adex", "izhikevich")
    assert texts.index(np.array(["izhikevich", "lif"])).tolist() == [2, 0]
    assert scale(5).kind == "steps"


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_scattered_values_show_from_which_range_they_were_drawn(kind):
    drawn = np.random.default_rng(1).uniform(size=100)
    values = 0.1 + 99.9 * drawn if kind == "linear" else 0.1 * 1000**drawn
    assert scale_of_scattered(Column("axis", "1", values)).kind == kind


def test_ticks_that_would_touch_are_left_out(draw_axis):
    assert draw_axis(scale(3, 4.5, 4.6, 6, 8)) == ["3", "4.5", "6", "8"]


def test_between_the_values_of_a_logarithmic_axis_nothing_is_written(draw_axis, panel):
    assert draw_axis(scale(50, 200, 800)) == ["50", "200", "800"]
    assert len(panel.get_xticks(minor=True)) == 0


def test_many_values_of_a_logarithmic_axis_have_round_numbers(draw_axis, panel):
    assert draw_axis(scale(*np.geomspace(20, 600, 17))) == ["30", "100", "300"]
    assert {label.get_text() for label in panel.get_xticklabels(minor=True)} <= {""}


def test_the_unit_stands_with_the_axis(draw_axis, panel):
    draw_axis(scale(10, 20, unit="ms"))
    assert panel.get_xlabel() == "axis (ms)"


def test_many_values_are_left_to_matplotlib(draw_axis):
    assert 3 <= len(draw_axis(scale(*np.linspace(0, 1, 31)))) <= 12


@pytest.fixture
def panel():
    from matplotlib.figure import Figure

    return Figure().subplots()


@pytest.fixture
def draw_axis(panel):
    """Labels of the ticks along the bottom."""

    def labels(scale):
        scale.put_on(panel, "x", cells=True)
        panel.figure.draw_without_rendering()
        low, high = panel.get_xlim()
        return [
            label.get_text()
            for label, place in zip(panel.get_xticklabels(), panel.get_xticks(), strict=True)
            if low <= place <= high
        ]

    return labels
