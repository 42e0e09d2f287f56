"""The lines of the main program that read its values and write what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brian2 import Synapses
from brian2.core.variables import DynamicArrayVariable

from snnrun.network.blueprint import Slot
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.reference.standalone import ReferenceDevice


def read_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that fill every slot of the blueprint, in its order: from the input of the run, or of the trial."""
    yield 'brian::_random_generators[0].seed(trial.scalar<int64_t>("seed"));'
    yield 'schedule.n_ticks = inputs.scalar<int64_t>("n_ticks");'
    yield 'schedule.max_spikes = inputs.scalar<int64_t>("max_spikes");'
    for slot in objects.blueprint.slots:
        yield from _SLOT_LINES[slot.kind](slot, objects.owner(slot.owner), device)
    for projection in objects.blueprint.projections:
        for variable, value in projection.initial:
            array = device.array(objects.projections[projection.name], variable)
            yield f"std::fill({array}.begin(), {array}.end(), {value!r});"
    yield "schedule.read_changes(inputs);"
    yield "inputs.finish();"
    yield "trial.finish();"


def _value_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    array = device.array(owner, slot.variable)
    count = slot.size if slot.size is not None else f"n_{owner.name}"
    yield f'inputs.read("{slot.name}", {array}, {count});'
    yield f'schedule.value("{slot.name}", {array}, {count});'


def _initial_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    yield f'trial.read("{slot.name}", {device.array(owner, slot.variable)}, {slot.size});'


def _synapse_lines(slot: Slot, owner: Synapses, device: ReferenceDevice) -> Iterator[str]:
    def array(variable: str) -> str:
        return device.array(owner, variable)

    yield (
        f'const size_t n_{owner.name} = inputs.synapses("{slot.name}", {len(owner.source)}, {len(owner.target)}, '
        f"{array('_synaptic_pre')}, {array('_synaptic_post')}, {array('N_outgoing')}, {array('N_incoming')}, "
        f"{array('N')});"
    )
    for variable in sorted(owner._registered_variables, key=lambda variable: str(variable.name)):
        if isinstance(variable, DynamicArrayVariable):
            yield f"{device.get_array_name(variable, access_data=False)}.resize(n_{owner.name});"


def _waveform_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    yield f"schedule.waveforms.push_back({{{device.array(owner, slot.variable)}}});"
    yield f'inputs.read("{slot.name}", schedule.waveforms.back().values, schedule.n_ticks);'


def _event_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    yield f"schedule.events.push_back({{{device.array(owner, slot.variable)}}});"
    yield f'trial.read_all("{slot.name}", schedule.events.back().ticks);'
    yield f'trial.read("{slot.name}", schedule.events.back().node_ids, schedule.events.back().ticks.size());'


def _snapshot_lines(slot: Slot, owner: Synapses, device: ReferenceDevice) -> Iterator[str]:
    yield f"schedule.snapshots.push_back({{&{device.array(owner, slot.variable)}}});"
    yield f'schedule.snapshots.back().read(inputs, "{slot.name}");'


_SLOT_LINES = {
    "value": _value_lines,
    "initial": _initial_lines,
    "synapses": _synapse_lines,
    "waveform": _waveform_lines,
    "events": _event_lines,
    "snapshots": _snapshot_lines,
}


def watch_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that name the state to be checked while the program runs."""
    for population in objects.blueprint.populations:
        for variable in population.state:
            array = device.array(objects.populations[population.name], variable)
            yield f'schedule.watch("{population.name} {variable}", {array}, {population.size});'
    for projection in objects.blueprint.projections:
        for variable in projection.state:
            array = device.array(objects.projections[projection.name], variable)
            yield f'schedule.watch("{projection.name} {variable}", {array});'
    for name, monitor in objects.spikes.items():
        yield f'schedule.count_spikes("{name}", {device.array(monitor, "N")});'


def write_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that write what was recorded."""
    for name, monitor in objects.counts.items():
        yield f'outputs.write("count.{name}", {device.array(monitor, "N")}, 1);'
    for name, monitor in objects.spikes.items():
        yield f'outputs.write("spikes.{name}.t", {device.array(monitor, "t")});'
        yield f'outputs.write("spikes.{name}.i", {device.array(monitor, "i")});'
    for name, monitor in objects.traces.items():
        yield f'outputs.write("traces.{name}.t", {device.array(monitor, "t")});'
        for variable in objects.blueprint_trace(name).variables:
            yield f'outputs.write_matrix("traces.{name}.{variable}", {device.array(monitor, variable)});'
    snapshots = [slot for slot in objects.blueprint.slots if slot.kind == "snapshots"]
    for number, slot in enumerate(snapshots):
        yield f'outputs.write("weights.{slot.owner}.tick", schedule.snapshots[{number}].ticks);'
        yield f'outputs.write("weights.{slot.owner}.weight", schedule.snapshots[{number}].copies);'
