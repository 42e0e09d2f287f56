"""Phase diagrams."""

from __future__ import annotations

import re

import numpy as np
import pytest

from snnrun.figures.render import draw_to_bytes
from snnrun.sweep_figures.base import Swept
from snnrun.sweep_figures.sweep_heatmap import SweepHeatmap

RATE = "exc.mean_rate"
STATES = "network.regime"
THEORY = "network.mean_field"


def texts(panel):
    return [text.get_text() for text in panel.texts]


def legend(panels):
    return [text.get_text() for text in next(iter(panels.values())).figure.legends[0].get_texts()]


def colored(panel):
    """Values of the cells of a panel."""
    (mesh,) = [each for each in panel.collections if type(each).__name__ == "QuadMesh"]
    return np.ma.filled(mesh.get_array(), np.nan)


@pytest.fixture
def heatmap(draw, sweep_of):
    def drawn(sweep, **settings):
        swept = sweep_of(sweep) if isinstance(sweep, str) else Swept(sweep, None)
        return draw(SweepHeatmap(**settings), swept)

    return drawn


def one(panels):
    (panel,) = panels.values()
    return panel


def test_a_cell_has_the_mean_over_the_seeds_in_the_unit_of_the_field(make_table, heatmap):
    # 1, 2, 3 mV at (1, 10), as they would come from the three seeds.
    numbers = iter([1e-3, 2e-3, 3e-3, *[5e-3] * 9])
    table = make_table(
        [(x, y) for x in (1.0, 2.0) for y in (10.0, 20.0)],
        {"x": "1", "y": "ms"},
        {"exc.v": ("V", lambda *_: next(numbers))},
    )
    panel = one(heatmap(table, value=("exc.v",)))
    assert colored(panel) == pytest.approx(np.array([[2, 5], [5, 5]]))
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("x", "y (ms)")


def test_axes_are_sorted_though_points_come_in_any_order(make_table, heatmap):
    table = make_table(
        [(2.0, 0.5), (1.0, 0.5), (1.0, 0.1), (2.0, 0.1)], {"x": "1", "y": "1"}, {"exc.v": ("1", lambda x, y, z: x + y)}
    )
    assert colored(one(heatmap(table))) == pytest.approx(np.array([[1.1, 2.1], [1.5, 2.5]]))


def test_the_colour_bar_says_what_in_which_unit_over_how_many_seeds(draw, sweep_of):
    page = draw_to_bytes(SweepHeatmap(value=(RATE,)), sweep_of("small_plane"), "svg").decode()
    assert "exc, mean rate (Hz)" in page and "mean over 3 seeds" in page


def test_few_cells_have_their_values_and_states(heatmap):
    written = texts(one(heatmap("small_plane", value=(RATE,), regimes=STATES)))
    assert len(written) == 5 * 4 - 1  # one failed
    assert all(re.fullmatch(r"[\d.]+\n(SR|AR|SI|AI|silent)", text) for text in written)


def test_many_cells_have_the_names_of_their_regions(heatmap):
    written = texts(one(heatmap("brunel_plane", value=(RATE,), regimes=STATES)))
    assert set(written) == {"SR", "AR", "SI", "AI", "silent"} and len(written) < 10


def test_the_border_of_regions_lies_between_cells(make_table, heatmap):
    table = make_table(
        [(x, y) for x in range(4) for y in range(3)],
        {"x": "1", "y": "1"},
        {"exc.v": ("1", lambda x, y, z: x), "exc.state": ("", lambda x, y, z: "low" if x < 2 else "high")},
    )
    panel = one(heatmap(table, regimes="exc.state"))
    borders = [each for each in panel.collections if type(each).__name__ == "LineCollection" and each.get_segments()]
    assert {segment[0][0] for each in borders for segment in each.get_segments()} == {1.5}


def test_the_majority_of_seeds_decides_the_regime(make_table, heatmap):
    names = iter(["AI", "SI", "AI"] * 3 + ["SI"] * 3)
    table = make_table(
        [(x, y) for x in (0, 1) for y in (0, 1)],
        {"x": "1", "y": "1"},
        {"exc.v": ("1", lambda *_: 1.0), "exc.state": ("", lambda *_: next(names))},
    )
    written = texts(one(heatmap(table, regimes="exc.state")))
    assert [text.split()[1] for text in written] == ["AI", "AI", "AI", "SI"]


def test_failed_points_are_crossed_out_and_those_to_come_hatched(heatmap):
    panels = heatmap("half_done_plane", value=(RATE,))
    assert legend(panels) == ["not done yet", "failed"]
    (crosses,) = [line for line in one(panels).get_lines() if line.get_marker() == "x"]
    assert crosses.get_xydata().tolist() == [[7, 1]]
    # Of the 9 columns from g = 0 to 8, those from 5 on are to come, but for the one that failed.
    hatched = sum(patch.get_width() * patch.get_height() for patch in one(panels).patches)
    assert hatched == pytest.approx((4 * 8 - 1) * 0.5)  # cells of 1 by 0.5
    assert np.isnan(colored(one(panels))).sum() == 4 * 8


