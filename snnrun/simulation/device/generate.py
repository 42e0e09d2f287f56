"""The generator's own process: a blueprint on standard input, C++ sources in the current folder.

Started by `snnrun.simulation.generator` with ``python -I`` in an empty private folder: Brian reads preference files
from the current folder, and what it evaluates stays in this process.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from brian2 import second
from brian2.core.preferences import prefs
from brian2.devices.device import all_devices, set_device
from brian2.utils.logger import BrianLogger

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.reference.program import read_lines, watch_lines, write_lines
from snnrun.simulation.device.reference.standalone import ReferenceDevice
from snnrun.simulation.device.reference.translation_unit import join_sources


def generate(blueprint: Blueprint, folder: Path) -> None:
    """Write the sources of the program for a blueprint into a folder."""
    BrianLogger.suppress_name("resolution_conflict")
    prefs.core.default_float_dtype = np.float64
    prefs.devices.cpp_standalone.openmp_threads = 0
    device = all_devices["snnrun"] = ReferenceDevice()
    set_device("snnrun", build_on_run=False)
    objects = BrianObjects(blueprint)
    network = objects.network
    device.insert_code("main", "\n".join(read_lines(objects, device)))
    objects.set_initial_values()
    device.insert_code("main", "\n".join(watch_lines(objects, device)))
    network.run(1 * second, namespace={})
    device.insert_code("main", "\n".join(write_lines(objects, device)))
    device.build(directory=str(folder), compile=False, run=False)
    join_sources(folder)


if __name__ == "__main__":
    generate(Blueprint.from_plain(json.load(sys.stdin)), Path.cwd())
