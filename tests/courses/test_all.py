"""What holds for every course of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from snnrun.courses.base import Course
from snnrun.quantities import Scope
from snnrun.registry import entries
from snnrun.spec.catalog import example
from snnrun.spec.reader import parse_value

DT = 1e-4


@pytest.fixture(params=sorted(entries("courses")))
def course(request: pytest.FixtureRequest, tmp_path: Path) -> Course:
    (tmp_path / "course.csv").write_text("time,factor\n0,0.5\n40,2\n60,1\n")
    entry = entries("courses")[request.param]
    return _read(entry, parse_value(example("courses", entry)), tmp_path)


def _read(entry: type[Any], settings: Any, folder: Path) -> Course:
    found = entry.model_validate(settings, context=Scope(folder=folder))
    assert isinstance(found, Course)
    return found


def test_a_course_has_a_factor_for_each_step_none_negative_and_none_above_its_largest(course: Course) -> None:
    assert course.problem() is None
    values = course.values(10_000, DT)
    assert values.shape == (10_000,) and values.dtype == np.float64
    assert values.min() >= 0
    assert values.max() == pytest.approx(course.largest(), rel=1e-6)


def test_the_beginning_of_a_longer_course_is_the_shorter_one(course: Course) -> None:
    np.testing.assert_array_equal(course.values(500, DT), course.values(10_000, DT)[:500])


def test_a_course_survives_being_written_and_read(course: Course, tmp_path: Path) -> None:
    assert _read(type(course), course.model_dump(mode="json"), tmp_path) == course


def test_a_course_explains_itself(course: Course) -> None:
    assert len(course.summary()) > 30
    assert set(course.meanings()) == set(type(course).model_fields) - {"course"}, "each key has a sentence below it"
