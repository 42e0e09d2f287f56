"""The one source file of a program: arrays, code objects, and what is done with them in which order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from brian2 import Network, NeuronGroup, StateMonitor, Synapses
from brian2.codegen.generators.cpp_generator import CPPCodeGenerator, CPPNodeRenderer, c_data_type
from brian2.core.variables import Constant, DynamicArrayVariable

from snnrun.simulation.device.brian_objects import BrianObjects
from snnrun.simulation.device.fast.codegen import FastCodeObject
from snnrun.simulation.device.fast.device import FastDevice
from snnrun.simulation.device.fast.input_lines import input_lines, trial_lines
from snnrun.simulation.device.fast.trace_groups import TraceGroup

# What Brian does in a step, in order. Threads wait for each other between the two.
_OF_NEURONS: Final = ("before_start", "start", "groups", "thresholds")
_OF_ARRIVALS: Final = ("after_thresholds",)
_OF_SYNAPSES: Final = ("synapses", "resets", "end")
_OF_TRACES: Final = ("after_end",)
_ARRAY: Final = re.compile(r"\b(?:_dynamic)?(_array_\w+)")


def program_source(objects: BrianObjects, traces: list[TraceGroup], network: Network, device: FastDevice) -> str:
    """The C++ text of the program, after the code of all objects has been generated."""
    done = {*_OF_NEURONS, *_OF_ARRIVALS, *_OF_SYNAPSES, *_OF_TRACES}
    assert done >= {item.when for item in network.sorted_objects if any(map(_is_used, item._code_objects))}
    used = [code_object for code_object in device.code_objects.values() if _is_used(code_object)]
    parts = {
        "blueprint": objects.blueprint,
        "objects": objects,
        "support_code": CPPCodeGenerator.universal_support_code,
        "code_objects": [_with_constants(code_object, device) for code_object in used],
        "clock": {name: device.array(objects.clock, name) for name in ("timestep", "t", "dt")},
        "neurons": list(_neurons(objects, network)),
        "arrivals": list(_calls(network, _OF_ARRIVALS)),
        "synapses": list(_calls(network, _OF_SYNAPSES)),
        "traces": list(_calls(network, _OF_TRACES)),
        "any_source_traces": any(trace.side == "source" for trace in traces),
        "input_lines": list(input_lines(objects, device)),
        "trial_lines": list(trial_lines(objects, traces, device)),
        "computed_at_start": [(code_object.name, len(code_object.owner)) for code_object in device.computed_at_start],
        "watched": list(_watched(objects, traces, device)),
    }
    template = FastCodeObject.templater.env.get_template("program.cpp")
    mentioned = set(_ARRAY.findall(template.render(**parts, arrays=[])))
    return str(template.render(**parts, arrays=list(_arrays(device, mentioned))))


def _is_used(code_object: FastCodeObject) -> bool:
    return bool(code_object.template_name != "synapses_push_spikes")


def _with_constants(code_object: FastCodeObject, device: FastDevice) -> str:
    """The function of a code object, with the constants that it mentions and the numbers in its vectors."""
    text, lines = str(code_object.code.cpp_file), []
    for name, variable in code_object.variables.items():
        if isinstance(variable, Constant):
            lines.append(f"[[maybe_unused]] const {c_data_type(variable.dtype)} {name} = {_literal(variable.value)};")
        elif isinstance(variable, DynamicArrayVariable) and variable.ndim == 1:
            array = device.arrays[variable]
            if re.search(rf"\b{array}\b", text):
                lines.append(f"{c_data_type(variable.dtype)}* const {array} = _dynamic{array}.data();")
    return text.replace("%CONSTANTS%", "\n    ".join(dict.fromkeys(lines)))


@dataclass(frozen=True)
class Call:
    """A code object called for the neurons of a population, or for the synapses onto them."""

    name: str
    size: int
    by_block: bool


def _scheduled(network: Network, slots: tuple[str, ...]) -> Iterator[tuple[Any, FastCodeObject]]:
    for item in network.sorted_objects:
        if item.when in slots:
            yield from ((item, code_object) for code_object in item._code_objects if _is_used(code_object))


def _neurons(objects: BrianObjects, network: Network) -> Iterator[dict[str, Any]]:
    """What is done block by block for each population, up to its threshold."""
    for name, group in objects.populations.items():
        calls = [c.name for item, c in _scheduled(network, _OF_NEURONS) if _population(item).name == group.name]
        yield {"name": name, "group": group.name, "size": len(group), "calls": calls}


def _calls(network: Network, slots: tuple[str, ...]) -> Iterator[Call]:
    """What is done in these slots, in order."""
    for item, code_object in _scheduled(network, slots):
        # Random numbers are drawn block by block; traces need none.
        by_block = code_object.template_name == "stateupdate" and item.when not in _OF_TRACES
        yield Call(code_object.name, len(_population(item)), by_block)


def _population(item: Any) -> NeuronGroup:
    """Whose neurons something is done to."""
    if isinstance(item, StateMonitor):
        return item.source
    return item.group.target if isinstance(item.group, Synapses) else item.group


def _watched(objects: BrianObjects, traces: list[TraceGroup], device: FastDevice) -> Iterator[tuple[str, str, str]]:
    """Name, array and length of what is checked to stay a number."""
    for population in objects.blueprint.populations:
        for variable in population.state:
            array = device.array(objects.populations[population.name], variable)
            yield f"{population.name} {variable}", array, str(population.size)
    for projection in objects.blueprint.projections:
        for variable in projection.state:
            array = device.array(objects.projections[projection.name], variable)
            yield f"{projection.name} {variable}", f"{array}.data()", f"{array}.size()"
    for trace in traces:
        for variable in trace.traces.names:
            yield (
                f"{trace.projection} {variable} {trace.side}",
                device.array(trace.group, variable),
                str(len(trace.group)),
            )


@dataclass(frozen=True)
class Array:
    """A declaration, and the numbers at the start: one for all, or a list."""

    name: str
    type: str
    size: int
    dynamic: bool
    constant: str
    values: list[str]


def _arrays(device: FastDevice, names: set[str]) -> Iterator[Array]:
    for variable, name in device.arrays.items():
        if name in names and getattr(variable, "ndim", 1) == 1:
            dynamic = isinstance(variable, DynamicArrayVariable)
            start = np.zeros(1) if dynamic else device.start_values[variable]
            same = bool(np.all(start == start[0]))
            yield Array(
                name,
                c_data_type(variable.dtype),
                0 if dynamic else int(variable.size),
                dynamic,
                _literal(start[0].item()) if same else "",
                [] if same else [_literal(value.item()) for value in start],
            )


def _literal(value: Any) -> str:
    return str(CPPNodeRenderer().render_expr(repr(value)))
