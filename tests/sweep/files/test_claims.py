"""Claims: one living process has a point, whatever others left of it."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import subprocess
import sys

import pytest

from snnrun.errors import WriteError
from snnrun.sweep.files.claims import claimed, clear_done, is_alive, wait_for, work_prefix
from snnrun.sweep.files.folder import SweepFolder

POINT, OTHER = "0123456789abcdef", "fedcba9876543210"

HOLD = """
import sys, time
from pathlib import Path
from snnrun.sweep.files.claims import claimed
from snnrun.sweep.files.folder import SweepFolder
with claimed(SweepFolder(Path(sys.argv[1])), sys.argv[2]) as is_ours:
    print(is_ours, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path):
    folder = SweepFolder(tmp_path / "results" / "cells" / "sweep")
    folder.create()
    return folder


@pytest.fixture
def owner(folder):
    """Another process that has the point."""
    command = [sys.executable, "-c", HOLD, str(folder.path), POINT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


def names(folder):
    return sorted(path.name for path in folder.points.iterdir())


def test_a_claim_is_held_for_the_block_and_then_gone(folder):
    with claimed(folder, POINT) as is_ours:
        assert is_ours
        assert is_alive(folder, POINT)
        with claimed(folder, POINT) as is_ours_again, claimed(folder, OTHER) as is_another_ours:
            assert (is_ours_again, is_another_ours) == (False, True)
        assert names(folder) == [f"{POINT}.running"]
    assert names(folder) == []
    assert not is_alive(folder, POINT)


def test_a_claim_says_whose_it_is(folder, monkeypatch):
    monkeypatch.setenv("SLURM_JOB_ID", "17")
    with claimed(folder, POINT):
        owner = json.loads(folder.claim(POINT).read_text())
    assert owner.pop("started").endswith("+00:00")
    assert owner == {"host": socket.gethostname(), "pid": os.getpid(), "job": "17"}


def test_an_error_in_the_block_gives_the_point_free(folder):
    with pytest.raises(KeyboardInterrupt), claimed(folder, POINT):
        raise KeyboardInterrupt
    assert names(folder) == []


def test_a_killed_owner_has_nothing_any_more(folder, owner):
    assert is_alive(folder, POINT)
    with claimed(folder, POINT) as is_ours:
        assert not is_ours
    owner.kill()
    owner.wait()
    assert names(folder) == [f"{POINT}.running"]
    assert not is_alive(folder, POINT)
    with claimed(folder, POINT) as is_ours:
        assert is_ours
    assert names(folder) == []


def test_waiting_for_an_owner_ends_with_him(folder, owner):
    owner.kill()
    wait_for(folder, POINT)
    assert not is_alive(folder, POINT)


def test_what_a_killed_owner_left_of_this_point_is_removed_and_nothing_else(folder):
    folder.claim(POINT).write_text("{}")
    for point in (POINT, OTHER):
        (folder.points / f".{point}.h5.0a1b.tmp").write_text("half")
        (folder.points / f"{work_prefix(point)}xyz" / "0").mkdir(parents=True)
    with claimed(folder, POINT):
        pass
    assert names(folder) == sorted([f".{OTHER}.h5.0a1b.tmp", f"{work_prefix(OTHER)}xyz"])


def test_claims_of_those_who_were_killed_when_they_had_just_finished_are_cleared(folder):
    for point in (POINT, OTHER):
        folder.claim(point).write_text("{}")
    folder.result(POINT).touch()
    clear_done(folder)
    assert names(folder) == sorted([folder.result(POINT).name, folder.claim(OTHER).name])


def test_a_claim_that_vanishes_while_it_is_locked_is_made_anew(folder, monkeypatch):
    lock, times = fcntl.flock, []

    def lock_too_late(descriptor, operation):
        if not times:
            folder.claim(POINT).unlink()  # by its last owner, who had just finished
        times.append(operation)
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", lock_too_late)
    with claimed(folder, POINT) as is_ours, claimed(folder, POINT) as is_ours_again:
        assert (is_ours, is_ours_again) == (True, False)
        assert len(times) == 3


@pytest.mark.parametrize("reason", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_a_file_system_has_no_locks_everybody_may_work(folder, monkeypatch, reason):
    def refuse(descriptor, operation):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(fcntl, "flock", refuse)
    (folder.points / f".{POINT}.h5.0a1b.tmp").write_text("of another, perhaps")
    with claimed(folder, POINT) as is_ours, claimed(folder, POINT) as is_ours_again:
        assert is_ours and is_ours_again
        assert is_alive(folder, POINT)
    assert names(folder) == [f".{POINT}.h5.0a1b.tmp"]


def test_a_link_in_the_place_of_a_claim_is_not_followed(folder, tmp_path):
    target = tmp_path / "precious"
    target.write_text("kept")
    folder.claim(POINT).symlink_to(target)
    with pytest.raises(WriteError, match="running"), claimed(folder, POINT):
        pass
    assert target.read_text() == "kept"


def test_a_folder_that_is_gone_is_an_error_with_advice(folder):
    folder.points.rmdir()
    with pytest.raises(WriteError, match="was it removed"), claimed(folder, POINT):
        pass
