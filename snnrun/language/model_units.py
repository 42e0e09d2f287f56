"""Units in model code: ``: siemens/meter**2`` ↔ a dimension. State variables are kept in SI units."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from typing import Final

from snnrun.units import BASE_UNITS, DIMENSIONLESS, Dimension, UnitError, is_unit, unit

# The names that Brian knows for the units whose scale is 1, most readable first.
_NAMED: Final = (
    *("second", "volt", "amp", "siemens", "farad", "ohm"),
    *("hertz", "meter", "coulomb", "kilogram", "kelvin", "mole"),
)
_BASE_NAMES: Final = dict(zip(BASE_UNITS, ("meter", "kilogram", "second", "amp", "kelvin", "mole"), strict=True))
_POWERS: Final = tuple(Fraction(power) for power in ("-1", "-2", "-3", "-1/2", "1", "2", "3", "1/2"))


def is_model_unit(name: str) -> bool:
    """Whether a name is a unit in model code: all but those of a single letter, which variables may be called."""
    return len(name) > 1 and is_unit(name)


def model_dimension(text: str) -> Dimension:
    """The dimension of a variable declared with a unit.

    Raises
    ------
    UnitError
        If the text is no unit, or one with a prefix, such as ``mV``.
    """
    text = text.strip()
    if text in ("boolean", "integer"):
        raise UnitError(f"{text} variables are not offered; declare '1'")
    declared = unit(text)
    if declared.value != 1:
        raise UnitError(f"variables are kept in SI units: write {brian_unit(declared.dimension)!r} instead of {text!r}")
    return declared.dimension


@cache
def brian_unit(dimension: Dimension) -> str:
    """The SI unit of a dimension in names that Brian knows: ``volt``, ``siemens/meter**2``, ``1``."""
    if dimension == DIMENSIONLESS:
        return "1"
    for name in _NAMED:
        if unit(name).dimension == dimension:
            return name
    for other, power in product(("second", "meter"), _POWERS):
        factor = unit(other).dimension ** power
        if factor == dimension:
            return _power(other, power)
        for name in _NAMED:
            if unit(name).dimension * factor == dimension:
                return name + _factor(other, power)
    factors = [
        _power(_BASE_NAMES[base], exponent)
        for base, exponent in zip(BASE_UNITS, dimension.exponents, strict=True)
        if exponent
    ]
    return "*".join(factors)


def _factor(name: str, power: Fraction) -> str:
    return f"*{_power(name, power)}" if power > 0 or power.denominator > 1 else f"/{_power(name, -power)}"


def _power(name: str, power: int | Fraction) -> str:
    # Brian's grammar of units has no brackets: second**-0.5, not second**(-1/2).
    if power == 1:
        return name
    return f"{name}**{power}" if power.denominator == 1 else f"{name}**{float(power)!r}"
