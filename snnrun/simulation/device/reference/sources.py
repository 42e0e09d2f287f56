"""Writes the sources of a program of the reference engine."""

from __future__ import annotations

from pathlib import Path

from brian2 import second
from brian2.devices.device import all_devices, set_device

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.reference.program import read_lines, watch_lines, write_lines
from snnrun.simulation.device.reference.standalone import ReferenceDevice
from snnrun.simulation.device.reference.translation_unit import join_sources


def write_sources(blueprint: Blueprint, folder: Path) -> None:
    """Write the sources for a blueprint into a folder."""
    device = all_devices["snnrun"] = ReferenceDevice()
    set_device("snnrun", build_on_run=False)
    objects = BrianObjects(blueprint, spikes_by_brian=True)
    network = objects.network
    device.insert_code("main", "\n".join(read_lines(objects, device)))
    objects.set_initial_values()
    device.insert_code("main", "\n".join(watch_lines(objects, device)))
    network.run(1 * second, namespace={})
    device.insert_code("main", "\n".join(write_lines(objects, device)))
    device.build(directory=str(folder), compile=False, run=False)
    join_sources(folder)
