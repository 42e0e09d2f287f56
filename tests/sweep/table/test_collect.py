"""The table of a sweep from the files of its points, however many are there and in whatever state."""

from __future__ import annotations

import csv
import math
import multiprocessing
import os
import shutil
from dataclasses import replace

import h5py
import numpy as np
import pytest

from snnrun.errors import WriteError
from snnrun.results.analysis import Analysis, Measurement
from snnrun.results.point_result import PointResult
from snnrun.results.store import sweep_tables
from snnrun.results.store.points import write_point
from snnrun.results.store.sweep_tables import read_sweep_table
from snnrun.simulation.listener import Listener
from snnrun.sweep.files.claims import claimed
from snnrun.sweep.table import gathering
from snnrun.sweep.table.collect import collect, collect_and_draw, current_table


def collected(sweep):
    return collect(sweep.plan, sweep.folder)


@pytest.fixture
def half_done(fake_sweep):
    """Done, done, failed, missing."""
    sweep = fake_sweep({"g": [3, 4], "tau": ["10 ms", "20 ms"]})
    sweep.finish(0, mean_rate=(12.5, "Hz"), regime=("AI", ""))
    sweep.finish(1, mean_rate=(math.nan, "Hz"), regime=(math.nan, ""), cv_isi=(0.8, "1"))
    sweep.fail(2, 'The program said "no",\nand ended')
    return sweep


def test_every_point_has_a_row_with_its_status_and_its_error(half_done):
    table = collected(half_done)
    assert table.ids.tolist() == [point.id for point in half_done.plan.points]
    assert table.status.tolist() == ["done", "done", "failed", "missing"]
    assert table.errors.tolist() == ["", "", 'The program said "no", and ended', ""]


def test_measures_have_units_and_are_undefined_where_nothing_is_known(half_done):
    table = collected(half_done)
    assert [(column.name, column.unit) for column in table.measures] == [
        ("exc.mean_rate", "Hz"), ("exc.regime", ""), ("exc.cv_isi", "1"),
    ]  # fmt: skip
    np.testing.assert_equal(table.column("exc.mean_rate").data, [12.5, np.nan, np.nan, np.nan])
    np.testing.assert_equal(table.column("exc.cv_isi").data, [np.nan, 0.8, np.nan, np.nan])
    assert table.column("exc.regime").data.tolist() == ["AI", "", "", ""]


def test_a_point_that_somebody_works_on_is_running_even_if_it_failed_before(half_done):
    with claimed(half_done.folder, half_done.id(2)):
        assert collected(half_done).status[2] == "running"
    half_done.folder.claim(half_done.id(3)).write_text("{}")  # what a killed worker leaves
    assert collected(half_done).status.tolist() == ["done", "done", "failed", "missing"]


def test_the_file_gives_the_table_back(half_done):
    table = collected(half_done)
    again = read_sweep_table(half_done.folder.table_file)
    assert (again.experiment, again.title) == ("net", "A network")
    for field in ("ids", "run_ids", "status", "replicate", "seed", "errors", "recordings"):
        np.testing.assert_array_equal(getattr(again, field), getattr(table, field))
    for ours, theirs in ((table.axes, again.axes), (table.measures, again.measures)):
        assert [(column.name, column.unit) for column in theirs] == [(column.name, column.unit) for column in ours]
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(other.data, one.data)


def test_the_file_is_read_in_two_lines_as_its_description_says(half_done):
    collected(half_done)
    with h5py.File(half_done.folder.table_file) as file:
        columns = {name: data[:] for part in ("axes", "measures") for name, data in file[part].items()}
        assert columns["g"].tolist() == [3, 3, 4, 4]
        assert file["axes/tau"].attrs["units"] == b"ms" or file["axes/tau"].attrs["units"] == "ms"
    assert 'for part in ("axes", "measures")' in (sweep_tables.__doc__ or "")


def test_only_results_that_are_new_are_read(half_done, monkeypatch):
    collected(half_done)
    half_done.finish(3, mean_rate=(7.0, "Hz"), latency=(0.01, "s"))
    read: list[str] = []
    really = gathering.summary_of
    monkeypatch.setattr(gathering, "summary_of", lambda folder, point: read.append(point) or really(folder, point))
    table = collected(half_done)
    assert read == [half_done.id(3)]
    np.testing.assert_equal(table.column("exc.mean_rate").data, [12.5, np.nan, np.nan, 7.0])
    np.testing.assert_equal(table.column("exc.latency").data, [np.nan, np.nan, np.nan, 0.01])
    assert table.column("exc.regime").data.tolist() == ["AI", "", "", ""]


def test_in_steps_and_at_once_the_file_is_the_same_byte_for_byte(fake_sweep):
    sweep = fake_sweep({"g": [3, 4, 5]})
    for index in range(3):
        sweep.finish(index, mean_rate=(float(index), "Hz"))
        collected(sweep)
    in_steps = sweep.folder.table_file.read_bytes()
    sweep.folder.table_file.unlink()
    collected(sweep)
    assert sweep.folder.table_file.read_bytes() == in_steps


