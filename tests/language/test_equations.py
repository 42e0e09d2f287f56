from __future__ import annotations

import brian2
import pytest

from snnrun.language.equations import (
    Equation,
    Statement,
    names_in,
    parse_condition,
    parse_equations,
    parse_statements,
)
from snnrun.language.model_units import brian_unit
from snnrun.language.syntax import ExpressionError
from snnrun.units import unit

MODEL = """
# Adaptive integrate-and-fire
dv/dt = (v_rest - v + r_m*(I - w))/tau_m : volt (unless refractory)   # the membrane

dw/dt = (a*(v - v_rest)
         - w)/tau_w : amp
I = 10 pA + g*(e_rev - v) : amp
g : siemens (constant, shared)
"""


def test_reads_the_three_kinds_of_equations() -> None:
    v, w, current, g = parse_equations(MODEL)
    assert v == Equation(
        kind="differential",
        name="v",
        expression="(v_rest - v + r_m * (I - w)) / tau_m",
        dimension=unit("volt").dimension,
        flags=("unless refractory",),
        line=3,
    )
    assert (w.kind, w.expression, w.line) == ("differential", "(a * (v - v_rest) - w) / tau_w", 5)
    assert (current.kind, current.expression) == ("subexpression", "10 * pA + g * (e_rev - v)")
    assert (g.kind, g.expression, g.flags) == ("parameter", "", ("constant", "shared"))


def test_writes_equations_that_brian_understands() -> None:
    ours = parse_equations(MODEL)
    brians = brian2.Equations("\n".join(equation.text() for equation in ours))
    assert brians.names == {"v", "w", "I", "g"}
    assert brians.diff_eq_names == {"v", "w"}
    assert brians["v"].flags == ["unless refractory"]
    assert brians["g"].flags == ["constant", "shared"]
    assert brians["g"].dim is brian2.siemens.dim
    assert str(brians["I"].expr) == "10 * pA + g * (e_rev - v)"


@pytest.mark.parametrize(
    ("written", "in_brian", "its_unit"),
    [
        ("1", "1", brian2.Unit(1)),
        ("volt", "volt", brian2.volt),
        ("V", "volt", brian2.volt),
        ("amp", "amp", brian2.amp),
        ("A/m**2", "amp/meter**2", brian2.amp / brian2.meter**2),
        ("siemens/meter**2", "siemens/meter**2", brian2.siemens / brian2.meter**2),
        ("farad/metre**2", "farad/meter**2", brian2.farad / brian2.meter**2),
        ("1/second", "hertz", brian2.hertz),
        ("volt/second", "volt/second", brian2.volt / brian2.second),
        ("mM", "mole/meter**3", brian2.mmolar),
        ("volt*second**-0.5", "volt*second**-0.5", brian2.volt / brian2.second**0.5),
        ("second**(-1/2)", "second**-0.5", 1 / brian2.second**0.5),
        ("volt**2", "meter**4*kilogram**2*second**-6*amp**-2", brian2.volt**2),
        ("kelvin*mole*meter", "meter*kelvin*mole", brian2.kelvin * brian2.mole * brian2.meter),
    ],
)
def test_units_are_written_in_names_that_brian_knows(written: str, in_brian: str, its_unit: brian2.Unit) -> None:
    (equation,) = parse_equations(f"x : {written}")
    assert equation.text() == f"x : {in_brian}"
    assert brian2.have_same_dimensions(brian2.Equations(equation.text())["x"].dim, its_unit)
    (again,) = parse_equations(equation.text())
    assert again.dimension == equation.dimension
    assert brian_unit(again.dimension) == in_brian


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("v : volt\ndw/dt = -w : mV", 2, "write 'volt' instead of 'mV'"),
        ("v : bogus", 1, "'bogus' is not a unit"),
        ("x : boolean", 1, "declare '1'"),
        ("dv/dt = -v/tau", 1, "the unit is missing"),
        ("v :", 1, "the unit of 'v' is missing"),
        ("v : (constant)", 1, "unit"),
        ("x y : 1", 1, "is no equation"),
        ("x == 2 : 1", 1, "is no equation"),
        ("x += 2 : 1", 1, "is no equation"),
        ("x : 1\n\n\nx : 1", 4, "defined twice, first on line 1"),
        ("# a\nx = (1\n+ 2 : 1", 2, "bracket is not closed"),
        ("x = 1\n : 1", 1, "the unit is missing"),
        ("v : 1\nx = y : 1\ny = 2*x : 1", 2, "defined by itself"),
        ("x = x + 1 : 1", 1, "defined by itself"),
        ("t : second", 1, "the time"),
        ("mV : volt", 1, "is a unit"),
        ("d_v/dt = 1 : 1", 1, "is not a name|no equation"),
        ("a = 3 s : second", 1, "units of one letter"),
        ("x : 1 (constnt)", 1, "known for a parameter: constant, shared"),
        ("x = 1 : 1 (unless refractory)", 1, "known for a subexpression: constant over dt, shared"),
        ("x = 1 : 1 (summed)", 1, "'summed' is not offered"),
        ("x : 1 (linked)", 1, "'linked' is not offered"),
        ("dx/dt = -x/tau : 1 (event-driven, clock-driven)", 1, "either event-driven or clock-driven"),
        ("x : 1\ny = 1 \r : 1", 2, r"U\+000D"),
        ("x = 1 : 1 : 1", 1, "is not a unit"),
        ("x : 1\n" * 10_000, None, "longer than"),
        ("x = (" + "1 +\n" * 600 + "1) : 1", 1, "longer than 2000 characters; use subexpressions"),
    ],
)
def test_points_at_the_line_that_is_wrong(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason) as refusal:
        parse_equations(text)
    assert refusal.value.line == line


