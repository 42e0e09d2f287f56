from __future__ import annotations

import pytest
from pydantic import ValidationError

from snnrun.figures.isi import IsiFigure
from snnrun.figures.page import Page
from snnrun.figures.psd import PsdFigure
from snnrun.figures.raster import RasterFigure
from snnrun.figures.traces import TracesFigure


def written(panel):
    return [text.get_text() for text in panel.texts]


def test_the_panels_are_those_of_the_figures(observation_of, draw):
    observation = observation_of("poisson_network")
    axes = draw(Page(of=(RasterFigure(), PsdFigure())), observation)
    alone = draw(PsdFigure(), observation)["psd"]
    assert list(axes) == ["0: raster", "0: population_rate", "1: psd"]
    for line, expected in zip(axes["1: psd"].get_lines(), alone.get_lines(), strict=True):
        assert line.get_xydata() == pytest.approx(expected.get_xydata(), nan_ok=True)


def test_the_figures_are_lettered(observation_of, draw):
    axes = draw(Page(of=(RasterFigure(), PsdFigure())), observation_of("poisson_network"))
    assert written(axes["0: raster"]) == ["a"]
    assert written(axes["1: psd"]) == ["b"]


def test_letters_stand_below_each_other_at_the_edge_of_the_page(observation_of, draw):
    axes = draw(Page(of=(TracesFigure(), RasterFigure(), IsiFigure())), observation_of("poisson_network"))
    letters = [text for panel in axes.values() for text in panel.texts if text.get_text() in ("a", "b", "c")]
    page = letters[0].axes.get_figure(root=True)
    page.canvas.draw()
    edges = [text.get_window_extent().x0 / page.dpi for text in letters]
    assert len(edges) == 3 and max(edges) - min(edges) < 0.01
    assert 0 < min(edges) < 0.1, "inches"


def test_heights_add_up_down_the_page_and_widths_across(observation_of):
    observation = observation_of("one_neuron")
    parts = (RasterFigure(), IsiFigure(), PsdFigure())
    (a, b), (c, d), (e, f) = (part.size(observation) for part in parts)
    assert Page(of=parts).size(observation) == pytest.approx((max(a, c, e), b + d + f))
    assert Page(of=parts, columns=2).size(observation) == pytest.approx((max(a + c, e), max(b, d) + f))


def test_panels_are_as_high_as_in_a_figure_of_its_own(observation_of):
    observation = observation_of("one_neuron")
    rows = Page(of=(RasterFigure(), IsiFigure())).panels(observation)
    names = [row[0] for row in rows]
    assert {len(row) for row in rows} == {1}
    # 4 inches, of which the raster has three quarters, and 3 inches.
    assert [names.count(name) for name in dict.fromkeys(names)] == [15, 5, 15]


def test_side_by_side_each_figure_has_half_of_the_page(observation_of):
    rows = Page(of=(RasterFigure(), IsiFigure(), PsdFigure()), columns=2).panels(observation_of("one_neuron"))
    assert rows[0] == ["0: raster", "1: isi"]
    assert rows[-1] == ["2: psd", "2: psd"]
    assert {len(row) for row in rows} == {2}


def test_a_figure_may_come_twice(observation_of, draw):
    axes = draw(Page(of=(RasterFigure(neurons=5), RasterFigure(neurons=7))), observation_of("poisson_network"))
    assert axes["0: raster"].get_ylabel() == "Neurons (5 of 500)"
    assert axes["1: raster"].get_ylabel() == "Neurons (7 of 500)"


def test_pages_lie_on_pages(observation_of, draw):
    axes = draw(Page(of=(RasterFigure(), Page(of=(IsiFigure(), PsdFigure()), columns=2))), observation_of("one_neuron"))
    assert list(axes)[2:] == ["1: 0: isi", "1: 1: psd"]
    assert axes["1: 1: psd"].has_data()


def test_in_the_place_of_what_was_not_recorded_stands_what_to_record(observation_of, draw):
    observation = observation_of("poisson_network")
    page = Page(of=(TracesFigure(), PsdFigure()))
    axes = draw(page, observation)
    assert page.missing(observation) is None
    remark = " ".join(written(axes["0: remark"])[0].split())
    assert remark == f"traces left out: {TracesFigure().missing(observation)}"


def test_a_page_of_nothing_is_not_drawn(observation_of):
    page = Page(of=(RasterFigure(), PsdFigure(), TracesFigure()))
    observation = observation_of("nothing_recorded")
    # What two figures lack for the same reason is said once.
    assert page.missing(observation) == f"{RasterFigure().missing(observation)} {TracesFigure().missing(observation)}"


def test_a_page_holds_a_figure():
    with pytest.raises(ValidationError, match="at least 1"):
        Page(of=())


def test_a_page_is_saved_under_its_name():
    assert Page(of=(RasterFigure(),)).file_name == "page"
    assert Page(of=(RasterFigure(),), name="late").file_name == "late"
    assert RasterFigure().file_name == "raster"


@pytest.mark.parametrize("name", ["../page", "-rf", ".hidden", "a/b", ""])
def test_a_name_that_is_a_path_is_refused(name):
    with pytest.raises(ValidationError, match="cannot be the name of a file"):
        Page(of=(RasterFigure(),), name=name)


def test_each_figure_is_laid_out_by_itself(observation_of):
    page = Page(of=(RasterFigure(), IsiFigure(), PsdFigure()), columns=2)
    (first, second), (third,) = page.blocks(observation_of("one_neuron"))
    assert (first.width, first.height) == RasterFigure().size(observation_of("one_neuron"))
    assert [block.mosaic for block in (second, third)] == [[["1: isi"]], [["2: psd"]]]
