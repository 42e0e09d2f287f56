"""Quantities: what the units of the field are."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pint
import pytest

from snnrun.units import UnitError, is_unit, quantity, rounded, suggested_unit, unit

SYMBOLS = ("m", "s", "A", "K", "mol", "V", "ohm", "S", "F", "C", "Hz", "M")
NAMES = (
    *("meter", "metre", "second", "ampere", "amp", "kelvin", "mole", "volt", "ohm", "siemens", "farad", "coulomb"),
    *("hertz", "molar"),
)
SHORT = ("", "f", "p", "n", "u", "m", "c", "k", "M", "G")
LONG = ("femto", "pico", "nano", "micro", "milli", "centi", "kilo", "mega", "giga")
PLURALS = ("seconds", "milliseconds", "millivolts", "Mohms", "picoamps", "micrometers", "nanofarads")

PINT = pint.UnitRegistry()
DIMENSIONS = ("[length]", "[mass]", "[time]", "[current]", "[temperature]", "[substance]")


@pytest.mark.parametrize(
    "name",
    ["kg", "kilogram", *map("".join, [*product(SHORT, SYMBOLS), *product(SHORT + LONG, NAMES)]), *PLURALS],
)
def test_a_unit_is_what_another_program_knows_it_as(name):
    expected = PINT.Quantity(1.0, name).to_base_units()
    assert unit(name).value == pytest.approx(expected.magnitude, rel=1e-12)
    exponents = dict(expected.dimensionality)
    assert unit(name).dimension.exponents == tuple(exponents.get(dimension, 0) for dimension in DIMENSIONS)


@pytest.mark.parametrize(
    ("name", "text"), [("mV", "1e-3"), ("pF", "1e-12"), ("Mohm", "1e6"), ("uM", "1e-3"), ("nS", "1e-9")]
)
def test_a_prefix_is_the_power_of_ten_to_the_last_bit(name, text):
    assert unit(name).value == float(text)


def test_products_and_powers():
    assert unit("mS/cm**2").value == 10
    assert unit("nS/um**2").dimension == unit("S/m**2").dimension
    assert unit("V*A").dimension == unit("kg*m**2/s**3").dimension
    assert quantity("2 nA*s**(1/2)").dimension == unit("A").dimension * unit("s").dimension ** Fraction(1, 2)


@pytest.mark.parametrize("name", ["", "g", "J", "mm2", "Vs", "m V", "kiloo", "millimilli", "u", "kilo", "µV"])
def test_what_is_no_unit(name):
    assert not is_unit(name)


@pytest.mark.parametrize("text", ["", "V**9", "V*", "2", "V+A", "V**V", "meter**9**9**9", "()", "__import__", "V" * 81])
def test_no_other_text_is_a_unit(text):
    with pytest.raises(UnitError):
        unit(text)


@pytest.mark.parametrize(("slip", "meant"), [("mv", "mV"), ("MV", "mV"), ("hz", "Hz"), ("vlot", "volt"), ("xyz", "")])
def test_a_slip_of_the_pen_is_understood(slip, meant):
    assert suggested_unit(slip) == (f"Did you mean {meant!r}?" if meant else "")


@pytest.mark.parametrize(("one", "other"), [("0.3 nA", "300 pA"), ("0.1 ms", "100 us"), ("2.3 mV", "0.0023 V")])
def test_a_quantity_is_the_same_number_in_every_unit(one, other):
    assert quantity(one) == quantity(other)


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (12345.6, 4, "12346"),
        (123.4, 2, "123"),
        (99.7, 2, "100"),
        (0.012345, 3, "0.0123"),
        (2.0, 4, "2"),
        (-16000.0, 2, "-16000"),
        (1234567.0, 4, "1.235e+06"),
        (1.5e-7, 4, "1.5e-07"),
    ],
)
def test_numbers_for_people(number: float, digits: int, text: str) -> None:
    assert rounded(number, digits) == text