def test_a_set_of_which_one_seed_failed_has_the_mean_of_the_others(make_table, heatmap):
    table = make_table(
        [(x, y) for x in (0, 1) for y in (0, 1)],
        {"x": "1", "y": "1"},
        {"exc.v": ("1", lambda *_: 7.0)},
        status=lambda x, y, replicate: "failed" if replicate == 0 else "done",
    )
    panels = heatmap(table)
    assert colored(one(panels)) == pytest.approx(7)
    assert not one(panels).figure.legends


def test_what_is_undefined_differs_from_what_is_missing(heatmap):
    assert legend(heatmap("undefined")) == ["undefined"]


def test_rates_that_span_decades_have_logarithmic_colours_and_others_not(heatmap):
    def norm(**settings):
        (mesh,) = [each for each in one(heatmap(**settings)).collections if type(each).__name__ == "QuadMesh"]
        return type(mesh.norm).__name__

    assert norm(sweep="brunel_plane", value=(RATE,)) == "LogNorm"
    assert norm(sweep="brunel_plane", value=(RATE,), log=False) == "Normalize"
    assert norm(sweep="brunel_plane", value=("exc.cv_isi",)) == "Normalize"
    assert norm(sweep="brunel_plane", value=("exc.cv_isi",), log=True) == "LogNorm"


def test_silence_has_the_lowest_of_logarithmic_colours(make_table, heatmap):
    table = make_table(
        [(x, y) for x in range(4) for y in range(2)],
        {"x": "1", "y": "1"},
        {"exc.v": ("Hz", lambda x, y, z: 0.0 if x == 0 else 10.0**x)},
    )
    cells = colored(one(heatmap(table)))
    assert np.isfinite(cells).all() and cells[0].argmin() == 0


def test_lines_of_theory_are_dashed_beside_solid_ones_of_the_same_values(heatmap):
    panels = heatmap("brunel_plane", value=(RATE,), theory=(THEORY,))
    assert legend(panels) == ["exc, mean rate", "network, mean-field theory", "failed"]
    solid, dashed = [each for each in one(panels).collections if type(each).__name__ == "QuadContourSet"]
    assert solid.get_linestyles()[0][1] is None and dashed.get_linestyles()[0][1] is not None
    assert set(dashed.levels) <= set(solid.levels)
    assert {"1", "10", "100"} <= set(texts(one(panels)))


def test_the_line_of_a_value_runs_where_the_value_is(make_table, heatmap):
    table = make_table(
        [(x, y) for x in np.linspace(0, 10, 11) for y in np.linspace(0, 4, 5)],
        {"x": "1", "y": "1"},
        {"exc.v": ("Hz", lambda x, y, z: x), "network.theory": ("Hz", lambda x, y, z: x + 1)},
    )
    panel = one(heatmap(table, value=("exc.v",), theory=("network.theory",)))
    solid, dashed = [each for each in panel.collections if type(each).__name__ == "QuadContourSet"]
    for drawn, shift in ((solid, 0), (dashed, 1)):
        for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
            assert path.vertices[:, 0] == pytest.approx(level - shift)


def test_between_numbers_in_the_cells_those_of_lines_stand_in_the_legend(heatmap):
    panels = heatmap("small_plane", value=(RATE,), theory=(THEORY,))
    # Theory is above 0.2 Hz everywhere.
    assert legend(panels)[:2] == ["exc, mean rate = 0.1, 1, 10, 100", "network, mean-field theory = 1, 10, 100"]
    assert not {"1", "10", "100"} & set(texts(one(panels)))


def test_theory_in_another_unit_is_not_drawn_over_a_measure(heatmap):
    panels = heatmap("brunel_plane", value=("exc.cv_isi",), theory=(THEORY,))
    assert not any(type(each).__name__ == "QuadContourSet" for each in one(panels).collections)


def test_scattered_points_have_the_form_of_their_state(heatmap):
    panels = heatmap("scattered_plane", value=(RATE,), regimes=STATES)
    assert legend(panels)[-1] == "failed" and set(legend(panels)) <= {"SR", "AR", "SI", "AI", "silent", "failed"}
    drawn = [each for each in one(panels).collections if each.get_array() is not None and len(each.get_offsets())]
    assert sum(len(each.get_offsets()) for each in drawn) + 2 == 60  # two failed


def test_further_axes_have_their_panels_with_common_colours(heatmap):
    panels = heatmap("three_axes", value=(RATE,))
    assert [panel.get_title() for panel in panels.values()] == ["delay = 0.5 ms", "delay = 1.5 ms", "delay = 3 ms"]
    limits = {
        each.get_clim() for panel in panels.values() for each in panel.collections if each.get_array() is not None
    }
    assert len(limits) == 1


