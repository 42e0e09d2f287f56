"""A result is believed only where its name is that of the point in it."""

from __future__ import annotations

import shutil

import pytest

from snnrun.errors import ResultsError
from snnrun.sweep.files.results import result_of, summary_of


@pytest.mark.parametrize("read", [result_of, summary_of])
def test_a_result_under_the_name_of_another_point_is_refused(fake_sweep, read):
    sweep = fake_sweep({"g": [3, 4]})
    sweep.finish(0, mean_rate=(5.0, "Hz"))
    assert read(sweep.folder, sweep.id(0)).point == sweep.id(0)
    shutil.copy(sweep.folder.result(sweep.id(0)), sweep.folder.result(sweep.id(1)))
    with pytest.raises(ResultsError, match=f"is the result of another point \\({sweep.id(0)}\\)"):
        read(sweep.folder, sweep.id(1))
