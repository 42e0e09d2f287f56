"""Values between two ends, in decimals as a user would write them: 3.5 rather than 3.5000000000000004."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, islice
from typing import Any, Final

from snnrun.units import Quantity, UnitError, unit

# More would be a slip of the pen; the list of them must fit into memory.
MAX_POINTS: Final = 1_000_000
_WRITTEN: Final = re.compile(r"\s*(?P<number>[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?)\s*(?P<unit>.*?)\s*")
# Far from the ends of the floats, whatever the units.
_SMALLEST: Final = Fraction(1, 10**100)
_LARGEST: Final = 10**100
# Of what is rounded to the 17 of a float after as many multiplications as there are points.
_DIGITS: Final = 40

Number = int | float | str


class AxisError(ValueError):
    """Values of an axis cannot be understood; the message is for the user."""


@dataclass(frozen=True)
class Ends:
    """Two ends in the unit of the first.

    Parameters
    ----------
    unit
        As written; empty for plain numbers.
    """

    first: Fraction
    last: Fraction
    unit: str

    @classmethod
    def read(cls, first: Any, last: Any) -> Ends:
        """Ends as they are written: ``3`` and ``8``, ``"10 ms"`` and ``"1 s"``.

        Raises
        ------
        AxisError
            If one of them is no number or has no unit where the other has one, or if they do not fit together.
        """
        (start, start_unit), (stop, stop_unit) = _written(first), _written(last)
        one, other = _unit(start_unit), _unit(stop_unit)
        if bool(start_unit) != bool(stop_unit):
            raise AxisError(f"{first} and {last}: the unit is missing at one end. Write it at both.")
        if one.dimension != other.dimension:
            raise AxisError(f"{first} and {last} have different dimensions. Write both ends in units of one kind.")
        ends = cls(start, stop * _exact(other.value) / _exact(one.value), start_unit)
        if ends.first == ends.last:
            raise AxisError(f"{first} and {last} are the same value. Make the ends differ.")
        return ends

    def must_be_positive(self) -> None:
        """Raise an `AxisError` unless the logarithms of the ends exist."""
        if self.first <= 0 or self.last <= 0:
            first, last = self.written()
            raise AxisError(f"on a logarithmic scale both ends must be above 0, and are {first} and {last}")

    def written(self) -> list[Number]:
        """Both ends as YAML gives them."""
        return as_written([self.first, self.last], self.unit)

    def linear(self, number: int) -> list[Number]:
        """Values at equal distances, both ends among them; shape (number,)."""
        step = (self.last - self.first) / (number - 1)
        return as_written([self.first + index * step for index in range(number)], self.unit)

    def logarithmic(self, number: int) -> list[Number]:
        """Values with equal ratios, both ends among them; shape (number,)."""
        with localcontext(Context(prec=_DIGITS)):
            first = Decimal(self.first.numerator) / self.first.denominator
            last = Decimal(self.last.numerator) / self.last.denominator
            ratio = (last / first) ** (1 / Decimal(number - 1))
            between = accumulate(range(number - 2), lambda value, _: value * ratio, initial=first)
            # Rounded to floats: 10 rather than 9.999…9.
            inner = [Fraction(float(value)) for value in islice(between, 1, None)]
        return as_written([self.first, *inner, self.last], self.unit)


def as_written(values: list[Fraction], unit_text: str) -> list[Number]:
    """Values as YAML gives them; plain numbers are whole if all of them are."""
    if unit_text:
        return [f"{shortest(float(value))} {unit_text}" for value in values]
    if all(value.denominator == 1 for value in values):
        return [int(value) for value in values]
    return [float(value) for value in values]


def shortest(value: float) -> str:
    """The shortest text that reads back to the very same number."""
    return repr(value).removesuffix(".0")


def number_of_steps(raw: Any) -> int:
    """How many values there are from end to end.

    Raises
    ------
    AxisError
        If that is no whole number, one, or too many.
    """
    text = str(raw).strip()
    if isinstance(raw, bool) or not re.fullmatch("[0-9]{1,12}", text):
        raise AxisError(f"the number of values is {raw}, and must be a whole number as in '3:8:11'")
    if int(text) < 2:
        raise AxisError(
            f"{text} is too few: both ends are among the values. Take at least 2, or write one value alone."
        )
    if int(text) > MAX_POINTS:
        raise AxisError(f"{text} values are more than {MAX_POINTS}. Take fewer.")
    return int(text)


def _written(raw: Any) -> tuple[Fraction, str]:
    """A number and the text of its unit."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise AxisError(f"an end of the values must be a number, or a quantity such as '20 ms', and is {raw!r}")
    match = _WRITTEN.fullmatch(raw if isinstance(raw, str) else repr(raw))
    if match is None:
        raise AxisError(f"'{raw}' is not a number, or a quantity such as '20 ms'")
    number = Fraction(match["number"])
    if number and not _SMALLEST < abs(number) < _LARGEST:
        raise AxisError(f"'{raw}' is out of range")
    return number, match["unit"]


def _unit(text: str) -> Quantity:
    try:
        return unit(text or "1")
    except UnitError as error:
        raise AxisError(str(error)) from None


def _exact(value: float) -> Fraction:
    """The decimal that a float stands for: a thousandth for 1e-3, which no binary number is."""
    return Fraction(repr(value))
