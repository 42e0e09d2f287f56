"""Measures processes: time, processor time, and the peak memory of a whole family of processes."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_POLL = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Process:
    """One finished process with all that it had started.

    Parameters
    ----------
    wall, cpu
        Seconds of wall clock, and of processor over all processes.
    own_cpu
        Seconds of processor of the command itself, without the processes that it had started.
    memory
        MiB of all processes together, where that was most.
    peaks
        MiB of its descendants, each where it had most, by the names of their commands; of those of one name, the
        largest.
    output
        What was printed.
    """

    wall: float
    cpu: float
    own_cpu: float
    memory: float
    peaks: Mapping[str, float]
    output: str


def measured(command: list[str | Path], **environment: str) -> Process:
    """Run a command to its end; if it fails, end with what it said."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(part) for part in command], env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        memory = _Memory(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # its own times are there until it is waited for
        own_cpu = _own_cpu(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        memory.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{text}")
    # The kernel's own number, ru_maxrss, is of no use: before a child becomes the command, it is as large as we are.
    peaks = {name: peak / 1024 for name, peak in memory.peaks.items()}
    return Process(wall, usage.ru_utime + usage.ru_stime, own_cpu, memory.together / 1024, peaks, text)


def _own_cpu(pid: int) -> float:
    """Seconds of processor of one process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()  # the name of a command may have blanks
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Memory:
    """Looks again and again at the memory of a process and its descendants, in KiB."""

    def __init__(self, pid: int) -> None:
        self.together = 0
        self.peaks: dict[str, int] = {}
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> None:
        """No more looks."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_POLL):
            family = [_status(pid) for pid in _family(self._pid)]
            self.together = max(self.together, sum(int(each.get("VmRSS", 0)) for each in family))
            for each in family[1:]:
                name, peak = each.get("Name", ""), int(each.get("VmHWM", 0))
                self.peaks[name] = max(self.peaks.get(name, 0), peak)


def _family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return  # it has ended
    for child in children:
        yield from _family(int(child))


def _status(pid: int) -> dict[str, str]:
    """What the kernel tells of a process: its name, memory now and memory at most in KiB; nothing if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {key: words.split()[0] for key, _, words in (line.partition(":") for line in lines) if words.strip()}
