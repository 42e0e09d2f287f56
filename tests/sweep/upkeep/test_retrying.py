"""Failed points once more."""

from __future__ import annotations

import pytest

from snnrun.errors import ResultsError, SweepIncomplete
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.failures import forget_failure, read_failure
from snnrun.sweep.plan.makefile import makefile
from snnrun.sweep.upkeep import retrying
from snnrun.sweep.upkeep.retrying import retry


@pytest.fixture
def sweep(fake_sweep, monkeypatch):
    """Done, failed, failed, damaged, missing; what is run again is done, but for the third."""
    sweep = fake_sweep({"g": [1, 2, 3, 4, 5]}, figures=())
    sweep.finish(0)
    sweep.fail(1, "no")
    sweep.fail(2, "never")
    sweep.folder.result(sweep.id(3)).write_bytes(b"damaged")
    sweep.ran = []

    def run_points(folder, ids, jobs, listener):
        sweep.ran += ids
        for point in ids:
            index = sweep.plan.points.index(sweep.plan.by_id[point])
            assert not folder.result(point).exists()
            if index != 2:
                sweep.finish(index)
                forget_failure(folder, point)
        return {sweep.id(2): read_failure(folder, sweep.id(2))} if sweep.id(2) in ids else {}

    monkeypatch.setattr(retrying, "run_points", run_points)
    return sweep


def test_exactly_what_failed_is_run_again_and_collected(sweep):
    with pytest.raises(SweepIncomplete, match="1 of 5 points failed"):
        retry(sweep.folder, 1, Listener())
    assert sweep.ran == [sweep.id(index) for index in (1, 2, 3)]
    assert sweep.folder.csv_file.read_text().count("done") == 3


def test_the_makefile_is_written_anew(sweep):
    with pytest.raises(SweepIncomplete):
        retry(sweep.folder, 1, Listener())
    assert sweep.folder.makefile.read_text() == makefile(sweep.folder)


def test_a_folder_in_the_place_of_a_result_is_told(sweep):
    sweep.folder.result(sweep.id(4)).mkdir()
    with pytest.raises(ResultsError, match="A folder stands where the file belongs: move it away"):
        retry(sweep.folder, 1, Listener())
    assert sweep.ran == []


def test_nothing_is_run_when_nothing_has_failed(sweep):
    forget_failure(sweep.folder, sweep.id(2))
    assert retry(sweep.folder, 1, Listener()) == 2
    sweep.ran.clear()
    assert retry(sweep.folder, 1, Listener()) == 0
    assert sweep.ran == []
