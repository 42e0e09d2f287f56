"""Brian's standalone device, from which only equations and statements in C++ are wanted."""

from __future__ import annotations

from typing import Any

import numpy as np
from brian2.core.network import Network
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice

from snnrun.simulation.device.fast.codegen import FastCodeObject


class FastDevice(CPPStandaloneDevice):  # type: ignore[misc]
    """Collects the code objects of a network; `program` puts them together.

    Attributes
    ----------
    start_values
        The numbers that arrays begin with: one for all neurons, or one for each. Brian's own record of them forgets
        what equations change.
    computed_at_start
        Code objects that compute start values, in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.start_values: dict[Any, Any] = {}
        self.computed_at_start: list[FastCodeObject] = []

    def init_with_zeros(self, var: Any, dtype: Any) -> None:
        super().init_with_zeros(var, dtype)
        self.start_values[var] = np.zeros(1, dtype)

    def init_with_arange(self, var: Any, start: int, dtype: Any) -> None:
        super().init_with_arange(var, start, dtype)
        self.start_values[var] = np.arange(start, start + var.size, dtype=dtype)

    def fill_with_array(self, var: Any, arr: Any) -> None:
        super().fill_with_array(var, arr)
        self.start_values[var] = np.atleast_1d(np.asarray(arr, dtype=var.dtype))

    def code_object_class(self, codeobj_class: Any = None, fallback_pref: str | None = None) -> Any:
        return FastCodeObject if codeobj_class is None else codeobj_class

    def network_run(self, net: Network, duration: Any, **options: Any) -> None:
        """Generate the code of every object; there is no run to be prepared."""
        net._clocks = {item.clock for item in net.sorted_objects}
        net.before_run({})

    def array(self, owner: Any, variable: str) -> str:
        """C++ name of an array of a Brian object: a pointer, or a vector where its length is not fixed."""
        return str(self.get_array_name(owner.variables[variable], access_data=False))
