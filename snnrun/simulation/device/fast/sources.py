"""Writes the sources of a program of the fast engine."""

from __future__ import annotations

import shutil
from pathlib import Path

from brian2 import second
from brian2.devices.device import all_devices, set_device

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.fast.codegen import prepare_code_generation
from snnrun.simulation.device.fast.device import FastDevice
from snnrun.simulation.device.fast.program import program_source
from snnrun.simulation.device.source_files import PROGRAM_SOURCE, RUNTIME


def write_sources(blueprint: Blueprint, folder: Path) -> None:
    """Write the sources for a blueprint into a folder."""
    prepare_code_generation()
    device = all_devices["snnrun"] = FastDevice()
    set_device("snnrun", build_on_run=False)
    objects = BrianObjects(blueprint, spikes_by_brian=False)
    network = objects.network
    objects.set_initial_values()
    network.run(1 * second, namespace={})
    (folder / PROGRAM_SOURCE).write_text(program_source(objects, network, device), encoding="utf-8")
    shutil.copytree(RUNTIME, folder / "runtime")
