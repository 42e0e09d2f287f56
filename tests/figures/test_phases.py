"""The phases of an experiment, marked on axes of time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.raster import RasterFigure
from snnrun.figures.spectrogram import Spectrogram
from snnrun.figures.traces import TracesFigure
from snnrun.metrics.observation import Observation
from snnrun.units import quantity


@pytest.fixture
def phased(observation_of):
    """A second of a network in which phases begin at 0.1 and 0.7 s."""

    def of(name):
        return Observation(replace(observation_of(name).recording, phases={"early": 1000, "late": 7000}))

    return of


def lines_at(panel):
    """Where dashed lines stand that go from the bottom of a panel to its top."""
    return [round(line.get_xdata()[0], 6) for line in panel.lines if np.array_equal(line.get_ydata(), [0, 1])]


@pytest.mark.parametrize("figure", [RasterFigure(), Spectrogram()], ids=lambda figure: figure.figure)
def test_a_phase_that_begins_in_view_is_marked_in_all_panels_and_named_in_the_first(figure, phased, draw):
    axes = draw(figure, phased("poisson_network"))
    first, *others = (panel for panel in axes.values() if panel.get_xlabel() or panel.lines or panel.collections)
    for panel in (first, *others):
        assert 700 in lines_at(panel)
    assert "late" in [text.get_text() for text in first.texts]
    assert "late" not in [text.get_text() for panel in others for text in panel.texts]


def test_a_phase_out_of_view_is_not_marked(phased, draw):
    panel = draw(RasterFigure(start=quantity("750 ms")), phased("poisson_network"))["raster"]
    assert lines_at(panel) == []
    assert not panel.texts


def test_traces_are_marked_too(phased, draw):
    axes = draw(TracesFigure(start=quantity("0 ms"), duration=quantity("1 s")), phased("one_neuron"))
    assert all(lines_at(panel) == [100, 700] for panel in axes.values())
