"""Brian's code generation, with our templates and without what our program has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.core.variables import DynamicArrayVariable
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.device import get_device

from snnrun.simulation.device.fast.draws import Streams

# Rows know the neurons of their synapses; spikes are in a ring.
_NOT_STORED: Final = ("_synaptic_pre", "_synaptic_post", "_spikespace")
_INDICES: Final = frozenset({"_presynaptic_idx", "_postsynaptic_idx"})

# Brian's own has three branches, which no compiler turns into vector instructions; the bits are the same.
_EXPREL: Final = """
static inline double _exprel(double x)
{
    const double ratio = expm1(x) / x;
    return fabs(x) < 1e-16 ? 1.0 : ratio;
}
"""
# Whole numbers as floating-point numbers: conversions to 64-bit integers are no vector instructions before AVX-512.
_TIMESTEP: Final = """
static inline double _timestep(double t, double dt)
{
    return trunc((t + 1e-3*dt)/dt);
}
"""
_CLIP: Final = """
static inline double _clip(double value, double lowest, double highest)
{
    return value < lowest ? lowest : value > highest ? highest : value;
}
"""


class FastCodeGenerator(CPPCodeGenerator):  # type: ignore[misc]
    """Brian's generator of C++, for synapses in rows."""

    universal_support_code = ""  # stands once in the program, not in each code object

    def translate_to_read_arrays(self, read: set[str], write: set[str], indices: set[str]) -> list[str]:
        lines: list[str] = super().translate_to_read_arrays(read, write, indices - _INDICES)
        return lines

    def determine_keywords(self) -> dict[str, Any]:
        keywords: dict[str, Any] = super().determine_keywords()
        lines = keywords["pointers_lines"]
        keywords["pointers_lines"] = [line for line in lines if not any(name in line for name in _NOT_STORED)]
        return keywords


class FastCodeObject(CPPStandaloneCodeObject):  # type: ignore[misc]
    """A piece of code for our templates."""

    templater = CPPStandaloneCodeObject.templater.derive(__package__)
    generator_class = FastCodeGenerator

    def run_block(self, block: str) -> None:
        if block == "run":
            get_device().computed_at_start.append(self)


@dataclass(frozen=True)
class PlainSum:
    """Spikes that add a weight to a variable of their targets: the arrays in the program, and whether all weigh one."""

    variable: str
    allowed: str
    weight: str
    shared: bool


def plain_sum(pathway: Any, variables: Any) -> PlainSum | None:
    """What a pathway adds, if it does nothing else: ``v_post += weight``."""
    target, _, amount = pathway.code.partition(" += ")
    if pathway.prepost != "pre" or amount != "weight" or not target.endswith("_post"):
        return None
    array, variable, weight = get_device().get_array_name, variables[target], variables["weight"]
    condition = variable.conditional_write
    return PlainSum(
        variable=array(variable),
        allowed=array(condition) if condition is not None else "nullptr",
        weight=f"{array(weight)}[0]" if weight.scalar else array(weight),
        shared=weight.scalar,
    )


def of_each_synapse(variables: Mapping[str, Any]) -> list[str]:
    """The arrays of the program in which code finds the numbers of a synapse."""
    array = get_device().get_array_name
    return [
        array(variable)
        for variable in variables.values()
        if isinstance(variable, DynamicArrayVariable) and not variable.scalar and variable.name not in _NOT_STORED
    ]


def prepare_code_generation() -> None:
    """Let Brian's templates and functions be ours in this process."""
    streams = Streams()
    FastCodeObject.templater.env.filters |= {
        "drawn": streams.drawn,
        "drawn_one_by_one": streams.drawn_one_by_one,
        "chance": streams.chance,
        "plain_sum": plain_sum,
        "of_each_synapse": of_each_synapse,
    }
    for name, code in (("exprel", _EXPREL), ("timestep", _TIMESTEP), ("clip", _CLIP)):
        DEFAULT_FUNCTIONS[name].implementations.add_implementation(FastCodeObject, code, name=f"_{name}")
    for name in ("rand", "randn", "poisson"):  # `Streams` replaces the calls
        DEFAULT_FUNCTIONS[name].implementations.add_implementation(FastCodeObject, "", name=f"_{name}")
