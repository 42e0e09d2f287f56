"""Kills a command with all that it has started, again and again, and looks what became of the files of its results."""

import os
import random
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from measure import measured


@dataclass(frozen=True)
class Story:
    """What was lost.

    Parameters
    ----------
    lost
        For each time it was killed, how many points were being computed.
    twice
        Results that were there when it was killed, and written again later.
    left_over
        Files beside the results at the end.
    """

    lost: tuple[int, ...]
    twice: int
    left_over: int


def kill_and_go_on(command: list[str | Path], points: Path, kills: int, longest: float, **environment: str) -> Story:
    """Kill a sweep at random moments, then let it end.

    Parameters
    ----------
    points
        Folder of the results of its points.
    kills, longest
        How many times, and the seconds after which it is killed at last.
    """
    moments, lost, twice = random.Random(1), [], 0
    before: dict[str, tuple[int, int]] = {}
    for _ in range(kills):
        run_for(moments.uniform(0, longest), command, **environment)
        after = results(points)
        twice += changed(before, after)
        lost.append(len({path.stem for path in points.glob("*.running")} - {Path(name).stem for name in after}))
        before = after
    measured(command, **environment)
    after = results(points)
    left = [path for path in points.iterdir() if path.name not in after]
    return Story(tuple(lost), twice + changed(before, after), len(left))


def run_for(seconds: float, command: list[str | Path], **environment: str) -> None:
    """Run a command in a group of its own, and kill the group after some time."""
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def results(points: Path) -> dict[str, tuple[int, int]]:
    """What tells a file from one that was written again, by name."""
    stats = {path.name: path.stat() for path in points.glob("*.h5")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def changed(before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]]) -> int:
    """How many of the files were written again."""
    return sum(after.get(name) != stamp for name, stamp in before.items())
