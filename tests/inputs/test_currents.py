"""Currents that are known before the run, number by number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from snnrun.inputs.current_from_file import CurrentFromFile
from snnrun.inputs.sine_current import SineCurrent
from snnrun.inputs.step_current import StepCurrent
from snnrun.quantities import Scope

DT = 1e-3


def picoamperes(source, n_ticks):
    return source.waveform(n_ticks, DT, np.random.default_rng()) * 1e12


def test_a_step_current_flows_from_its_times_on_and_not_before():
    steps = StepCurrent.model_validate({"to": "exc", "times": ["1 ms", "3 ms"], "amplitudes": ["5 pA", "-2 pA"]})
    np.testing.assert_allclose(picoamperes(steps, 6), [0, 5, 5, -2, -2, -2], rtol=1e-15)


def test_steps_without_an_amplitude_for_each_time_are_refused():
    with pytest.raises(ValidationError, match="there are 2 'times' but 1 'amplitudes'"):
        StepCurrent.model_validate({"to": "exc", "times": ["1 ms", "3 ms"], "amplitudes": ["5 pA"]})


def test_a_sine_current_is_its_formula_at_the_beginning_of_each_step():
    settings = {"mean": "20 pA", "amplitude": "7 pA", "frequency": "50 Hz", "phase": 0.3}
    sine = SineCurrent.model_validate({"to": "exc", **settings})
    expected = 20 + 7 * np.sin(2 * np.pi * 50 * np.arange(40) * DT + 0.3)
    np.testing.assert_allclose(picoamperes(sine, 40), expected, rtol=1e-12)


@pytest.fixture
def from_file(tmp_path: Path):
    (tmp_path / "current.csv").write_text("seconds,nanoamperes\n0.001,0.002\n0.003,0.004\n")

    def read(**settings: object) -> CurrentFromFile:
        columns = {"time": "seconds", "current": "nanoamperes", "time_unit": "s", "unit": "nA"}
        written = {"to": "exc", "file": "current.csv", **columns, **settings}
        return CurrentFromFile.model_validate(written, context=Scope(folder=tmp_path))

    return read


def test_a_current_from_a_file_is_read_in_its_units(from_file):
    np.testing.assert_allclose(picoamperes(from_file(), 6), [2, 2, 3, 4, 4, 4], rtol=1e-12)
    np.testing.assert_allclose(picoamperes(from_file(between="held"), 6), [2, 2, 2, 4, 4, 4], rtol=1e-12)


def test_start_and_stop_cut_a_piece_out_of_a_current(from_file):
    cut = from_file(start="2 ms", stop="4 ms")
    np.testing.assert_allclose(picoamperes(cut, 6), [0, 0, 3, 4, 0, 0], rtol=1e-12)


def test_a_unit_that_is_no_current_is_refused(from_file):
    with pytest.raises(ValidationError, match="'unit' is one of current such as 'pA', not 'mV'"):
        from_file(unit="mV")
