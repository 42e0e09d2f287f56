from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.psp import PspFigure
from snnrun.metrics.observation import Observation


def test_a_row_for_each_target_a_column_for_each_projection_and_the_amplitudes(observation_of):
    assert PspFigure().panels(observation_of("held_cells")) == [["psp_held_e", "psp_held_i", "psp_amplitude_held"]]


def test_changes_are_from_the_moment_when_the_spike_arrives(observation_of, draw):
    panel = draw(PspFigure(duration="20 ms"), observation_of("held_cells"))["psp_held_e"]
    curves = panel.get_lines()[1:]
    assert len(curves) == 5
    for curve in curves:
        time, change = curve.get_data()
        assert time[0] == pytest.approx(-2, abs=0.06) and time[-1] == pytest.approx(20, abs=0.06)
        assert np.all(change[time <= 0.05] == pytest.approx(0))
    # The cell at -90 mV is 90 mV from the reversal: 0.9 mV, and decays with 10 ms.
    time, change = curves[0].get_data()
    assert change[time > 0.05] == pytest.approx(0.9 * np.exp(-time[time > 0.05] / 10), rel=0.02)


def test_amplitudes_keep_their_sign(observation_of, draw):
    panel = draw(PspFigure(), observation_of("held_cells"))["psp_amplitude_held"]
    _, excitation, e_rev, inhibition, i_rev = panel.get_lines()
    assert excitation.get_xdata() == pytest.approx([-90, -60, -30, 0, 30])
    assert excitation.get_ydata() == pytest.approx([0.9, 0.6, 0.3, 0, -0.3], abs=0.02)
    assert inhibition.get_ydata() == pytest.approx([0.1, -0.2, -0.5, -0.8, -1.1], abs=0.02)
    assert (*e_rev.get_xdata(), *i_rev.get_xdata()) == pytest.approx((0, 0, -80, -80))


def test_a_delay_of_its_own_for_each_synapse_is_no_moment_of_arrival(observation_of):
    recording = observation_of("held_cells").recording
    projections = {
        name: {**stored, "synapse": {**stored["synapse"], "delay": "uniform(0.001 s, 0.002 s)"}}
        for name, stored in recording.spec_resolved["projections"].items()
    }
    observation = Observation(replace(recording, spec_resolved={"projections": projections}))
    assert PspFigure().missing(observation).startswith("No response")
