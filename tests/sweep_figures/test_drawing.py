"""The figures of a sweep as files."""

from __future__ import annotations

import pytest

from snnrun.sweep_figures.drawing import draw_sweep, standard_figures
from snnrun.sweep_figures.sweep_grid import SweepGrid
from snnrun.sweep_figures.sweep_heatmap import SweepHeatmap
from snnrun.sweep_figures.sweep_lines import SweepLines


@pytest.mark.parametrize(
    ("sweep", "kind"),
    [
        ("one_axis", SweepLines),
        ("brunel_plane", SweepHeatmap),
        ("scattered_plane", SweepHeatmap),
        ("three_axes", SweepLines),
        ("text_axes", SweepLines),
    ],
)
def test_the_standard_set_follows_from_the_axes(sweep, kind, sweep_of):
    (figure,) = standard_figures(sweep_of(sweep).table)
    assert type(figure) is kind


def test_a_plane_shows_regimes_and_theory_where_they_were_measured(sweep_of):
    (figure,) = standard_figures(sweep_of("brunel_plane").table)
    assert (figure.regimes, figure.theory) == ("network.regime", ("network.mean_field",))


def test_what_the_sweep_collects_is_shown(sweep_of):
    (figure,) = standard_figures(sweep_of("one_axis").table, ("network.synchrony", "exc.cv_isi"))
    assert set(figure.values) == {"network.synchrony", "exc.cv_isi"}
    # Names of regimes are no lines.
    (figure,) = standard_figures(sweep_of("brunel_plane").table, ("network.regime",))
    assert figure.value is None


@pytest.mark.parametrize("sweep", ["one_point", "seeds_alone"])
def test_without_an_axis_that_varies_there_is_nothing_to_draw(sweep, sweep_of, tmp_path):
    swept = sweep_of(sweep)
    assert draw_sweep(swept.table, swept.results, None, tmp_path, pytest.fail) == []


def test_files_are_saved_in_the_order_of_the_figures_and_none_over_another(sweep_of, tmp_path):
    table = sweep_of("one_axis").table
    figures = [SweepLines(), SweepLines(values=("exc.mean_rate",)), SweepLines(log=True)]
    drawn = draw_sweep(table, tmp_path, figures, tmp_path / "figures", pytest.fail)
    assert [path.name for path in drawn] == ["sweep_lines.png", "sweep_lines-exc.mean_rate.png", "sweep_lines-2.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_a_figure_that_lacks_something_is_left_out_and_told(sweep_of, tmp_path):
    said = []
    drawn = draw_sweep(sweep_of("one_seed").table, tmp_path, [SweepGrid(), SweepLines()], tmp_path, said.append)
    assert said == ["sweep_grid left out: A plane needs two axes. Show one axis with 'sweep_lines'."]
    assert [path.name for path in drawn] == ["sweep_lines.png"]


def test_a_sweep_of_which_everything_failed_is_drawn(sweep_of, tmp_path):
    assert len(draw_sweep(sweep_of("failed_plane").table, tmp_path, None, tmp_path, pytest.fail)) == 1
