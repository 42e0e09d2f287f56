"""Measures processes: time, processor time, and the peak memory of a whole family of processes."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
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
    memory
        MiB of all processes together, where that was most.
    largest_child
        MiB of the largest of its descendants, where that had most; 0 if it had none that were seen.
    output
        What was printed.
    """

    wall: float
    cpu: float
    memory: float
    largest_child: float
    output: str


def measured(command: list[str | Path], **environment: str) -> Process:
    """Run a command to its end; if it fails, end with what it said."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(part) for part in command], env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        memory = _Memory(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        memory.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{text}")
    # What the kernel keeps of the largest single process counts where the looks missed the moment.
    peak = max(memory.together, usage.ru_maxrss)
    return Process(wall, usage.ru_utime + usage.ru_stime, peak / 1024, memory.largest_child / 1024, text)


class _Memory:
    """Looks again and again at the memory of a process and its descendants, in KiB."""

    def __init__(self, pid: int) -> None:
        self.together = 0
        self.largest_child = 0
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
            resident = {pid: _resident(pid) for pid in _family(self._pid)}
            self.together = max(self.together, sum(now for now, _ in resident.values()))
            peaks = [peak for pid, (_, peak) in resident.items() if pid != self._pid]
            self.largest_child = max(self.largest_child, *peaks, 0)


def _family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return  # it has ended
    for child in children:
        yield from _family(int(child))


def _resident(pid: int) -> tuple[int, int]:
    """KiB that a process has in memory now, and had when it had most; zeros if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    sizes = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(sizes.get("VmRSS", 0)), int(sizes.get("VmHWM", 0))
