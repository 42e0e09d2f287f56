"""What holds for every figure of a sweep, however far the sweep is."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from snnrun.figures.render import FORMATS, draw_to_bytes
from snnrun.registry import entries
from snnrun.spec.entries import read_entry
from snnrun.sweep_figures.base import SweepFigure

FIGURES = {name: read_entry("sweep_figures", name, name) for name in entries("sweep_figures")}
"""Each entry with its defaults."""
BEGINNING = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}

every_figure = pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)


def test_the_catalog_holds_what_shows_a_sweep():
    assert set(FIGURES) == {"sweep_heatmap", "sweep_lines", "sweep_grid"}


@every_figure
def test_it_says_what_it_is(figure):
    assert isinstance(figure, SweepFigure)
    assert figure.summary().endswith(".")
    assert figure.file_name == figure.figure


@every_figure
def test_it_is_drawn_of_every_sweep_without_a_warning_or_says_why_not(figure, swept):
    missing = figure.missing(swept)
    if missing is not None:
        assert re.fullmatch(r"[A-Z'].*[.?]", missing)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_to_bytes(figure, swept, "png", dpi=40).startswith(BEGINNING["png"])


def test_regimes_are_shown_of_every_sweep_that_has_them(swept, draw):
    figure = read_entry("sweep_figures", {"figure": "sweep_heatmap", "regimes": "network.regime"}, "figure")
    if figure.missing(swept) is None:
        assert all(panel.has_data() for panel in draw(figure, swept).values())


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize(("name", "sweep"), [("sweep_heatmap", "small_plane"), ("sweep_lines", "geometric_axis")])
def test_it_is_saved_in_every_format_and_always_the_same(name, sweep, file_format, sweep_of):
    content = draw_to_bytes(FIGURES[name], sweep_of(sweep), file_format, dpi=40)
    assert content.startswith(BEGINNING[file_format])
    assert draw_to_bytes(FIGURES[name], sweep_of(sweep), file_format, dpi=40) == content


@pytest.mark.parametrize(
    ("name", "sweep", "says"),
    [
        ("sweep_heatmap", "one_axis", "A plane needs two axes. Show one axis with 'sweep_lines'."),
        ("sweep_heatmap", "unmeasured", "Nothing was measured yet. Run the sweep, or add metrics to 'analysis'."),
        ("sweep_lines", "seeds_alone", "Nothing varies but the seed. Give the sweep an axis."),
        ("sweep_grid", "brunel_plane", "No recordings were kept. Set 'keep: full' in the section 'sweep', and run it"),
        ("sweep_grid", "scattered_plane", "The points do not lie on a grid. Show them with 'sweep_heatmap'."),
        (
            "sweep_grid",
            "three_axes",
            "It would have 3 panels, more than 1. Fix the other axes, for example 'at: {delay",
        ),
    ],
)
def test_what_it_lacks_is_said_with_what_to_do(name, sweep, says, sweep_of):
    assert FIGURES[name].missing(sweep_of(sweep)).startswith(says)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"figure": "sweep_heatmap", "x": "G"}, "The sweep has no axis 'G'. Did you mean 'g'?"),
        ({"figure": "sweep_heatmap", "x": "g", "y": "g"}, "x and y are both 'g'. Choose two axes."),
        ({"figure": "sweep_heatmap", "value": "exc.mean_rat"}, "The sweep has no column 'exc.mean_rat'. Did you mean"),
        ({"figure": "sweep_heatmap", "value": "network.regime"}, "'network.regime' is no measure that is a number."),
        ({"figure": "sweep_lines", "values": "g"}, "'g' is no measure that is a number."),
        ({"figure": "sweep_heatmap", "regimes": "exc.cv_isi"}, "'regimes: exc.cv_isi' holds numbers, not names."),
        ({"figure": "sweep_grid", "regimes": "exc.cv_isi"}, "'regimes: exc.cv_isi' holds numbers, not names."),
        ({"figure": "sweep_lines", "at": {"g": 17}}, "The sweep has no point at g = 17. There are 0, 0.5, 1"),
        ({"figure": "sweep_lines", "at": {"g": "3 mV"}}, "g = '3 mV' is no value in 1."),
        ({"figure": "sweep_lines", "by": "eta"}, "'eta' has more than 7 values, too many colours. Fix some with 'at'."),
    ],
    ids=str,
)
def test_a_wrong_name_is_told_instead_of_a_figure(written, says, sweep_of):
    figure = read_entry("sweep_figures", written, "figure")
    assert figure.missing(sweep_of("brunel_plane")).startswith(says)


def test_a_file_of_one_measure_is_named_after_it():
    named = read_entry("sweep_figures", {"figure": "sweep_lines", "values": "exc.mean_rate"}, "figure")
    assert named.file_name == "sweep_lines-exc.mean_rate"


def test_entries_load_neither_matplotlib_nor_files():
    # A worker reads the experiment, figures included, and draws nothing.
    script = (
        "import sys; from snnrun.registry import entries; entries('sweep_figures');"
        "loaded = {'matplotlib', 'h5py', 'scipy'} & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])