def test_whichever_point_was_done_first_the_columns_stand_in_the_order_of_the_file(fake_sweep):
    sweep = fake_sweep({"g": [3, 4]})
    plan = replace(sweep.plan, data={**sweep.plan.data, "populations": {"pyr": {}, "basket": {}}})
    rate = {"mean_rate": Measurement(5.0, "Hz", 1)}
    for row, populations in ((1, ("basket", "network")), (0, ("pyr", "network"))):
        point = plan.points[row]
        analysis = Analysis(point.run_id, (0.0, 1.0), dict.fromkeys(populations, rate), {})
        result = PointResult(point.id, point.run_id, 1.0, analysis, {}, {}, is_summary=True)
        write_point(result, sweep.folder.result(point.id))
        table = current_table(plan, sweep.folder)
    assert [column.name for column in table.measures] == ["pyr.mean_rate", "basket.mean_rate", "network.mean_rate"]


def test_a_result_that_was_computed_again_is_read_again(half_done):
    collected(half_done)
    path = half_done.finish(0, mean_rate=(99.0, "Hz"))
    later = half_done.folder.table_file.stat().st_mtime_ns + 1
    os.utime(path, ns=(later, later))
    assert collected(half_done).column("exc.mean_rate").data[0] == 99


def test_a_result_that_is_gone_is_missing(half_done):
    collected(half_done)
    half_done.folder.result(half_done.id(0)).unlink()
    table = collected(half_done)
    assert table.status[0] == "missing"
    assert np.isnan(table.column("exc.mean_rate").data[0])


def test_the_result_of_another_point_is_a_failed_one(half_done):
    shutil.copy(half_done.folder.result(half_done.id(0)), half_done.folder.result(half_done.id(3)))
    table = collected(half_done)
    assert table.status.tolist() == ["done", "done", "failed", "failed"]
    assert "is the result of another point" in table.errors[3]


def test_a_full_disk_hinders_nobody_from_looking(half_done, monkeypatch):
    def full(path, data):
        raise WriteError(f"{path}: cannot be written: No space left on device.")

    monkeypatch.setattr("snnrun.sweep.table.collect.write_whole", full)
    assert len(current_table(half_done.plan, half_done.folder)) == 4
    with pytest.raises(WriteError):
        collected(half_done)


def test_damaged_results_are_told_where_the_others_are_collected(half_done):
    class Heard(Listener):
        said = ()

        def remark(self, message):
            self.said = (*self.said, message)

    heard = Heard()
    collect_and_draw(half_done.plan, half_done.folder, heard)
    assert not any("cannot be used" in said for said in heard.said)
    for index in (0, 1):
        half_done.folder.result(half_done.id(index)).write_bytes(b"damaged")
    collect_and_draw(half_done.plan, half_done.folder, heard)
    (said,) = [said for said in heard.said if "cannot be used" in said]
    assert half_done.id(0) in said
    assert said.endswith("So it is with 1 more.")


def test_a_damaged_result_is_a_failed_point_and_the_others_go_on(half_done):
    path = half_done.folder.result(half_done.id(0))
    path.write_bytes(path.read_bytes()[:500])
    for _ in range(2):  # the second time, the table of the first is there
        table = collected(half_done)
        assert table.status.tolist() == ["failed", "done", "failed", "missing"]
        assert "is damaged or incomplete" in table.errors[0] and "snnrun sweep retry" in table.errors[0]
    half_done.finish(0, mean_rate=(1.0, "Hz"))
    assert collected(half_done).column("exc.mean_rate").data[0] == 1


def test_points_that_are_no_longer_in_the_plan_are_left_out(half_done):
    collected(half_done)
    plan = replace(half_done.plan, points=half_done.plan.points[1:])
    table = current_table(plan, half_done.folder)
    assert table.ids.tolist() == [point.id for point in plan.points]
    np.testing.assert_equal(table.column("exc.cv_isi").data, [0.8, np.nan, np.nan])


def test_of_a_long_error_the_table_has_the_begin(half_done):
    half_done.fail(2, "It failed, " * 100)
    (error,) = {error for error in collected(half_done).errors.tolist() if error}
    assert error.startswith("It failed, It failed, ") and error.endswith("…")
    assert len(error) == 300


def test_a_damaged_table_is_made_anew(half_done):
    table = collected(half_done)
    half_done.folder.table_file.write_bytes(b"nothing")
    np.testing.assert_equal(collected(half_done).column("exc.mean_rate").data, table.column("exc.mean_rate").data)
    read_sweep_table(half_done.folder.table_file)


def test_recordings_that_are_there_are_named(half_done):
    recording = half_done.folder.run(half_done.plan.points[1].run_id).recording
    recording.parent.mkdir(parents=True)
    recording.touch()
    half_done.folder.run(half_done.plan.points[0].run_id).path.mkdir()  # which is at work yet
    assert collected(half_done).recordings.tolist() == [
        "",
        f"net/{half_done.plan.points[1].run_id}/recording.h5",
        "",
        "",
    ]


def test_the_csv_has_units_in_its_head_and_any_text_in_its_cells(half_done):
    collected(half_done)
    text = half_done.folder.csv_file.read_bytes().decode()
    assert text.count("\r\n") == 5  # RFC 4180
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["tau [ms]"] for row in rows] == ["10", "20", "10", "20"]
    assert [row["exc.mean_rate [Hz]"] for row in rows] == ["12.5", "", "", ""]
    assert rows[2]["error"] == 'The program said "no", and ended'


def _collect_often(plan, folder):
    for _ in range(10):
        collect(plan, folder)


def test_two_collects_at_once_end_with_whole_files(half_done):
    processes = [
        multiprocessing.get_context("fork").Process(target=_collect_often, args=(half_done.plan, half_done.folder))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert read_sweep_table(half_done.folder.table_file).status.tolist() == ["done", "done", "failed", "missing"]
    assert not list(half_done.folder.path.glob(".*.tmp"))
