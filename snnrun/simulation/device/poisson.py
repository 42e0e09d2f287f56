"""Poisson numbers by table look-up: a third of the time that Brian's multiplication of uniform numbers takes.

The mean of an input seldom changes, so its cumulative distribution is computed once and each number costs one uniform
number and a look into the table. Where the mean differs from call to call, as from neuron to neuron, or is large,
Brian's own function is called.
"""

from __future__ import annotations

from typing import Final

from brian2.core.functions import DEFAULT_FUNCTIONS, Function
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject

from snnrun.simulation.device.standalone import SnnrunCodeObject

_CODE: Final = """
    snnrun::PoissonTable _poisson_table;
    int32_t _tabulated_poisson(double lam, int32_t _idx) {
        return _poisson_table.holds(lam) ? _poisson_table.draw(_rand(_idx)) : _poisson(lam, _idx);
    }
"""


def tabulate_poisson() -> None:
    """Let the programs of this process draw Poisson numbers from tables."""
    poisson = DEFAULT_FUNCTIONS["poisson"]
    brians = poisson.implementations[CPPStandaloneCodeObject]
    otherwise = Function(poisson.pyfunc, arg_units=[1], return_unit=1, stateless=False, auto_vectorise=True)
    otherwise.implementations.add_implementation(
        SnnrunCodeObject, brians.get_code(None), name="_poisson", dependencies=brians.dependencies
    )
    poisson.implementations.add_implementation(
        SnnrunCodeObject,
        _CODE,
        name="_tabulated_poisson",
        dependencies={"_poisson": otherwise, "_rand": DEFAULT_FUNCTIONS["rand"]},
        compiler_kwds={"headers": ['"snnrun_runtime.h"']},
    )
