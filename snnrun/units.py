"""Quantities: "20 ms" ↔ a number in SI units and its dimension.

The units are those that experiments on neurons are written in: a library that knows all there are takes longer to load
than an experiment to read, and its parser evaluates powers of any size.
"""

from __future__ import annotations

import ast
import difflib
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final

BASE_UNITS: Final = ("m", "kg", "s", "A", "K", "mol")
# Symbol and names of a unit: its size and its exponents of the base units (The International System of Units, 9th
# edition, BIPM 2019, tables 2 and 4). No gram and no joule: papers call parameters g and J.
_UNITS: Final = {
    ("m", "meter", "metre"): (1, (1, 0, 0, 0, 0, 0)),
    ("kg", "kilogram"): (1, (0, 1, 0, 0, 0, 0)),
    ("s", "second"): (1, (0, 0, 1, 0, 0, 0)),
    ("A", "ampere", "amp"): (1, (0, 0, 0, 1, 0, 0)),
    ("K", "kelvin"): (1, (0, 0, 0, 0, 1, 0)),
    ("mol", "mole"): (1, (0, 0, 0, 0, 0, 1)),
    ("V", "volt"): (1, (2, 1, -3, -1, 0, 0)),
    ("ohm",): (1, (2, 1, -3, -2, 0, 0)),
    ("S", "siemens"): (1, (-2, -1, 3, 2, 0, 0)),
    ("F", "farad"): (1, (-2, -1, 4, 2, 0, 0)),
    ("C", "coulomb"): (1, (0, 0, 1, 1, 0, 0)),
    ("Hz", "hertz"): (1, (0, 0, -1, 0, 0, 0)),
    ("M", "molar"): (1000, (-3, 0, 0, 0, 0, 1)),
}
# Before symbols and names alike: Brian writes mvolt.
_PREFIXES: Final = {
    ("",): 1.0,
    ("f", "femto"): 1e-15,
    ("p", "pico"): 1e-12,
    ("n", "nano"): 1e-9,
    ("u", "micro"): 1e-6,
    ("m", "milli"): 1e-3,
    ("c", "centi"): 1e-2,
    ("k", "kilo"): 1e3,
    ("M", "mega"): 1e6,
    ("G", "giga"): 1e9,
}
# How a dimension is written back, most readable first.
_NAMED_UNITS: Final = ("s", "V", "A", "ohm", "S", "F", "Hz", "m", "C", "V/s", "V*A", "kg", "K", "mol")
_DISPLAY_UNITS: Final = ("ms", "mV", "pA", "Mohm", "nS", "pF", "Hz", "Hz**2", "um", "pC", "mV/ms", "mM")
# What is suggested for a slip of the pen; where only the case differs, the earlier one.
_COMMON_UNITS: Final = (
    *(
        "ms",
        "s",
        "us",
        "mV",
        "V",
        "uV",
        "pA",
        "nA",
        "uA",
        "mA",
        "A",
        "nS",
        "uS",
        "mS",
        "pS",
        "S",
        "pF",
        "nF",
        "uF",
        "F",
    ),
    *("Mohm", "Gohm", "kohm", "ohm", "Hz", "kHz", "um", "mm", "cm", "nm", "m", "pC", "nC", "C", "mM", "uM", "K"),
)
_COMMON_NAMES: Final = ("second", "volt", "ampere", "siemens", "farad", "hertz", "meter", "molar", "kelvin")
MAX_EXPONENT: Final = 8


class UnitError(ValueError):
    """A text is not a unit, or two dimensions do not fit; the message is for the user."""


@dataclass(frozen=True)
class Dimension:
    """Exponents of `BASE_UNITS`; some are fractions, because noise densities carry the square root of a time."""

    exponents: tuple[int | Fraction, ...] = (0,) * len(BASE_UNITS)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a + b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __truediv__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a - b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __pow__(self, exponent: Fraction | int) -> Dimension:
        return Dimension(tuple(a * exponent for a in self.exponents))

    @property
    def is_dimensionless(self) -> bool:
        return not any(self.exponents)

    def __str__(self) -> str:
        """The SI unit of this dimension, such as ``V`` or ``A/m**2``; ``1`` when dimensionless."""
        return _si_unit(self)


DIMENSIONLESS: Final = Dimension()


@dataclass(frozen=True)
class Quantity:
    """A number in SI base units with its dimension.

    ``str`` gives a text that reads back to the very same number.
    """

    value: float
    dimension: Dimension = DIMENSIONLESS

    def to(self, unit_text: str) -> float:
        """The number in another unit.

        Raises
        ------
        UnitError
            If the unit has another dimension.
        """
        target = unit(unit_text)
        if target.dimension != self.dimension:
            raise UnitError(f"{self.pretty()} cannot be given in {unit_text}")
        return self.value / target.value

    def __str__(self) -> str:
        number = repr(self.value)
        return number if self.dimension.is_dimensionless else f"{number} {self.dimension}"

    def pretty(self) -> str:
        """For people: six digits, in the unit that the field uses (mV rather than V)."""
        shown = display_unit(self.dimension)
        if shown == "1":
            return f"{self.value:g}"
        return f"{self.value / unit(shown).value:g} {shown}"


