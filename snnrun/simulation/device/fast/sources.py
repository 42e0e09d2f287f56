"""Writes the sources of a program of the fast engine."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from brian2 import second
from brian2.devices.device import all_devices, set_device

from snnrun.network.blueprint import Blueprint
from snnrun.network.spike_traces import take_apart
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.fast.codegen import prepare_code_generation
from snnrun.simulation.device.fast.device import FastDevice
from snnrun.simulation.device.fast.program import program_source
from snnrun.simulation.device.fast.trace_groups import trace_groups
from snnrun.simulation.device.source_files import PROGRAM_SOURCE, RUNTIME


def write_sources(blueprint: Blueprint, folder: Path) -> None:
    """Write the sources for a blueprint into a folder."""
    prepare_code_generation()
    device = all_devices["snnrun"] = FastDevice()
    set_device("snnrun", build_on_run=False)
    parts = {projection.name: take_apart(projection) for projection in blueprint.projections}
    objects = BrianObjects(
        replace(blueprint, projections=tuple(apart.synapses for apart in parts.values())), spikes_by_brian=False
    )
    traces = list(trace_groups(objects, parts))
    network = objects.network
    network.add(*(trace.group for trace in traces))
    objects.set_initial_values()
    network.run(1 * second, namespace={})
    (folder / PROGRAM_SOURCE).write_text(program_source(objects, traces, network, device), encoding="utf-8")
    shutil.copytree(RUNTIME, folder / "runtime")
