"""Rasters over a plane."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from snnrun.figures.render import draw_to_bytes
from snnrun.results.recording import Population, Recording, SpikeTrains
from snnrun.results.store.recordings import write_recording
from snnrun.sweep_figures.base import Swept
from snnrun.sweep_figures.sweep_grid import SweepGrid
from snnrun.units import quantity

RUN = 5000
"""Steps of 0.1 ms."""


def recording(ticks: list[int]) -> Recording:
    """One neuron of two spikes at these steps."""
    spikes = {"exc": SpikeTrains(np.array(ticks, np.int64), np.zeros(len(ticks), np.int32), 2, 1e-4, 0, RUN)}
    return Recording("r", "", 0, 1e-4, RUN, 0, {"exc": Population(2, "excitatory")}, spikes)


@pytest.fixture
def swept(make_table, tmp_path):
    """Six by three sets with two seeds; the spike comes after as many ms as x + 10 y says. At x = 0 all failed."""
    sets = list(product(range(6), range(3)))
    for row, (x, y) in enumerate(values for values in sets for _ in range(2)):
        write_recording(recording([4000 + 10 * (x + 10 * y)] if x < 5 else []), tmp_path / f"{row}.h5")

    def kept(row):
        # Of the second set, only the second seed was kept; at x = 4 none.
        return "" if row // 6 in (0, 4) or row == 8 else f"{row}.h5"

    table = make_table(
        sets,
        {"x": "1", "y": "ms"},
        {"exc.state": ("", lambda x, y, z: "early" if y == 0 else "late")},
        seeds=2,
        status=lambda x, *_: "failed" if x == 0 else "missing" if x == 4 else "done",
        recordings=kept,
    )
    return Swept(table, tmp_path)


@pytest.fixture
def panels(draw, swept):
    def drawn(**settings):
        return draw(SweepGrid(**{"cells": 6, **settings}), swept)

    return drawn


def spike_times(panel):
    return [float(segment[0][0]) for marks in panel.collections for segment in marks.get_segments()]


def test_each_raster_stands_at_its_values(panels):
    drawn = panels()
    for x, y in product((1, 2, 3), range(3)):
        assert spike_times(drawn[f"raster {x} {y}"]) == pytest.approx([400 + x + 10 * y])


def test_the_last_part_of_the_run_is_shown_or_that_of_choice(panels):
    assert panels()["raster 1 1"].get_xlim() == pytest.approx((300, 500))
    chosen = panels(start=quantity("405 ms"), duration=quantity("10 ms"))
    assert chosen["raster 1 1"].get_xlim() == pytest.approx((405, 415))
    assert spike_times(chosen["raster 1 0"]) == []


def test_what_cannot_be_shown_is_said(panels):
    drawn = panels()
    said = [drawn[f"raster {x} 0"].texts[0].get_text() for x in (0, 4, 5)]
    assert said == ["failed", "not done yet", "no spikes"]


def test_y_points_upwards_and_the_margins_carry_the_values(panels, swept):
    assert SweepGrid(cells=6).panels(swept)[-1][0] == "raster 0 0"
    drawn = panels()
    assert drawn["raster 3 0"].get_xlabel() == "x = 3"
    assert drawn["raster 0 2"].get_ylabel() == "y = 2 ms"


def test_of_long_axes_evenly_spaced_values_are_shown(panels):
    drawn = panels(cells=3)
    shown = [drawn[f"raster {column} 0"].get_xlabel() for column in range(3)]
    assert shown == ["x = 0", "x = 2", "x = 5"]


def test_rather_fewer_values_than_uneven_steps(make_table, draw):
    table = make_table(
        list(product(range(7), (0, 1))), {"x": "1", "y": "1"}, {}, seeds=1, recordings=lambda row: "gone.h5"
    )
    drawn = draw(SweepGrid(cells=5), Swept(table, Path("nowhere")))
    assert [drawn[f"raster {column} 0"].get_xlabel() for column in range(4)] == ["x = 0", "x = 2", "x = 4", "x = 6"]


def test_the_frame_has_the_colour_of_the_regime(panels):
    drawn = panels(regimes="exc.state")
    assert [drawn[f"raster 1 {y}"].get_title() for y in range(3)] == ["early", "late", "late"]
    frames = [drawn[f"raster 1 {y}"].spines["left"].get_edgecolor() for y in range(3)]
    assert frames[0] != frames[1] == frames[2]


def test_a_recording_that_is_gone_or_damaged_leaves_its_cell_empty(swept, draw):
    (swept.results / "6.h5").unlink()
    (swept.results / "7.h5").write_text("damaged")
    drawn = draw(SweepGrid(cells=6), swept)
    assert drawn["raster 1 0"].texts[0].get_text() == "not kept"


def test_it_is_saved(swept):
    assert SweepGrid().missing(swept) is None
    assert draw_to_bytes(SweepGrid(regimes="exc.state"), swept, "png", dpi=40).startswith(b"\x89PNG")