@cache
def is_unit(name: str) -> bool:
    """Whether a name is a unit of the field, with or without prefix: ``mV``, ``Hz``, ``uA``."""
    return _single_unit(name) is not None


@cache
def _single_unit(name: str) -> Quantity | None:
    for prefixes, factor in _PREFIXES.items():
        for prefix in prefixes:
            if name.startswith(prefix) and (found := _units().get(name.removeprefix(prefix))):
                return Quantity(_clean(factor * found.value), found.dimension)
    return None


@cache
def _units() -> dict[str, Quantity]:
    """The units without prefix, by symbol, name and plural."""
    found: dict[str, Quantity] = {}
    for names, (size, exponents) in _UNITS.items():
        one = Quantity(float(size), Dimension(exponents))
        plurals = [f"{name}s" for name in names if len(name) > 2 and name[-1] not in "sz"]
        found |= dict.fromkeys([*names, *plurals], one)
    return found


def _clean(factor: float) -> float:
    # Products of powers of ten have errors in the last bit: 1e-9 / 1e-12 is 1000.0000000000001.
    return float(f"{factor:.12g}")


def suggested_unit(name: str) -> str:
    """``Did you mean 'mV'?`` for a word that is no unit; empty when none is close."""
    in_any_case = {known.lower(): known for known in reversed(_COMMON_UNITS)}
    if name.lower() in in_any_case:
        return f"Did you mean {in_any_case[name.lower()]!r}?"
    close = difflib.get_close_matches(name, [*_COMMON_UNITS, *_COMMON_NAMES], n=1, cutoff=0.7)
    return f"Did you mean {close[0]!r}?" if close else ""


@cache
def unit(text: str) -> Quantity:
    """A unit: names joined by ``*`` and ``/``, each with a small integer power, or ``1``.

    Raises
    ------
    UnitError
        If the text is anything else.
    """
    if len(text) > 80 or not re.match(r"[A-Za-z0-9*/(). \-]+\Z", text):
        raise UnitError(f"{text[:40]!r} is not a unit")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnitError(f"{text[:40]!r} is not a unit") from None
    try:
        found = _unit_node(tree)
    except ArithmeticError:
        found = Quantity(math.inf)
    if not 0 < found.value < math.inf:
        raise UnitError(f"the powers in {text[:40]!r} are too large")
    return found


def _unit_node(node: ast.expr) -> Quantity:
    match node:
        case ast.Name(id=name) if is_unit(name):
            found = _single_unit(name)
            assert found is not None
            return found
        case ast.Name(id=name):
            raise UnitError(f"{name!r} is not a unit that snnrun knows")
        case ast.Constant(value=int(value)) if value == 1 and not isinstance(value, bool):
            return Quantity(1.0)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            a, b = _unit_node(left), _unit_node(right)
            return Quantity(_clean(a.value * b.value), a.dimension * b.dimension)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            a, b = _unit_node(left), _unit_node(right)
            return Quantity(_clean(a.value / b.value), a.dimension / b.dimension)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _small_power(right)
            base = _unit_node(left)
            return Quantity(_clean(base.value ** float(exponent)), base.dimension**exponent)
    raise UnitError("a unit is made of unit names, '*', '/' and small powers such as 'mV', 'mS/cm**2'")


def _small_power(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int(value) | float(value)) if _is_power(value):
            return Fraction(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_small_power(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right) if _small_power(right):
            return _small_power(left) / _small_power(right)
    raise UnitError(f"the power of a unit is a whole number up to {MAX_EXPONENT}, or a fraction such as (1/2)")


def _is_power(value: float) -> bool:
    return not isinstance(value, bool) and abs(value) <= MAX_EXPONENT and Fraction(value).denominator <= MAX_EXPONENT


@cache
def display_unit(dimension: Dimension) -> str:
    """The unit in which the field writes a dimension: ``mV``, ``pA``, ``nS`` …, else its SI unit."""
    for name in _DISPLAY_UNITS:
        if unit(name).dimension == dimension:
            return name
    return _si_unit(dimension)


@cache
def _si_unit(dimension: Dimension) -> str:
    if dimension.is_dimensionless:
        return "1"
    for name in _NAMED_UNITS:
        if unit(name).dimension == dimension:
            return name
    parts = [
        base if exponent == 1 else f"{base}**{exponent}" if exponent.denominator == 1 else f"{base}**({exponent})"
        for base, exponent in zip(BASE_UNITS, dimension.exponents, strict=True)
        if exponent
    ]
    return "*".join(parts)


def quantity(text: str) -> Quantity:
    """A number and its unit, for defaults in code: ``quantity("20 ms")``."""
    number, _, unit_text = text.partition(" ")
    return so_many(float(number), unit(unit_text or "1"))


def so_many(number: float, one: Quantity) -> Quantity:
    """So many of a unit, multiplied in decimal: ``0.3 nA`` and ``300 pA`` are the same number to the last bit."""
    return Quantity(float(Decimal(repr(number)) * Decimal(repr(one.value))), one.dimension)


def rounded(number: float, digits: int) -> str:
    """A number for people: so many significant digits, and below a million all that stand before the point."""
    text = f"{number:.{digits}g}"
    return f"{number:.0f}" if "e+" in text and abs(number) < 1e6 else text
