"""A sweep from Python."""

from __future__ import annotations

import numpy as np
import pytest

import snnrun
from snnrun.errors import ResultsError, UserError


@pytest.fixture
def sweep(fake_sweep):
    fake = fake_sweep({"g": [3, 4]}, seeds=2)
    fake.finish(0, mean_rate=(5.0, "Hz"))
    return fake


def test_a_sweep_is_opened_by_its_folder_and_has_plan_table_and_results(sweep):
    opened = snnrun.open_sweep(sweep.folder.path)
    assert isinstance(opened, snnrun.Sweep)
    assert opened.plan.axes == ("g",)
    np.testing.assert_equal(opened.table.column("exc.mean_rate").data, [5, np.nan, np.nan, np.nan])
    found = opened.results("g=3", "replicate=0")
    assert found.analysis.measurements["exc"]["mean_rate"].value == 5
    assert opened.results(sweep.id(0)[:8]).run_id == found.run_id
    assert "results/net/sweep" in repr(opened)


def test_what_is_not_there_is_told(sweep):
    opened = snnrun.open_sweep(str(sweep.folder.path))
    with pytest.raises(ResultsError):
        opened.results("g=4", "replicate=0")
    with pytest.raises(UserError, match="2 points are meant"):
        opened.results("g=4")
    with pytest.raises(ResultsError):
        opened.recording("g=3", "replicate=0")


def test_a_folder_that_may_only_be_read_is_looked_at_without_writing(sweep, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    assert len(snnrun.open_sweep(sweep.folder.path).table) == 4
    assert not sweep.folder.table_file.exists()


def test_looking_again_writes_nothing(sweep):
    opened = snnrun.open_sweep(sweep.folder.path)
    assert len(opened.table) == 4
    written = sweep.folder.table_file.stat().st_mtime_ns
    assert len(snnrun.open_sweep(sweep.folder.path).table) == 4
    assert sweep.folder.table_file.stat().st_mtime_ns == written
