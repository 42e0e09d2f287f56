"""The lines of the program that read its input: the network and its values, then what is of the trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from brian2 import Synapses

from snnrun.network.blueprint import Slot
from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.fast.codegen import plain_sum
from snnrun.simulation.device.fast.device import FastDevice
from snnrun.simulation.device.fast.trace_groups import TraceGroup

_OF_THE_TRIAL: Final = ("initial", "events")


def input_lines(objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    """Lines that fill the slots of the run, in the order of the blueprint."""
    for slot in objects.blueprint.slots:
        if slot.kind not in _OF_THE_TRIAL:
            yield from _LINES[slot.kind](slot, objects, device)


def trial_lines(objects: BrianObjects, traces: list[TraceGroup], device: FastDevice) -> Iterator[str]:
    """Lines that fill the slots of a trial, then set what starts anew in each."""
    for slot in objects.blueprint.slots:
        if slot.kind in _OF_THE_TRIAL:
            yield from _LINES[slot.kind](slot, objects, device)
    for projection in objects.blueprint.projections:
        for variable, value in projection.initial:
            array = device.array(objects.projections[projection.name], variable)
            yield f"for (auto& number : {array}) number = {value!r};"
    for trace in traces:
        for variable, value in trace.traces.initial:
            yield f"for (auto& number : {device.array(trace.group, variable)}) number = {value!r};"


def _synapse_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    synapses = objects.projections[slot.owner]
    own = [other for other in objects.blueprint.slots if other.owner == slot.owner]
    columns = [s for s in own if s.kind == "value" and s.size is None]
    varied_delay = any(s.kind == "delay" and s.size is None for s in own)
    observed = any(s.kind == "snapshots" for s in own)
    keep_order = "true" if observed else "simulation.n_changes > 0" if columns else "false"
    listed = ", ".join(f'{{"{column.name}", {device.array(synapses, column.variable)}}}' for column in columns)
    rows = f"rows_{synapses.name}"
    yield (
        f'{rows}.read(inputs, "{slot.name}", {len(synapses.source)}, {len(synapses.target)}, simulation.n_threads, '
        f"{_bool(varied_delay)}, {_bool(may_be_dense(synapses) and not varied_delay)}, {keep_order}, {{{listed}}});"
    )
    for variable in sorted(synapses._registered_variables, key=lambda variable: str(variable.name)):
        # Which neurons a synapse joins stands in its row, how long spikes travel decides where.
        if variable.name not in ("_synaptic_pre", "_synaptic_post", "N_outgoing", "N_incoming", "delay"):
            yield f"{device.get_array_name(variable, access_data=False)}.resize({rows}.size());"


def may_be_dense(synapses: Synapses) -> bool:
    """Whether a bit says all about a synapse: that it is there."""
    pathways = list(synapses._pathways)
    plain = plain_sum(pathways[0], synapses.variables) if len(pathways) == 1 else None
    return plain is not None and plain.shared


def _value_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    owner = objects.owner(slot.owner)
    array = device.array(owner, slot.variable)
    if slot.size is None:  # came with the rows
        yield f'simulation.value("{slot.name}", {array}, rows_{owner.name});'
    else:
        yield f'simulation.read_value(inputs, "{slot.name}", {array}, {slot.size});'


def _delay_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    if slot.size is not None:
        yield f'rows_{objects.owner(slot.owner).name}.set_delay(inputs.scalar<int32_t>("{slot.name}"));'


def _initial_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    yield f'trial.read("{slot.name}", {device.array(objects.owner(slot.owner), slot.variable)}, {slot.size});'


def _waveform_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    array = device.array(objects.owner(slot.owner), slot.variable)
    yield f'simulation.read_waveform(inputs, "{slot.name}", {array});'


def _event_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    array = device.array(objects.owner(slot.owner), slot.variable)
    yield f'simulation.read_events(trial, "{slot.name}", {array});'


def _snapshot_lines(slot: Slot, objects: BrianObjects, device: FastDevice) -> Iterator[str]:
    yield f'simulation.observe(inputs, "{slot.name}");'


def _bool(value: bool) -> str:
    return "true" if value else "false"


_LINES: Final = {
    "synapses": _synapse_lines,
    "value": _value_lines,
    "delay": _delay_lines,
    "initial": _initial_lines,
    "waveform": _waveform_lines,
    "events": _event_lines,
    "snapshots": _snapshot_lines,
}
