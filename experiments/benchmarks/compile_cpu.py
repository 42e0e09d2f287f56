"""Processor seconds of the compiler alone when Brunel's network is built for the first time.

Usage: python compile_cpu.py FOLDER
The folder must not hold programs yet.
"""

import os
import resource
import sys
from pathlib import Path

from workloads import BRUNEL

import snnrun

# All that differs between the first run and the second is the compiler: generating happens in this very process, and
# the program takes the same time in both.
STEP = {"simulation.duration": "0.1 ms", "simulation.warmup": "0 ms"}


def of_children() -> float:
    """Processor seconds of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


folder = Path(sys.argv[1])
os.environ["SNNRUN_CACHE"] = str(folder / "cache")
experiment = snnrun.load(BRUNEL, settings=STEP)
seconds = [of_children()]
for _ in range(2):
    snnrun.run(experiment, folder / "results", figures=False, force=True)
    seconds.append(of_children())
cold, warm = seconds[1] - seconds[0], seconds[2] - seconds[1]
print(cold - warm)
