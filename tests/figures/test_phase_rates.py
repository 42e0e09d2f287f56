"""Rates in the phases of a run: counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from snnrun.figures.phase_rates import PhaseRates, rates_in, stages
from snnrun.metrics.observation import Observation
from snnrun.results.recording import SpikeTrains


@pytest.fixture
def phased(make_recording):
    """Two neurons for a second, two trials: 4 and 8 spikes in the first half, 12 in the second half of each."""
    first, second = np.linspace(0.1, 0.4, 4), np.linspace(0.1, 0.4, 8)
    late = np.linspace(0.6, 0.9, 12)
    times = np.concatenate([first, late, second, late])
    trial = np.repeat([0, 1], [16, 20])
    recording = make_recording({"cell": (times[:16], np.zeros(16, dtype=int))}, {"cell": 2}, {})
    ticks = np.rint(times / recording.dt).astype(np.int64)
    spikes = SpikeTrains(ticks, np.zeros(36, np.int32), 2, recording.dt, 0, recording.n_ticks, trial)
    half = recording.n_ticks // 2
    return replace(recording, spikes={"cell": spikes}, trials=2, phases={"stimulus": half})


def test_a_run_is_what_lies_before_its_phases_and_the_phases(phased):
    warmup, half, end = phased.warmup_ticks, phased.n_ticks // 2, phased.n_ticks
    assert [tuple(stage) for stage in stages(phased)] == [("before", warmup, half), ("stimulus", half, end)]


def test_a_phase_at_the_start_has_nothing_before_it(phased):
    assert [stage.name for stage in stages(replace(phased, phases={"stimulus": 0}))] == ["stimulus"]


def test_a_rate_is_spikes_per_neuron_and_second_of_the_phase(phased):
    half = 0.5
    before = half - phased.warmup_ticks * phased.dt
    rates = rates_in(phased, "cell", stages(phased))
    assert rates[:, 1] == pytest.approx([12 / half / 2] * 2)
    assert rates[:, 0] == pytest.approx([4 / before / 2, 8 / before / 2])


def test_changes_are_drawn_from_the_first_stretch_on_with_their_standard_error(phased, draw):
    panel = draw(PhaseRates(), Observation(phased))["phase_rates"]
    rates = rates_in(phased, "cell", stages(phased))
    (line,) = [line for line in panel.lines if line.get_marker() == "o"]
    assert line.get_ydata() == pytest.approx([0, (rates[:, 1] - rates[:, 0].mean()).mean()])
    ((lower, upper), _) = panel.collections[0].get_segments()
    spread = abs(rates[0, 0] - rates[1, 0]) / 2  # of two trials, the standard error is half of their distance
    assert (upper[1] - lower[1]) / 2 == pytest.approx(spread)


def test_without_phases_there_is_nothing_to_compare(observation_of):
    assert "Add 'phases'" in (PhaseRates().missing(observation_of("poisson_network")) or "")
