"""Runs a compiled program: values in, progress out, its complaints turned into sentences."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from snnrun.errors import SimulationError
from snnrun.simulation.process import child
from snnrun.units import Quantity, unit

Progress = Callable[[int, int], None]

# A pipe: what the program reads never lies on a disk, nor as a whole in anybody's memory.
_INPUT: Final = "/dev/stdin"
# The fewer turns writer and reader take, the less time they lose: as much as systems allow everybody.
_CAPACITY: Final = 1 << 20


def run_program(
    program: Path,
    folder: Path,
    write_input: Callable[[BinaryIO], None],
    trials: Sequence[Path],
    dt: float,
    on_progress: Progress,
    threads: int = 1,
) -> None:
    """Run a program to its end.

    Parameters
    ----------
    folder
        Private folder for the time that it runs.
    write_input
        Writes the values of the run into a file, from which the program reads at the same time.
    trials
        A folder for each trial: it holds the values of the trial, and the program writes into it.
    dt
        Time step in seconds, to tell times.
    on_progress
        Called with the trial, counted from 0, and the number of its time steps done, several times a second.
    threads
        How many threads the program may use.

    Raises
    ------
    SimulationError
        If it fails; the message says what happened and when.
    """
    # Its complaints are kept in memory: that the disk is full could not be written to the disk.
    log = os.fdopen(os.memfd_create("complaints"), "w+", errors="replace")
    try:
        command: list[str | Path] = [program, _INPUT, str(threads), *trials]
        pipe = subprocess.PIPE
        with log, child(command, folder=folder, stdin=pipe, stdout=pipe, stderr=log) as process:
            assert process.stdin is not None and process.stdout is not None
            # It says nothing while it reads.
            _write_into(process.stdin, write_input)
            for line in process.stdout:
                trial, tick = map(int, line.split())
                on_progress(trial, tick)
            status = process.wait()
            log.seek(0)
            complaints = log.read()
    except OSError as error:
        if error.filename != str(program):
            raise
        raise SimulationError(
            f"The compiled program {program} cannot be started: {error.strerror}.\n"
            "Build it again after 'snnrun cache clear'; if programs cannot run on that disk, name another folder: "
            "SNNRUN_CACHE=/path/to/folder snnrun …"
        ) from error
    if status:
        raise SimulationError(_explain(status, complaints, dt))


def _write_into(pipe: IO[str], write: Callable[[BinaryIO], None]) -> None:
    """Write into a program; what is left is dropped when it ends before: its status and its complaint tell why."""
    file = cast(BinaryIO, pipe.buffer)  # type: ignore[attr-defined]
    with suppress(OSError):  # the system may allow less
        fcntl.fcntl(file, fcntl.F_SETPIPE_SZ, _CAPACITY)
    try:
        with suppress(BrokenPipeError):
            write(file)
    finally:
        with suppress(BrokenPipeError):  # it writes what is still in its buffer
            pipe.close()


def _explain(status: int, log: str, dt: float) -> str:
    complaint = next((line.split() for line in log.splitlines() if line.startswith("snnrun ")), None)
    if status == -signal.SIGILL:
        return (
            "The simulation was compiled for another processor than this one.\n"
            "Run 'snnrun cache clear' on this machine and try again."
        )
    if status == -signal.SIGXFSZ:
        return "The output of the simulation is larger than files may be; raise the limit (ulimit -f) or record less."
    if complaint is None:
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        memory = " The machine may have run out of memory; see 'snnrun describe'." if status in (-9, -6) else ""
        return f"The simulation {how}.{memory}\n{log.strip()[-500:]}".rstrip()
    return _SENTENCES[complaint[1]](complaint[2:], dt)


def _time(tick: str, dt: float) -> str:
    return Quantity(int(tick) * dt, unit("s").dimension).pretty()


def _not_finite(words: list[str], dt: float) -> str:
    owner, variable, *side, index, start, stop = words
    projection, onto, target = owner.partition("__")
    where = f"'{projection}' onto '{target}'" if onto else f"'{owner}'"
    # Variables of synapses may be kept once for each of their sources or targets.
    one = f"the synapses of {side[0]}" if side else "synapse" if onto else "neuron"
    return (
        f"'{variable}' of {where} left the real numbers (NaN or infinite) between {_time(start, dt)} and "
        f"{_time(stop, dt)}, first at {one} {index}; nothing was kept.\n"
        "The time step may be too coarse for the equations: make 'simulation.dt' smaller or choose another integration "
        "'method' of the neuron. Exact integration of equations with two equal time constants does this, too: there, "
        "write 'method: rk4'."
    )


def _runaway(words: list[str], dt: float) -> str:
    time = int(words[0]) * dt
    counts = dict(zip(words[1::2], map(int, words[2::2]), strict=True))
    listed = ", ".join(f"{count} in '{name}'" for name, count in counts.items())
    return (
        f"Stopped at {_time(words[0], dt)}: the network had fired {sum(counts.values())} recorded spikes ({listed}), "
        f"{sum(counts.values()) / time:.3g} a second; nothing was kept.\n"
        "Activity is running away: weaken excitation or strengthen inhibition. If so many spikes are meant, record "
        "fewer neurons or raise 'simulation.max_spikes'."
    )


def _not_written(words: list[str], dt: float) -> str:
    return (
        f"The output of the simulation could not be written ({' '.join(words[1:])}); nothing of it was kept.\n"
        "Free some space, or choose another results folder with --output."
    )


def _bad_input(words: list[str], dt: float) -> str:
    return (
        f"The program could not read its input ({' '.join(words)}). "
        "Is the disk full? Otherwise run 'snnrun cache clear' and try again."
    )


def _not_forked(words: list[str], dt: float) -> str:
    return (
        f"The process of trial {words[0]} could not be started; the machine may have run out of memory.\n"
        "Make the network smaller, or use a larger machine; 'snnrun describe' shows what it needs."
    )


_SENTENCES: Final = {
    "not_finite": _not_finite,
    "runaway": _runaway,
    "not_written": _not_written,
    "not_forked": _not_forked,
    "bad_input": _bad_input,
}