@pytest.mark.parametrize("delay", [1.5, "1.5 ms", "0.0015 s"])
def test_a_further_axis_can_be_fixed(delay, heatmap):
    panel = one(heatmap("three_axes", value=(RATE,), at={"delay": delay}))
    assert panel.get_title() == ""


def test_other_axes_can_span_the_plane(heatmap):
    panels = heatmap("three_axes", value=(RATE,), x="delay", y="g", at={"eta": 0.5})
    assert (one(panels).get_xlabel(), one(panels).get_ylabel()) == ("delay (ms)", "g")


def test_texts_stand_along_an_axis(heatmap):
    panel = one(heatmap("text_axes"))
    assert [label.get_text() for label in panel.get_xticklabels()] == ["adex", "lif", "izhikevich with…"]


def test_of_scattered_points_it_is_said_which_other_axes_vary(heatmap):
    assert one(heatmap("three_scattered_axes")).get_title() == "any delay"


def test_where_nothing_is_known_the_panel_says_of_what(heatmap):
    assert one(heatmap("planned_plane", value=(RATE,))).get_title() == "exc, mean rate (Hz)"


@pytest.mark.parametrize("tau", [0.2154, "0.2154 ms", "215.4 us"])
def test_a_value_can_be_given_as_figures_write_it(tau, make_table, heatmap):
    # A third of the way from 0.1 to 1 ms on a logarithmic scale is 0.215443… ms.
    sets = [(x, y, tau) for x in (0, 1) for y in (0, 1) for tau in np.geomspace(0.1, 1, 4)]
    table = make_table(sets, {"x": "1", "y": "1", "tau": "ms"}, {"exc.v": ("1", lambda x, y, tau, z: tau)})
    assert colored(one(heatmap(table, at={"tau": tau}))) == pytest.approx(10 ** (-2 / 3))


def test_whole_numbers_have_all_their_digits(make_table, heatmap):
    sets = [(x, y, n) for x in (0, 1) for y in (0, 1) for n in (4000, 16000, 123456)]
    table = make_table(sets, {"x": "1", "y": "1", "N": "1"}, {"exc.v": ("1", lambda *_: 1.0)})
    assert [panel.get_title() for panel in heatmap(table).values()] == ["N = 4000", "N = 16000", "N = 123456"]


def test_what_is_below_zero_has_colours_of_its_own_though_they_should_be_logarithmic(make_table, heatmap):
    table = make_table(
        [(x, y) for x in range(4) for y in range(2)],
        {"x": "1", "y": "1"},
        {"exc.v": ("V", lambda x, y, z: (x - 2) * 10.0 ** (3 * y))},
    )
    for log in (None, True):
        panel = one(heatmap(table, log=log))
        (mesh,) = [each for each in panel.collections if type(each).__name__ == "QuadMesh"]
        assert mesh.get_clim() == pytest.approx((-2e6, 1e6))  # millivolts


def test_what_is_infinite_is_undefined(make_table, heatmap):
    table = make_table(
        [(x, y) for x in (0, 1) for y in (0, 1)],
        {"x": "1", "y": "1"},
        {"exc.v": ("1", lambda x, y, z: float("inf") if x else 1.0)},
    )
    assert legend(heatmap(table)) == ["undefined"]


def test_a_line_that_only_nicks_a_corner_is_left_out(make_table, heatmap):
    def drawn(corner, beside):
        table = make_table(
            [(x, y) for x in range(6) for y in range(6)],
            {"x": "1", "y": "1"},
            {
                "exc.v": ("Hz", lambda x, y, z: corner if x == y == 0 else beside if x + y == 1 else 90.0 + x),
                "network.theory": ("Hz", lambda x, y, z: 90.0),
            },
        )
        panel = one(heatmap(table, value=("exc.v",), theory=("network.theory",), log=True))
        lines = [each for each in panel.collections if type(each).__name__ == "QuadContourSet"]
        return [10**level for each in lines for level in each.levels]

    # Lines of 10 and 30 Hz go around the corner alone, or the second one around its neighbours as well.
    assert drawn(5.0, 60.0) == []
    assert drawn(5.0, 15.0) == pytest.approx([30])


def test_the_colour_bar_has_round_numbers_written_in_one_way(draw, make_table):
    sets = [(x, y) for x in range(4) for y in range(3)]
    table = make_table(sets, {"x": "1", "y": "1"}, {"exc.v": ("Hz", lambda x, y, z: 20 * 30 ** (x / 3))})
    panel = one(draw(SweepHeatmap(log=True), Swept(table, None)))
    (bar,) = [axes for axes in panel.figure.axes if axes is not panel]
    panel.figure.draw_without_rendering()
    assert [label.get_text() for label in bar.get_yticklabels()] == ["30", "100", "300"]
    assert {label.get_text() for label in bar.get_yticklabels(minor=True)} <= {""}