def test_flags_and_brackets_of_a_unit_are_told_apart() -> None:
    (one,) = parse_equations("x : siemens/(meter)")
    (other,) = parse_equations("x : siemens/(meter*meter)(constant)")
    assert one.dimension == unit("S/m").dimension
    assert (other.dimension, other.flags) == (unit("S/m**2").dimension, ("constant",))


def test_no_text_is_no_equations() -> None:
    assert parse_equations("") == ()
    assert parse_equations("# nothing\n\n") == ()


def test_reads_statements() -> None:
    assert parse_statements("v = v_reset\n\n# adapt\nw += 2 pA  # a comment\ng *= (1 -\n u)") == (
        Statement("v", "=", "v_reset", 1),
        Statement("w", "+=", "2 * pA", 4),
        Statement("g", "*=", "1 - u", 5),
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("v", 1, "is no statement"),
        ("v == 2", 1, "is no statement"),
        ("v **= 2", 1, "is no statement"),
        ("v = 1\nw = 2; u = 3", 2, "';'"),
        ("t = 0*ms", 1, "'t' cannot be changed"),
        ("lastspike = 0*ms", 1, "cannot be changed"),
        ("exp = 1", 1, "cannot be changed|keyword"),
        ("ms = 1", 1, "cannot be changed"),
        ("errno = 1", 1, r"C\+\+"),
        ("v =", 1, "an expression is missing"),
        ("a, b = 1", 1, "is no statement"),
    ],
)
def test_refuses_what_is_no_statement(text: str, line: int, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason) as refusal:
        parse_statements(text)
    assert refusal.value.line == line


def test_reads_a_condition() -> None:
    assert parse_condition("v > v_thresh + 5 mV  # above\n") == "v > v_thresh + 5 * mV"
    assert parse_condition("(v > v_thresh and\n not w < 1)") == "v > v_thresh and (not w < 1)"


@pytest.mark.parametrize("text", ["", "v >", "v > 1\nw > 1", "v = 1"])
def test_refuses_what_is_no_condition(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_condition(text)


def test_finds_names_other_than_units() -> None:
    expression = "g*(e_rev - v) + 5*pA*exp(-t/tau) + pi*m*10*mV"
    assert names_in(expression) == {"g", "e_rev", "v", "t", "tau", "m"}
