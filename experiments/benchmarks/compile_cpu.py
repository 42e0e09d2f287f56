"""Processor seconds of the compiler alone for Brunel's network.

Two numbers: for the first program of a machine, and for a further one.

Usage: python compile_cpu.py FOLDER
The folder must not hold programs yet. What all programs have in common is compiled with the first and kept.
"""

import os
import resource
import sys
from pathlib import Path

from workloads import BRUNEL

import snnrun
from snnrun.network.compose import compose
from snnrun.simulation.compiler import compile_program
from snnrun.simulation.flags import flags_for
from snnrun.simulation.generator import generate_sources
from snnrun.simulation.runtime_objects import runtime_for


def of_children() -> float:
    """Processor seconds of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


folder = Path(sys.argv[1])
os.environ["SNNRUN_CACHE"] = str(folder / "cache")
sources = folder / "sources"
sources.mkdir(parents=True)
blueprint = compose(snnrun.load(BRUNEL)).blueprint
generate_sources(blueprint, sources)
for _ in range(2):
    before = of_children()
    with runtime_for(blueprint, print) as runtime:
        compile_program(sources, folder / "program", flags_for(blueprint), *runtime())
    print(of_children() - before)
