"""Where results lie, who may write there, and what is meant by a path."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from snnrun.errors import ResultsError
from snnrun.results.layout import RunFolder, find_recordings


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "results", "brunel", "0f3a")


def recorded(root: Path, experiment: str, run_id: str) -> Path:
    """A run with a recording."""
    run = RunFolder(root, experiment, run_id)
    run.create()
    run.recording.write_bytes(b"")
    run.mark_latest()
    return run.recording


def test_a_run_lies_below_its_experiment(run: RunFolder, tmp_path: Path) -> None:
    run.create()
    assert run.recording == tmp_path / "results/brunel/0f3a/recording.h5"
    assert run.analysis == tmp_path / "results/brunel/0f3a/analysis.h5"
    assert run.figures.is_dir()
    run.create()  # a second time is fine


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "/etc", "a b", "-rf", "a\0", "a\n", "ü", "x" * 101])
def test_names_that_are_paths_or_hidden_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ResultsError, match="cannot be the name of a folder"):
        RunFolder(tmp_path, name, "run")
    with pytest.raises(ResultsError, match="cannot be the name of a folder"):
        RunFolder(tmp_path, "experiment", name)


def test_no_run_can_be_called_latest(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="latest"):
        RunFolder(tmp_path, "experiment", "latest")


@pytest.mark.parametrize("place", ["brunel", "brunel/0f3a", "brunel/0f3a/figures"])
def test_nothing_is_written_through_a_link_below_the_results(run: RunFolder, tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = run.root / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    with pytest.raises(ResultsError, match="symbolic link"):
        run.create()
    assert list(elsewhere.iterdir()) == []


def test_the_lock_is_not_taken_through_a_link(run: RunFolder, tmp_path: Path) -> None:
    run.create()
    (run.path / ".lock").symlink_to(tmp_path / "victim")
    with pytest.raises(ResultsError), run.lock():
        pass
    assert not (tmp_path / "victim").exists()


def test_the_results_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "results").symlink_to(tmp_path / "scratch")
    RunFolder(tmp_path / "results", "brunel", "0f3a").create()
    assert (tmp_path / "scratch/brunel/0f3a").is_dir()


def test_latest_points_to_the_newest_run(tmp_path: Path) -> None:
    for run_id in ("b", "a"):
        recorded(tmp_path, "brunel", run_id)
    assert (tmp_path / "brunel/latest").readlink() == Path("a")


def test_a_folder_called_latest_is_not_replaced(run: RunFolder) -> None:
    run.create()
    run.latest.mkdir()
    with pytest.raises(ResultsError, match="cannot be written"):
        run.mark_latest()
    assert run.latest.is_dir()


def test_each_way_to_name_recordings_finds_them(tmp_path: Path) -> None:
    first, second = recorded(tmp_path, "brunel", "a"), recorded(tmp_path, "brunel", "b")
    other = recorded(tmp_path, "hodgkin_huxley", "c")
    assert find_recordings(first) == [first]
    assert find_recordings(first.parent) == [first]
    assert find_recordings(tmp_path / "brunel/latest") == [tmp_path / "brunel/latest/recording.h5"]
    assert find_recordings(tmp_path / "brunel") == [first, second]
    assert find_recordings(tmp_path) == [first, second, other]


def test_what_is_missing_comes_with_the_nearest_thing_that_exists(tmp_path: Path) -> None:
    recorded(tmp_path, "brunel", "a")
    with pytest.raises(ResultsError, match=r"does not exist\. Did you mean .*brunel/latest/recording\.h5\?"):
        find_recordings(tmp_path / "brunel/xyz")
    with pytest.raises(ResultsError, match=r"does not exist\. Did you mean .*/brunel\?"):
        find_recordings(tmp_path / "brunell")
    with pytest.raises(ResultsError, match=r"does not exist\.$"):
        find_recordings(tmp_path / "something")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ResultsError, match="snnrun simulate"):
        find_recordings(tmp_path / "empty")


HOLDER = """
import sys
from pathlib import Path
from snnrun.results.layout import RunFolder
print("started", flush=True)
with RunFolder(Path(sys.argv[1]), "brunel", "0f3a").lock():
    with Path(sys.argv[1], "log").open("a") as log:
        log.write("second\\n")
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(run: RunFolder) -> subprocess.Popen[str]:
    """Another process that takes the lock and keeps it."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, run.root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_is_told_that_the_run_is_being_worked_on(run: RunFolder) -> None:
    with holder(run) as other:
        assert [line_of(other), line_of(other)] == ["started", "held"]
        with pytest.raises(ResultsError, match="another snnrun is working on this run"), run.lock(wait=False):
            pass
        other.kill()
    with run.lock(wait=False):  # killed, it holds the lock no more
        pass


def test_a_second_process_waits_for_the_first(run: RunFolder) -> None:
    with run.lock():
        other = holder(run)
        assert line_of(other) == "started"
        time.sleep(0.2)  # time enough to do wrong
        with (run.root / "log").open("a") as log:
            log.write("first\n")
    with other:
        assert line_of(other) == "held"
        assert (run.root / "log").read_text() == "first\nsecond\n"
        other.kill()


def test_the_lock_is_free_after_an_error(run: RunFolder) -> None:
    with pytest.raises(ZeroDivisionError), run.lock():
        raise ZeroDivisionError
    with run.lock(wait=False):
        pass


def test_the_lock_clears_what_killed_writers_left(run: RunFolder) -> None:
    run.create()
    (run.path / ".recording.h5.0123456789abcdef.tmp").write_bytes(b"half")
    run.recording.write_bytes(b"whole")
    with run.lock():
        assert sorted(path.name for path in run.path.iterdir()) == [".lock", "figures", "recording.h5"]


def test_the_lock_clears_what_was_being_drawn_when_its_writer_was_killed(run: RunFolder) -> None:
    run.create()
    half_drawn = run.figures / ".rates.png.4cbe293854b71ace.tmp"
    half_drawn.touch()
    with run.lock():
        assert not half_drawn.exists()
