from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from snnrun.errors import ResultsError
from snnrun.figures.raster import RasterFigure
from snnrun.figures.render import FORMATS, draw_to_bytes, render
from snnrun.figures.summary import SummaryFigure

IMPORT_EVERYTHING = """
import sys
from snnrun.registry import entries
figures = entries("figures")
assert "matplotlib" not in sys.modules, "entries load matplotlib"
from pathlib import Path
import numpy as np
from snnrun.figures.render import render
from snnrun.metrics.observation import Observation
from snnrun.results.recording import Population, Recording, SpikeTrains
spikes = {"p": SpikeTrains(np.array([5, 9]), np.array([0, 1]), 2, 1e-4, 0, 100)}
recording = Recording("r", "", 0, 1e-4, 100, 0, {"p": Population(2)}, spikes)
render(figures["raster"](), Observation(recording), Path(sys.argv[1]))
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules, "pyplot is loaded"
"""


@pytest.fixture
def observation(observation_of):
    return observation_of("poisson_network")


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_suffix_decides_the_format_and_missing_folders_are_made(suffix, observation, tmp_path):
    path = tmp_path / "results" / "figures" / f"raster.{suffix}"
    assert render(RasterFigure(), observation, path) == path
    beginning = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[suffix]
    assert path.read_bytes().startswith(beginning)


def test_another_suffix_is_refused_with_those_that_work(observation, tmp_path):
    with pytest.raises(ResultsError, match=r"raster\.gif: figures are saved as png, pdf, svg\. Choose"):
        render(RasterFigure(), observation, tmp_path / "raster.gif")


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_recording_gives_the_same_file(file_format, observation, monkeypatch):
    first = draw_to_bytes(RasterFigure(), observation, file_format)
    # The day on which reproducible builds pretend to be: a date in the file would show.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert draw_to_bytes(RasterFigure(), observation, file_format) == first


def test_the_matplotlibrc_of_the_user_changes_nothing(observation):
    first = draw_to_bytes(RasterFigure(), observation, "png")
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red", "savefig.bbox": "tight"}):
        assert draw_to_bytes(RasterFigure(), observation, "png") == first
        assert mpl.rcParams["font.size"] == 30


def test_text_stays_text_in_svg(observation):
    content = draw_to_bytes(SummaryFigure(), observation, "svg").decode()
    assert re.search(r"<text[^>]*>Time \(ms\)</text>", content)


def test_fonts_are_embedded_as_truetype_in_pdf(observation):
    # Type 3 fonts, matplotlib's default, are refused by many journals.
    content = draw_to_bytes(SummaryFigure(), observation, "pdf")
    assert b"/CIDFontType2" in content
    assert b"/Type3" not in content


def test_a_file_appears_whole_or_not_at_all(observation, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ResultsError, match=r"raster\.png: cannot be written: No space left on device\. Free some"):
        render(RasterFigure(), observation, tmp_path / "raster.png")
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_fails_leaves_the_old_file(observation, tmp_path):
    class Failing(RasterFigure):
        def draw(self, axes, observation):
            raise RuntimeError

    path = tmp_path / "raster.png"
    path.write_bytes(b"the old figure")
    with pytest.raises(RuntimeError):
        render(Failing(), observation, path)
    assert path.read_bytes() == b"the old figure"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_in_the_place_of_the_folder_is_told(observation, tmp_path):
    (tmp_path / "figures").write_text("")
    with pytest.raises(ResultsError, match="figures: cannot be written"):
        render(RasterFigure(), observation, tmp_path / "figures" / "raster.png")


def test_entries_load_no_matplotlib_and_rendering_loads_no_pyplot(tmp_path):
    command = [sys.executable, "-c", IMPORT_EVERYTHING, str(tmp_path / "raster.png")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "raster.png").exists()
