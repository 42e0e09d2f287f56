"""How a sweep stands."""

from __future__ import annotations

import os
import time

import pytest

from snnrun.sweep.files.claims import claimed
from snnrun.sweep.tell.status import status_of


@pytest.fixture
def sweep(fake_sweep):
    return fake_sweep({"g": list(range(10))})


def done_before_now(sweep, seconds_ago, each=2.0):
    """Points that were done so many seconds ago, in their order."""
    for index, ago in enumerate(seconds_ago):
        path = sweep.finish(index, seconds=each, mean_rate=(1.0, "Hz"))
        when = time.time() - ago
        os.utime(path, (when, when))


def test_every_point_is_counted_once(sweep):
    sweep.finish(0)
    sweep.fail(0, "an earlier attempt")
    sweep.fail(1, "no")
    sweep.fail(2, "no, but somebody tries again")
    sweep.folder.claim(sweep.id(3)).write_text("{}")  # its owner was killed
    with claimed(sweep.folder, sweep.id(2)), claimed(sweep.folder, sweep.id(4)):
        now = status_of(sweep.plan, sweep.folder)
    assert (now.n_points, now.n_done, now.n_running, now.n_failed, now.n_missing) == (10, 1, 2, 1, 6)


def test_results_of_points_that_are_not_in_the_plan_do_not_count(sweep):
    sweep.finish(0)
    (sweep.folder.points / "0123456789abcdef.h5").write_bytes(sweep.folder.result(sweep.id(0)).read_bytes())
    now = status_of(sweep.plan, sweep.folder)
    assert (now.n_done, now.n_missing) == (1, 9)


def test_workers_say_who_they_are(sweep, monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    with claimed(sweep.folder, sweep.id(4)):
        (worker,) = status_of(sweep.plan, sweep.folder).workers
    assert (worker.point, worker.pid, worker.job) == (sweep.id(4), os.getpid(), "17")
    assert worker.host
    assert 0 <= worker.seconds < 60


def test_the_time_left_is_what_points_take_shared_among_the_workers(sweep):
    done_before_now(sweep, [3, 2])  # too few to know how often one is done
    assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(8 * 2.0)
    with claimed(sweep.folder, sweep.id(5)), claimed(sweep.folder, sweep.id(6)):
        assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(8 * 2.0 / 2)


def test_while_points_come_the_time_left_is_told_by_how_often_they_come(sweep):
    # One every 4 s, though each says that it took 2 s: what lies between them counts, too.
    done_before_now(sweep, [17, 13, 9, 5, 1])
    with claimed(sweep.folder, sweep.id(9)):
        assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(5 * 4.0, rel=0.01)
    # When nobody is at work any more, it is that of a single worker.
    assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(5 * 2.0)


def test_points_that_came_all_at_once_say_nothing_of_how_often_they_come(sweep):
    copied = time.time() - 1
    for index in range(5):
        os.utime(sweep.finish(index, seconds=2.0), (copied, copied))
    with claimed(sweep.folder, sweep.id(9)):
        assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(5 * 2.0)


def test_a_pause_between_two_sessions_is_no_work(sweep):
    done_before_now(sweep, [10_017, 10_001, 13, 9, 5])
    with claimed(sweep.folder, sweep.id(9)):
        assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(5 * 2.0)
        done_before_now(sweep, [10_017, 10_001, 17, 13, 9, 5, 1])
        assert status_of(sweep.plan, sweep.folder).seconds_left == pytest.approx(3 * 4.0, rel=0.01)


def test_nothing_is_promised_before_the_first_point_is_done(sweep):
    now = status_of(sweep.plan, sweep.folder)
    assert (now.seconds_left, now.disk, now.disk_expected) == (None, 0, None)


def test_a_damaged_result_does_not_hinder(sweep):
    sweep.folder.result(sweep.id(0)).write_bytes(b"damaged")
    assert status_of(sweep.plan, sweep.folder).n_done == 1


def test_disk_is_what_the_results_take(sweep):
    size = sweep.finish(0).stat().st_size
    now = status_of(sweep.plan, sweep.folder)
    assert (now.disk, now.disk_expected) == (size, 10 * size)
    recording = sweep.folder.run(sweep.plan.points[0].run_id).recording  # of a run that somebody simulated by itself
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"12345")
    assert status_of(sweep.plan, sweep.folder).disk == size


def test_disk_counts_the_runs_that_are_kept_in_full(fake_sweep):
    sweep = fake_sweep({"g": [1, 2]}, keep="full")
    size = sweep.finish(0).stat().st_size
    recording = sweep.folder.run(sweep.plan.points[0].run_id).recording
    recording.parent.mkdir(parents=True)
    recording.write_bytes(bytes(1000))
    assert status_of(sweep.plan, sweep.folder).disk == size + 1000


def test_failures_are_grouped_by_what_they_tell_whatever_the_numbers(sweep):
    sweep.fail(0, "the disk is full")
    for index in (1, 2, 3):
        sweep.fail(index, f"point {sweep.id(index)}: v left the real numbers after 12.{index} ms")
    most, other = status_of(sweep.plan, sweep.folder).failures
    assert most.points == tuple(sweep.id(index) for index in (1, 2, 3))
    assert most.message.endswith("v left the real numbers after 12.1 ms")
    assert (other.message, other.points) == ("the disk is full", (sweep.id(0),))
