"""Each course, number by number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from snnrun.courses.base import Course
from snnrun.courses.from_file import FromFile
from snnrun.courses.sine import Sine
from snnrun.courses.step import Step
from snnrun.quantities import Scope

DT = 1e-3


def steps(**settings: object) -> Step:
    return Step.model_validate({"times": ["2 ms", "5 ms"], "factors": [3, 0], **settings})


def test_steps_hold_from_their_time_on_and_the_factor_before_is_one():
    assert steps().values(7, DT).tolist() == [1, 1, 3, 3, 3, 0, 0]
    assert steps(times=["0 ms", "5 ms"]).values(7, DT).tolist() == [3, 3, 3, 3, 3, 0, 0]


def test_a_time_between_two_time_steps_counts_as_the_nearest():
    assert steps(times=["2.4 ms", "4.6 ms"]).values(7, DT).tolist() == [1, 1, 3, 3, 3, 0, 0]


def test_the_largest_factor_may_be_the_one_before_the_first_step():
    assert steps(factors=[0.5, 0]).largest() == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"times": ["1 ms"]}, "there are 1 'times' but 2 'factors'"),
        ({"times": ["5 ms", "2 ms"]}, "'times' must ascend"),
        ({"factors": [1, -1]}, "must not be below 0"),
    ],
)
def test_steps_that_are_none_are_refused(settings, said):
    with pytest.raises(ValidationError, match=said):
        steps(**settings)


def test_a_sine_is_one_plus_its_depth_times_the_sine():
    course = Sine.model_validate({"frequency": "10 Hz", "depth": 0.5, "phase": "pi / 2"})
    expected = 1 + 0.5 * np.sin(2 * np.pi * 10 * np.arange(100) * DT + np.pi / 2)
    np.testing.assert_allclose(course.values(100, DT), expected, rtol=1e-12)
    assert course.values(1, DT)[0] == 1.5


@pytest.fixture
def course(tmp_path: Path):
    def read(text: str, **settings: object) -> Course:
        (tmp_path / "course.csv").write_text(text)
        return FromFile.model_validate({"file": "course.csv", **settings}, context=Scope(folder=tmp_path))

    return read


SAMPLES = "time,factor\n1,2\n3,4\n5,0\n"


def test_between_samples_the_factor_lies_on_a_line_and_outside_it_stays(course):
    assert course(SAMPLES).values(7, DT).tolist() == [2, 2, 3, 4, 2, 0, 0]


def test_or_it_is_held_until_the_next_sample(course):
    assert course(SAMPLES, between="held").values(7, DT).tolist() == [2, 2, 2, 4, 4, 0, 0]


def test_a_sample_counts_from_the_first_step_that_begins_after_it(course):
    held = course("time,factor\n0,2\n2.5,4\n", between="held")
    assert held.values(5, DT).tolist() == [2, 2, 2, 4, 4]


def test_rounding_does_not_shift_a_sample_by_a_step(course):
    assert 1.3 * 1e-3 / 1e-4 > 13, "binary fractions do not quite meet"
    held = course("time,factor\n0,2\n1.3,4\n", between="held")
    assert held.values(15, 1e-4).tolist() == 13 * [2] + 2 * [4]


def test_columns_and_unit_can_be_chosen(course):
    chosen = course("0,7,0\n1,7,0.001\n", factor=0, time=2, time_unit="s")
    assert chosen.values(2, DT).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,factor\n0,1\n1,-2\n", "course.csv: a factor must not be negative, but one is -2."),
        ("time,factor\n0,1\n2,1\n1,2\n", "course.csv: sample 3 is not later than the one before it."),
        ("time,rate\n0,1\n", "course.csv has no column 'factor'. Known: time, rate."),
    ],
)
def test_a_file_that_is_no_course_is_refused(course, text, said):
    assert course(text).problem() == said


def test_a_unit_that_is_no_time_is_refused(course):
    with pytest.raises(ValidationError, match="'time_unit' is a time such as 'ms', not 'mV'"):
        course(SAMPLES, time_unit="mV")
