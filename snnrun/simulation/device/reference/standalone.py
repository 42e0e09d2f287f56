"""The reference engine: Brian's standalone device with our own main program.

Brian generates the code of every object. What is ours: values are read when the program starts instead of being
written into its source, the time loop counts in whole steps and checks the state, and only what the experiment records
is written.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from brian2.codegen.generators.cpp_generator import c_data_type
from brian2.core.network import Network
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice

from snnrun.simulation.device.source_files import RUNTIME


class ReferenceCodeObject(CPPStandaloneCodeObject):  # type: ignore[misc]
    """Brian's code object, with our templates in front of Brian's."""

    templater = CPPStandaloneCodeObject.templater.derive(
        "snnrun.simulation.device.reference", templates_dir="templates"
    )


class ReferenceDevice(CPPStandaloneDevice):  # type: ignore[misc]
    """Brian's standalone device, generating a program that takes its values at run time."""

    def code_object_class(self, codeobj_class: Any = None, fallback_pref: str | None = None) -> Any:
        return ReferenceCodeObject if codeobj_class is None else codeobj_class

    def network_run(self, net: Network, duration: Any, **options: Any) -> None:
        """Prepare a run as Brian does, and put our time loop in the place of Brian's."""
        super().network_run(net, duration, **options)
        (position,) = [index for index, (kind, _) in enumerate(self.main_queue) if kind == "run_network"]
        self.main_queue[position] = ("insert_code", "\n".join(self._schedule_lines(net)))

    def _schedule_lines(self, net: Network) -> list[str]:
        period = {clock: round(clock.dt_ / self.defaultclock.dt_) for clock in self._ordered_clocks()}
        lines = [f"schedule.clock({period[clock]}, {self._clock_arrays(clock)});" for clock in period]
        lines += [
            f"schedule.task({period[item.clock]}, _run_{code_object.name});"
            for item in net.sorted_objects
            if item.active
            for code_object in item._code_objects
        ]
        return [*lines, "schedule.run();"]

    def _ordered_clocks(self) -> list[Any]:
        return sorted(self.clocks, key=lambda clock: str(clock.name))

    def _clock_arrays(self, clock: Any) -> str:
        return ", ".join(self.arrays[clock.variables[name]] for name in ("dt", "timestep", "t"))

    def array(self, owner: Any, variable: str) -> str:
        """C++ name of an array of a Brian object: a pointer, or a vector where its length is not fixed."""
        # Brian keeps the delay with the pathway that spikes take, not with the synapses.
        holder = owner.pre if variable == "delay" else owner
        return str(self.get_array_name(holder.variables[variable], access_data=False))

    def write_static_arrays(self, directory: str) -> None:
        """Arrays that Brian would read from files beside the program become part of its text instead."""
        self.main_queue: list[tuple[str, Any]] = [
            self._self_contained(kind, arguments) for kind, arguments in self.main_queue
        ]
        super().write_static_arrays(directory)
        assert not self.static_array_specs, f"the program would depend on files: {self.static_array_specs}"

    def _self_contained(self, kind: str, arguments: Any) -> tuple[str, Any]:
        if kind != "set_by_array":
            return kind, arguments
        name, static_name, _ = arguments
        values = self.static_arrays.pop(static_name)
        listed = ", ".join(map(repr, values.tolist()))
        code = (
            f"{{ const {c_data_type(values.dtype)} values[] = {{{listed}}}; "
            f"std::copy(std::begin(values), std::end(values), &{name}[0]); }}"
        )
        return "insert_code", code

    def copy_source_files(self, writer: Any, directory: str) -> None:
        super().copy_source_files(writer, directory)
        shutil.copytree(RUNTIME, Path(directory) / "runtime")
