from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snnrun.errors import UserError
from snnrun.sweep.slurm.chunks import Limits, array_size, arrays, chunked, divide, limits, n_chunks
from snnrun.sweep.slurm.site import Site


def number(n_points: int, seconds: float, **others: float | None) -> int:
    return n_chunks(n_points, seconds, **{"cpus": 1, "chunk": 900.0, "tasks": None, "most": None, **others})


def test_a_chunk_takes_as_long_as_wished() -> None:
    assert number(8000, 36.0) == 320  # 80 hours in tasks of 15 minutes
    assert number(8000, 36.0, cpus=4) == 80
    assert number(8000, 36.0, chunk=3600.0) == 80


def test_what_takes_minutes_is_shared_out_nevertheless() -> None:
    assert number(100, 6.0) == 10  # ten minutes


def test_what_takes_seconds_is_one_task() -> None:
    assert number(100, 0.03) == 1


def test_a_task_has_one_point_at_least() -> None:
    assert number(3, 7200.0) == 3
    assert number(3, 1.0, tasks=10) == 3


def test_the_user_may_wish_for_more_tasks_but_not_for_longer_ones() -> None:
    assert number(100, 0.03, tasks=7) == 7
    assert number(8000, 36.0, tasks=7) == 320


def test_no_more_tasks_than_slurm_accepts() -> None:
    assert number(8000, 36.0, most=50) == 50
    assert number(100, 0.03, tasks=7, most=2) == 2


def test_points_that_no_task_could_finish_are_not_submitted() -> None:
    with pytest.raises(UserError, match="A point takes about 600 s, and 'time' of the site file ends each task after"):
        chunked(["a", "b"], 600.0, Site(time="10 min"), Limits(1001))


def test_tasks_are_no_longer_than_their_time() -> None:
    points = [str(point) for point in range(100)]
    assert chunked(points, 60.0, Site(time="11 min", chunk="1 h", tasks=1), Limits(1001)).seconds == 300.0
    free = chunked(points, 60.0, Site(chunk="2 h", tasks=1), Limits(1001))
    assert free.time > 2 * free.seconds


@given(st.integers(1, 300), st.integers(1, 300))
def test_each_point_is_in_one_chunk_and_chunks_are_equal(n_points: int, n: int) -> None:
    points = [str(point) for point in range(n_points)]
    chunks = divide(points, min(n, n_points))
    assert sorted(chain(*chunks)) == sorted(points)
    sizes = {len(chunk) for chunk in chunks}
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(1, 5000), st.integers(1, 1001))
def test_each_chunk_is_in_one_array_and_no_array_is_too_large(n: int, size: int) -> None:
    taken = arrays(n, size)
    assert list(chain(*taken)) == list(range(n))
    assert max(map(len, taken)) <= size


def test_the_size_of_an_array_is_bounded_by_its_indices_and_its_tasks() -> None:
    config = "MaxArraySize            = 1001\nSchedulerParameters = bf_continue,{}default_queue_depth=9\n"
    assert array_size(config.format("")) == 1001
    assert array_size(config.format("max_array_tasks=200,")) == 200


@pytest.fixture
def slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands of SLURM that print what is known of them: accounting needs a database, which tests do without."""
    for name, said in {"scontrol": "MaxArraySize = 1001", "sacctmgr": "", "squeue": ""}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\ncat <<'END'\n{said}\nEND\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def test_who_may_have_few_jobs_submits_no_more_than_are_left(slurm: Path) -> None:
    (slurm / "sacctmgr").write_text("#!/bin/sh\necho 500; echo; echo 20")
    (slurm / "squeue").write_text("#!/bin/sh\necho 7_1; echo 7_2; echo 8")
    assert limits() == Limits(array_size=1001, jobs=16)  # 20, but for three that are there and one that collects


def test_who_has_all_his_jobs_already_is_told_so(slurm: Path) -> None:
    (slurm / "sacctmgr").write_text("#!/bin/sh\necho 3")
    (slurm / "squeue").write_text("#!/bin/sh\necho 7_1; echo 7_2; echo 8")
    with pytest.raises(UserError, match="lets you have 3 jobs at a time, and 3 are there already"):
        limits()


def test_without_accounting_nobody_counts_jobs(slurm: Path) -> None:
    (slurm / "sacctmgr").write_text("#!/bin/sh\necho 'Slurm accounting storage is disabled' >&2; exit 1")
    assert limits() == Limits(array_size=1001)


def test_without_slurm_the_user_learns_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"scontrol is not here\. Run this on a login node of a cluster with SLURM"):
        limits()
