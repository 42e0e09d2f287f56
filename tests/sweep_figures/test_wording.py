"""Values as figures write them."""

from __future__ import annotations

import numpy as np
import pytest

from snnrun.results.sweep_table import Column
from snnrun.sweep_figures.wording import in_words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (16000.0, "1", "16000"),
        (16000.5, "1", "16000"),
        (12.3456, "1", "12.346"),
        (0.1 + 0.2, "mV", "0.3 mV"),
        (300.0, "ms", "300 ms"),
        (2e-7, "1", "2e-07"),
        ("exc", "", "exc"),
    ],
)
def test_a_value_has_five_digits_and_its_unit(value, unit, words):
    assert in_words(Column("x", unit, np.zeros(0)), value) == words
