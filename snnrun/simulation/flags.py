"""The flags with which a program is compiled."""

from __future__ import annotations

from typing import Final

from snnrun.network.blueprint import Blueprint
from snnrun.simulation.processor import is_x86_64
from snnrun.spec.sections import Arch

_COMMON: Final = ("-std=c++17", "-O3", "-pthread", "-w")
# Our code throws nothing, and what cannot be caught needs no code to clean up after it. Out of memory, it aborts.
_NO_EXCEPTIONS: Final = "-fno-exceptions"
# -fno-finite-math-only: the check for NaN in the state must survive -ffast-math. These two are Brian's own choice.
_FAST_MATH: Final = ("-ffast-math", "-fno-finite-math-only")
# Without finite-math-only, g++ leaves __FAST_MATH__ undefined, and the C library then does not declare its vector
# functions: a loop over exp() would compute one neuron at a time.
_VECTOR_MATH: Final = ("-D__FAST_MATH__", "-fopenmp-simd")
# g++ uses half of the width of AVX-512 if left alone, from the days when the whole slowed processors down.
_WIDEST: Final = "-mprefer-vector-width=512"
# A product and a sum in one operation would be rounded once, not twice. The others change no number: nobody asks for
# errno or for traps, which would keep loops from being vectorised.
_STRICT_MATH: Final = ("-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")


def flags_for(blueprint: Blueprint) -> tuple[str, ...]:
    """The flags for the program of a blueprint; in fast mathematics the reference engine has those of Brian."""
    own = [_NO_EXCEPTIONS] if blueprint.engine == "fast" else []
    return (*_COMMON, *own, _target(blueprint.arch), *_math(blueprint))


def _math(blueprint: Blueprint) -> tuple[str, ...]:
    if blueprint.math == "strict":
        return _STRICT_MATH
    if blueprint.engine == "reference":
        return _FAST_MATH
    may_be_wide = is_x86_64() and blueprint.arch in {"native", "x86-64-v4"}
    return (*_FAST_MATH, *_VECTOR_MATH, *([_WIDEST] if may_be_wide else []))


def _target(arch: Arch) -> str:
    # On ARM, -march names the instructions alone; -mcpu the processor with its timing, too.
    return f"-march={arch}" if is_x86_64() else f"-mcpu={arch}"
