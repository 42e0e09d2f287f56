"""Files appear whole or not at all: every step is made to fail once, and writers are killed at any moment."""

from __future__ import annotations

import errno
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from snnrun.errors import ResultsError
from snnrun.results.atomic import WORK_PREFIX, link_whole, make_folder, remove_leftovers, write_whole

OLD, NEW = b"old" * 1000, b"new" * 5000


class FailingDisk:
    """Stands before the calls of `os` that change a disk, and lets the N-th of them fail."""

    STEPS = ("open", "write", "fsync", "close", "replace", "symlink")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail_at: int, code: int = errno.ENOSPC) -> None:
        self.calls: list[str] = []
        self.fail_at, self.code = fail_at, code
        for step in self.STEPS:
            monkeypatch.setattr(os, step, self._watched(step, getattr(os, step)))

    @property
    def has_failed(self) -> bool:
        return len(self.calls) > self.fail_at

    def _watched(self, step: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls.append(step)
            fails = len(self.calls) == self.fail_at + 1
            if step == "close":  # frees the descriptor even when it reports an error
                original(*arguments, **options)
            if fails:
                raise OSError(self.code, os.strerror(self.code))
            if step == "write":
                descriptor, data = arguments
                return original(descriptor, data[:4096])  # the system may write less than asked for
            return None if step == "close" else original(*arguments, **options)

        return call


def every_step(action: Callable[[], None], code: int = errno.ENOSPC) -> Iterator[tuple[FailingDisk, str]]:
    """Runs an action again and again, each time with the next step failing, until none is left to fail."""
    for number in range(100):
        with pytest.MonkeyPatch.context() as patch:
            disk = FailingDisk(patch, number, code)
            try:
                action()
            except ResultsError as error:
                message = str(error)
            else:
                assert not disk.has_failed, f"step {number} ({disk.calls[-1]}) failed, and nobody was told"
                return
        yield disk, message
    raise AssertionError("more steps than expected")


@pytest.mark.parametrize("existed", [True, False])
def test_whichever_step_fails_the_old_file_is_intact_and_nothing_else_is_left(tmp_path: Path, existed: bool) -> None:
    path = tmp_path / "file"
    if existed:
        path.write_bytes(OLD)
    failed = []
    for disk, message in every_step(lambda: write_whole(path, NEW)):
        step = disk.calls[disk.fail_at]
        failed.append(step)
        assert str(path) in message
        assert "No space left on device. Free some space" in message
        if disk.calls.count("replace") and step != "replace":
            # Renamed already, only the folder could not be flushed: the new file, whole.
            assert path.read_bytes() == NEW
        else:
            assert (path.read_bytes() == OLD) if existed else not path.exists()
        assert sorted(tmp_path.iterdir()) == ([path] if path.exists() else [])
        path.unlink(missing_ok=True)
        if existed:
            path.write_bytes(OLD)
    # 15 000 bytes in pieces of 4096: no step was left out.
    assert failed == ["open", *["write"] * 4, "fsync", "close", "replace", "open", "fsync", "close"]
    assert path.read_bytes() == NEW


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(OLD)
    return path


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (errno.EDQUOT, "quota"),
        (errno.EFBIG, "ulimit -f"),
        (errno.EACCES, "may write to"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_the_error_says_what_to_do(old_file: Path, code: int, advice: str) -> None:
    for disk, message in every_step(lambda: write_whole(old_file, NEW), code):
        assert message.startswith(f"{old_file}: cannot be written: {os.strerror(code)}"), disk.calls
        assert advice in message


def test_an_interrupted_writer_leaves_nothing(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(old_file, NEW)
    assert list(old_file.parent.iterdir()) == [old_file]
    assert old_file.read_bytes() == OLD


def test_file_systems_that_do_not_flush_folders_will_do(old_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EINVAL, "Invalid argument")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    write_whole(old_file, NEW)
    assert old_file.read_bytes() == NEW


def test_a_link_is_moved_whole_whichever_step_fails(tmp_path: Path) -> None:
    link = tmp_path / "latest"
    link.symlink_to("old")
    for disk, _ in every_step(lambda: link_whole(link, "new")):
        assert link.readlink() == Path("new" if "replace" in disk.calls[: disk.fail_at] else "old")
        assert list(tmp_path.iterdir()) == [link]
        link.unlink()
        link.symlink_to("old")
    assert link.readlink() == Path("new")


def test_a_folder_in_place_of_the_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(ResultsError, match="A folder stands where the file belongs"):
        write_whole(tmp_path / "file", NEW)
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="The folder is gone"):
        write_whole(tmp_path / "gone" / "file", NEW)


def test_a_file_in_place_of_a_folder_is_told(old_file: Path) -> None:
    with pytest.raises(ResultsError, match="A file stands where a folder is needed"):
        make_folder(old_file / "results")


def test_a_limit_on_file_sizes_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from snnrun.results.atomic import write_whole\n"
        "write_whole(Path(sys.argv[1]), bytes(1_000_000))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "file"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "WriteError" in done.stderr
    assert "File too large. Record fewer neurons" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a disk is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_keeps_the_old_file(small_disk: Path) -> None:
    path = small_disk / "file"
    write_whole(path, OLD)
    with pytest.raises(ResultsError, match="No space left on device"):
        write_whole(path, bytes(1_000_000))
    assert path.read_bytes() == OLD
    assert list(small_disk.iterdir()) == [path]
    write_whole(path, NEW)  # the space is free again


WRITER = """
import sys
from pathlib import Path
from snnrun.results.atomic import write_whole
path = Path(sys.argv[1])
contents = [bytes([letter]) * 2_000_000 for letter in b"abc"]
print("ready", flush=True)
while True:
    for content in contents:
        write_whole(path, content)
"""


def test_a_writer_killed_at_any_moment_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    moments = random.Random(0)
    seen = set()
    for _ in range(15):
        with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0, 0.05))
            writer.kill()
        if path.exists():
            content = path.read_bytes()
            assert len(content) == 2_000_000
            assert len(set(content)) == 1
            seen.add(content[:1])
    assert seen, "no writer got as far as a file: this has tested nothing"
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_is_removed_and_nothing_that_a_link_leads_to(tmp_path):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "run"
    for place in (elsewhere, folder, folder / f"{WORK_PREFIX}abc", folder / f"{WORK_PREFIX}abc" / "output"):
        place.mkdir()
    (elsewhere / "kept").touch()
    (folder / f"{WORK_PREFIX}abc" / "output" / "spikes").touch()
    (folder / f"{WORK_PREFIX}link").symlink_to(elsewhere)
    remove_leftovers(folder)
    assert not (folder / f"{WORK_PREFIX}abc").exists()
    assert (elsewhere / "kept").exists()
