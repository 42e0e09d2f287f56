"""The makefile of a sweep, run by the real make with a stand-in for snnrun that notes what it is asked for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from snnrun.results.atomic import write_whole
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import write_list
from snnrun.sweep.plan.makefile import makefile, target_of

IDS = ["aaaa1111bbbb2222", "cccc3333dddd4444", "eeee5555ffff6666"]
STAND_IN = """#!/bin/sh
# sweep point FOLDER ID --list LIST: every point succeeds but those named in $FAIL; `ahead` does all at once.
echo "$4" >> "$NOTES"
echo "$SNNRUN_SESSION" >> "$NOTES.sessions"
case " $FAIL " in *" $4 "*) exit 4;; esac
touch "$3/points/$4.h5"
if [ "$AHEAD" ]; then for id in $(cat "$6"); do touch "$3/points/$id.h5"; done; fi
"""


@pytest.fixture
def folder(tmp_path: Path) -> SweepFolder:
    folder = SweepFolder.of(tmp_path / "results", "plane")
    folder.create()
    write_list(folder.points_file, IDS)
    write_whole(folder.makefile, makefile(folder).encode())
    return folder


@pytest.fixture
def make(tmp_path: Path):
    stand_in = tmp_path / "stand-in"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)

    def run(*arguments: str, cwd: Path = tmp_path, **variables: str) -> tuple[Any, list[str]]:
        notes = tmp_path / "notes"
        notes.unlink(missing_ok=True)
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "SNNRUN_S"))}
        done = subprocess.run(
            ["make", f"SNNRUN={stand_in}", *arguments],
            cwd=cwd,
            env={**surroundings, "NOTES": str(notes), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        return done, sorted(notes.read_text().split()) if notes.exists() else []

    return run


def test_every_missing_point_is_asked_for_once(folder, make):
    fragment = "results/plane/sweep/sweep.mk"
    done, asked = make("-j2", "-f", fragment)
    assert done.returncode == 0
    assert asked == IDS
    done, asked = make("-j2", "-f", fragment)
    assert done.returncode == 0
    assert asked == []


def test_a_result_is_right_however_old_it_is(folder, make):
    folder.result(IDS[0]).touch()
    os.utime(folder.result(IDS[0]), (0, 0))
    assert make("-f", str(folder.makefile))[1] == IDS[1:]


def test_what_a_worker_has_done_ahead_is_not_asked_for(folder, make):
    done, asked = make("-f", str(folder.makefile), AHEAD="yes")
    assert done.returncode == 0
    assert asked == IDS[:1]


def test_a_point_that_fails_does_not_stop_the_others_and_make_says_so(folder, make):
    done, asked = make("-k", "-f", str(folder.makefile), FAIL=IDS[0])
    assert done.returncode == 2
    assert f"{IDS[0]}.h5] Error 4" in done.stderr
    assert asked == IDS
    assert folder.scan().done == set(IDS[1:])


def test_a_dry_run_shows_what_is_missing_and_does_nothing(folder, make):
    folder.result(IDS[1]).touch()
    done, asked = make("-n", "-f", str(folder.makefile))
    assert asked == []
    assert [one for one in IDS if one in done.stdout] == [IDS[0], IDS[2]]


def test_a_makefile_of_the_users_own_includes_it_and_adds_what_it_likes(folder, make, tmp_path):
    (tmp_path / "Makefile").write_text(
        f"all: {target_of(folder)}\n\techo all is done\n\ninclude results/plane/sweep/sweep.mk\n"
    )
    done, asked = make()
    assert asked == IDS
    assert done.stdout.splitlines()[-1] == "all is done"


def test_two_sweeps_in_one_makefile_keep_apart(folder, make, tmp_path):
    other = SweepFolder.of(tmp_path / "results", "plane", "fine")
    other.create()
    write_list(other.points_file, IDS[:1])
    write_whole(other.makefile, makefile(other).encode())
    (tmp_path / "Makefile").write_text(
        "all: plane-sweep plane-sweep-fine\n\ninclude results/plane/sweep/sweep.mk results/plane/sweep-fine/sweep.mk\n"
    )
    assert make()[1] == sorted([*IDS, IDS[0]])
    assert other.scan().done == {IDS[0]}


def test_the_folders_above_may_have_blanks_in_their_names(tmp_path, make):
    folder = SweepFolder.of(tmp_path / "my results", "plane")
    folder.create()
    write_list(folder.points_file, IDS)
    write_whole(folder.makefile, makefile(folder).encode())
    done, asked = make("-f", "sweep.mk", cwd=folder.path)
    assert (done.returncode, asked) == (0, IDS)


def test_without_points_there_is_an_error_rather_than_nothing_to_do(tmp_path, folder, make):
    folder.points_file.unlink()
    done, _ = make("-f", str(folder.makefile))
    assert done.returncode == 2
    assert "There are no points in points.txt. Plan the sweep again" in done.stderr
    elsewhere = SweepFolder.of(tmp_path / "my results", "plane")
    elsewhere.create()
    write_list(elsewhere.points_file, IDS)
    write_whole(elsewhere.makefile, makefile(elsewhere).encode())
    done, asked = make("-f", str(elsewhere.makefile))  # make parts names at blanks
    assert (done.returncode, asked) == (2, [])
    assert "call make in its folder if a name above has blanks" in done.stderr


def test_a_list_of_its_own_names_a_part_of_the_points(folder, make, tmp_path):
    write_list(tmp_path / "chunk.txt", IDS[1:2])
    assert make("-f", str(folder.makefile), f"{target_of(folder)}.list={tmp_path / 'chunk.txt'}")[1] == IDS[1:2]


def test_one_make_is_one_session(folder, make, tmp_path):
    for _ in range(2):
        make("-k", "-j2", "-f", str(folder.makefile), FAIL=" ".join(IDS))
    sessions = (tmp_path / "notes.sessions").read_text().split()
    assert len(sessions) == 2 * len(IDS)
    assert len(set(sessions)) == 2
