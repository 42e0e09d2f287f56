"""The lines of the main program that read its values and write what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from brian2 import Synapses
from brian2.core.variables import DynamicArrayVariable

from snnrun.network.blueprint import Slot
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.reference.standalone import ReferenceDevice


def read_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that fill every slot of the blueprint, in its order: from the input of the run, then from the trial's."""
    yield f"schedule.dt = {objects.blueprint.dt!r};"
    for name, place in (("n_ticks", "n_ticks"), ("max_spikes", "watch.max_spikes"), ("n_changes", "n_changes")):
        yield f'schedule.{place} = inputs.scalar<int64_t>("{name}");'
    slots = objects.blueprint.slots
    for slot in (slot for slot in slots if slot.kind not in _OF_THE_TRIAL):
        if slot.kind == "synapses":
            own = [other for other in slots if other.owner == slot.owner and other.size is None]
            yield from _synapse_lines(slot, own, objects.owner(slot.owner), device)
        elif slot.size is not None:
            yield from _SLOT_LINES[slot.kind](slot, objects.owner(slot.owner), device)
    for slot in (slot for slot in slots if slot.kind == "value"):
        yield from _change_lines(slot, objects.owner(slot.owner), device)
    yield "schedule.read_changes(inputs);"
    yield "inputs.finish();"
    yield "const snnrun::Trial own = snnrun::fork_trials(argc - 3, argv + 3);"
    yield "schedule.watch.trial = own.number;"
    yield "snnrun::Outputs outputs(own.folder);"
    yield 'snnrun::Inputs trial((std::string(own.folder) + "/trial").c_str());'
    yield 'brian::_random_generators[0].seed(trial.scalar<int64_t>("seed"));'
    for slot in (slot for slot in slots if slot.kind in _OF_THE_TRIAL):
        yield from _SLOT_LINES[slot.kind](slot, objects.owner(slot.owner), device)
    yield "trial.finish();"
    for projection in objects.blueprint.projections:
        for variable, value in projection.initial:
            array = device.array(objects.projections[projection.name], variable)
            yield f"std::fill({array}.begin(), {array}.end(), {value!r});"


def _synapse_lines(slot: Slot, own: Sequence[Slot], owner: Synapses, device: ReferenceDevice) -> Iterator[str]:
    """Lines that read the blocks of a projection, and with them what each synapse has of its own: its delay first."""

    def array(variable: str) -> str:
        return device.array(owner, variable)

    pairs = ", ".join(array(name) for name in ("_synaptic_pre", "_synaptic_post", "N_outgoing", "N_incoming"))
    yield f'snnrun::Blocks {owner.name}(inputs, "{slot.name}", {len(owner.source)}, {len(owner.target)});'
    yield f"while ({owner.name}.next()) {{"
    yield f"    {owner.name}.read_pairs({pairs});"
    for each in sorted(own, key=lambda each: each.kind != "delay"):
        dt = ", schedule.dt" if each.kind == "delay" else ""
        what = "times" if each.kind == "delay" else "values"
        yield f'    {owner.name}.read_{what}("{each.name}", {array(each.variable)}{dt});'
    yield "}"
    n = f"{array('_synaptic_pre')}.size()"
    yield f"*{array('N')} = static_cast<int32_t>({n});"
    for variable in sorted(owner._registered_variables, key=lambda variable: str(variable.name)):
        if isinstance(variable, DynamicArrayVariable):
            yield f"{device.get_array_name(variable, access_data=False)}.resize({n});"


def _value_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    yield f'inputs.read("{slot.name}", {device.array(owner, slot.variable)}, {slot.size});'


def _change_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    array = device.array(owner, slot.variable)
    count = slot.size if slot.size is not None else f"{array}.size()"
    yield f'schedule.value("{slot.name}", {array}, {count});'


def _delay_lines(slot: Slot, owner: Synapses, device: ReferenceDevice) -> Iterator[str]:
    array = device.array(owner, slot.variable)
    yield f"{array}.resize(1);"
    yield f'inputs.read_times("{slot.name}", {array}.data(), 1, schedule.dt);'


def _initial_lines(slot: Slot, owner: Any, device: ReferenceDevice) -> Iterator[str]:
    yield f'trial.read("{slot.name}", {device.array(owner, slot.variable)}, {slot.size});'


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


_OF_THE_TRIAL: Final = ("initial", "events")
_SLOT_LINES: Final = {
    "value": _value_lines,
    "delay": _delay_lines,
    "initial": _initial_lines,
    "waveform": _waveform_lines,
    "events": _event_lines,
    "snapshots": _snapshot_lines,
}


def watch_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that name the state to be checked while the program runs."""
    for population in objects.blueprint.populations:
        for variable in population.state:
            array = device.array(objects.populations[population.name], variable)
            yield f'schedule.watch.add("{population.name} {variable}", {array}, {population.size});'
    for projection in objects.blueprint.projections:
        for variable in projection.state:
            array = device.array(objects.projections[projection.name], variable)
            yield f'schedule.watch.add("{projection.name} {variable}", {array}.data(), {array}.size());'
    for name, monitor in objects.spikes.items():
        yield f'schedule.count_spikes("{name}", {device.array(monitor, "N")});'


def write_lines(objects: BrianObjects, device: ReferenceDevice) -> Iterator[str]:
    """Lines that write what was recorded."""
    for name, monitor in objects.counts.items():
        yield f"const int64_t n_{monitor.name} = *{device.array(monitor, 'N')};"
        yield f'outputs.write("count.{name}", &n_{monitor.name}, 1);'
    for name, monitor in objects.spikes.items():
        ticks = f"snnrun::ticks_of({device.array(monitor, 't')}, schedule.dt)"
        yield f'outputs.write("spikes.{name}.tick", {ticks});'
        yield f'outputs.write("spikes.{name}.i", {device.array(monitor, "i")});'
    for name, monitor in objects.traces.items():
        yield f'outputs.write("traces.{name}.t", {device.array(monitor, "t")});'
        for variable in objects.blueprint_trace(name).variables:
            yield f'outputs.write_matrix("traces.{name}.{variable}", {device.array(monitor, variable)});'
    snapshots = [slot for slot in objects.blueprint.slots if slot.kind == "snapshots"]
    for number, slot in enumerate(snapshots):
        yield f'outputs.write("weights.{slot.owner}.tick", schedule.snapshots[{number}].ticks);'
        yield f'outputs.write("weights.{slot.owner}.weight", schedule.snapshots[{number}].copies);'
    yield "outputs.finish();"
