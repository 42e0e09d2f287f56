"""The generator's own process: a blueprint on standard input, C++ sources in the current folder.

Started by `snnrun.simulation.generator` with ``python -I`` in an empty private folder: Brian reads preference files
from the current folder, and what it evaluates stays in this process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from brian2.core.preferences import prefs
from brian2.utils.logger import BrianLogger

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.device.fast import sources as fast
from snnrun.simulation.device.reference import sources as reference


def generate(blueprint: Blueprint, folder: Path) -> None:
    """Write the sources of the program for a blueprint into a folder."""
    BrianLogger.suppress_name("resolution_conflict")
    prefs.core.default_float_dtype = np.float64
    prefs.devices.cpp_standalone.openmp_threads = 0
    engine = reference if blueprint.engine == "reference" else fast
    engine.write_sources(blueprint, folder)


if __name__ == "__main__":
    generate(Blueprint.from_plain(json.load(sys.stdin)), Path.cwd())
