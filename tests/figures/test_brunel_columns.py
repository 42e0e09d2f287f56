from __future__ import annotations

import numpy as np
import pytest

from snnrun.figures.brunel_columns import BrunelColumns
from snnrun.figures.raster import RasterFigure
from snnrun.units import quantity


def test_the_activity_is_the_number_of_spikes_in_each_bin(observation_of, draw):
    observation = observation_of("synchronous_regular")
    axes = draw(BrunelColumns(bin=quantity("1 ms"), start=quantity("500 ms")), observation)
    (line,) = axes["column_activity"].get_lines()
    times = np.concatenate([spikes.times for spikes in observation.recording.spikes.values()])
    counts = np.histogram(times, np.arange(0.49995, 0.7, 1e-3))[0]
    # 100 neurons, bins of 1 ms.
    assert line.get_ydata() == pytest.approx(counts / 100 / 1e-3)
    assert line.get_xdata()[:2] == pytest.approx([500.5, 501.5])


def test_the_warm_up_is_shown_where_it_is_asked_for(observation_of, draw):
    # The analysis window begins at 100 ms.
    observation = observation_of("synchronous_regular")
    axes = draw(BrunelColumns(start=quantity("0 ms"), duration=quantity("50 ms")), observation)
    (line,) = axes["column_activity"].get_lines()
    # All fire once around 12 and 37 ms: two spikes of each neuron.
    assert line.get_ydata().sum() * 0.1e-3 == pytest.approx(2)
    assert len(line.get_xdata()) == 500


def test_fifty_neurons_of_the_network_are_shown(observation_of, draw):
    axes = draw(BrunelColumns(), observation_of("poisson_network"))
    assert axes["column_raster"].get_ylabel() == "Neurons (50 of 500)"
    assert axes["column_activity"].get_xlim() == axes["column_raster"].get_xlim() == pytest.approx((800, 1000))


def test_the_raster_is_that_of_the_figure_raster(observation_of, draw):
    observation = observation_of("poisson_network")
    duration = quantity("200 ms")
    column = draw(BrunelColumns(duration=duration), observation)["column_raster"]
    raster = draw(RasterFigure(neurons=50, duration=duration), observation)["raster"]
    for ours, theirs in zip(column.collections, raster.collections, strict=True):
        assert np.array_equal(ours.get_segments(), theirs.get_segments())
