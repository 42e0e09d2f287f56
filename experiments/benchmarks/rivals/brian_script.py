"""What the Brian scripts share: the command line, the standalone device as it comes, and what they tell at the end.

Usage: python brian_X.py SECONDS WARMUP SEED FOLDER
"""

import json
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

from brian2 import Network, SpikeMonitor, collect, defaultclock, device, ms, second, seed, set_device


@dataclass(frozen=True)
class Task:
    """Seconds to simulate, seconds not measured at the beginning, the seed, and the folder for the program."""

    seconds: float
    warmup: float
    seed: int
    folder: Path


def begin() -> Task:
    """Read the command line and set Brian up: C++ standalone with its defaults, hence one thread."""
    seconds, warmup, number, folder = sys.argv[1:5]
    task = Task(float(seconds), float(warmup), int(number), Path(folder))
    set_device("cpp_standalone", build_on_run=False)
    seed(task.seed)
    defaultclock.dt = 0.1 * ms
    return task


def finish(task: Task, spikes: SpikeMonitor, **populations: tuple[int, int]) -> None:
    """Compile and run all that the script has made, and print times and rates.

    `build` is what the program does before the first time step and after the last; `compile_cpu` is the processor time
    of make and the compilers alone, without that of Python writing the sources.

    Parameters
    ----------
    populations
        By name, the first neuron of the monitored group and the one after the last.
    """
    Network(collect(level=1)).run(task.seconds * second)
    device.build(directory=str(task.folder), run=False)
    compile_cpu = processor_seconds_of_children()
    device.run(with_output=False)
    program = device.timers["run_binary"]
    measured = spikes.i[spikes.t / second >= task.warmup]
    rates = {
        name: float(((measured >= first) & (measured < last)).sum()) / (last - first) / (task.seconds - task.warmup)
        for name, (first, last) in populations.items()
    }
    simulate = device._last_run_time  # the loop over time steps alone, as the program tells
    told = {"build": program - simulate, "simulate": simulate, "compile_cpu": compile_cpu, "rates": rates}
    print(json.dumps(told))


def processor_seconds_of_children() -> float:
    """Processor time of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
