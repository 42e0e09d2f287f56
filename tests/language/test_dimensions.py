from __future__ import annotations

import pytest

from snnrun.language.dimensions import BOOLEAN, AnyDimension, check_condition, check_equations, check_statement, infer
from snnrun.language.equations import parse_equations, parse_statements
from snnrun.language.syntax import ExpressionError
from snnrun.units import DIMENSIONLESS, Dimension, unit

VOLT, AMP, SECOND, SIEMENS = (unit(name).dimension for name in ("volt", "amp", "second", "siemens"))
NAMES: dict[str, AnyDimension] = {
    "v": VOLT,
    "v_rest": VOLT,
    "tau_m": SECOND,
    "I_syn": AMP,
    "g_leak": SIEMENS,
    "m": DIMENSIONLESS,
    "active": BOOLEAN,
}


@pytest.mark.parametrize(
    ("expression", "dimension"),
    [
        ("g_leak*(v - v_rest)", AMP),
        ("(v_rest - v)/tau_m", VOLT / SECOND),
        ("v**2/v", VOLT),
        ("v**(1/2)*v**0.5", VOLT),
        ("sqrt(v*v)", VOLT),
        ("clip(v, -80 mV, v_rest)", VOLT),
        ("exp((v - v_rest)/(5*mV)) + m**3", DIMENSIONLESS),
        ("sign(v)", DIMENSIONLESS),
        ("abs(v) % (5*mV)", VOLT),
        ("-70*mV + 0*volt", VOLT),
        ("int(v > v_rest)*m", DIMENSIONLESS),
        ("2*pi*rand()", DIMENSIONLESS),
        ("v > v_rest", BOOLEAN),
        ("active and not (m == 1 or True)", BOOLEAN),
    ],
)
def test_finds_the_dimension(expression: str, dimension: Dimension) -> None:
    assert infer(expression, NAMES) == dimension


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("v + I_syn", "'v' is in mV, 'I_syn' is in pA"),
        ("v > 0", r"Write 0\*mV"),
        ("v - 70", r"Write 70\*mV"),
        ("v*I_syn + v", "'v' is in mV"),
        ("exp(v)", r"exp\(\) needs a plain number, but 'v' is in mV"),
        ("m**v", "needs a plain number, but 'v' is in mV"),
        ("v**m", "only to a number"),
        ("v // v_rest", "needs a plain number"),
        ("clip(v, 0, 1)", r"Write 0\*mV"),
        ("rand(1)", "takes no argument, not 1"),
        ("clip(v)", "takes 3 arguments, not 1"),
        ("int(v)", "divide by a unit"),
        ("(v > v_rest)*m", r"write int\(v > v_rest\)"),
        ("active + m", "is a condition"),
        ("m and active", "is a plain number, not a condition"),
        ("not v", "is in mV, not a condition"),
        ("v_ret - v", "unknown name 'v_ret'. Did you mean 'v_rest'"),
        ("q", "unknown name 'q'. Known: I_syn, active"),
        ("exp*m", "'exp' is a function"),
        ("s*v", "unknown name 's'"),
    ],
)
def test_says_what_does_not_fit(expression: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        infer(expression, NAMES)


def test_deeply_nested_calls_are_looked_at_once() -> None:
    # Three looks at the first argument of clip() would be 3**30 here.
    nested = "clip(" * 30 + "v" + ", v, v)" * 30
    assert infer(nested, NAMES) == VOLT
    assert infer("int(" * 35 + "m" + ")" * 35, NAMES) == DIMENSIONLESS


def test_equations_that_fit_pass() -> None:
    equations = parse_equations(
        """
        dv/dt = (v_rest - v)/tau_m + sigma*xi*tau_m**-0.5 : volt
        dx/dt = -x/tau_m + xi_1*(5*ms)**-0.5*int(t > 10*ms and i < N) : 1
        I = g_leak*(v - v_rest) + x*pA : amp
        sigma : volt (constant)
        """
    )
    check_equations(equations, {"v_rest": VOLT, "tau_m": SECOND, "g_leak": SIEMENS})


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\ndv/dt = v_rest - v : volt", 2, "dv/dt must be in volt/second, but the right-hand side is in mV"),
        ("dI/dt = -v/tau_m : amp", 1, "dI/dt must be in amp/second, but the right-hand side is in mV/ms"),
        ("I = v : amp", 1, "I must be in amp, but the right-hand side is in mV"),
        ("a = v > v_rest : 1", 1, "true or false"),
        ("dm/dt = xi : 1", 1, r"dm/dt must be in hertz, but the right-hand side is in second\*\*-0.5"),
        ("a = xi*second**0.5 : 1", 1, "belongs into a differential equation"),
        ("x : 1\n\na = x + v_ret : volt", 3, "Did you mean 'v_rest'"),
    ],
)
def test_points_at_the_equation_that_does_not_fit(text: str, line: int, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason) as refusal:
        check_equations(parse_equations(text), {name: NAMES[name] for name in ("v", "v_rest", "tau_m")})
    assert refusal.value.line == line


def test_statements_that_fit_pass() -> None:
    for statement in parse_statements("v = v_rest\nv += 2 mV\nv *= 0.5\nm = t/tau_m\nv /= 1 + m"):
        check_statement(statement, NAMES)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v = 0", "'v' is in mV, '0' is a plain number"),
        ("v += I_syn", "'v' is in mV, 'I_syn' is in pA"),
        ("v *= 2*mV", "changes the unit of 'v'"),
        ("v_ret = v_rest", "Did you mean 'v_rest'"),
        ("m = v > v_rest", "true or false"),
    ],
)
def test_refuses_a_statement_that_does_not_fit(text: str, reason: str) -> None:
    (statement,) = parse_statements(text)
    with pytest.raises(ExpressionError, match=reason) as refusal:
        check_statement(statement, NAMES)
    assert refusal.value.line == 1


def test_a_condition_is_true_or_false() -> None:
    check_condition("v > v_rest and t > 5*ms", NAMES)
    with pytest.raises(ExpressionError, match="'v - v_rest' is in mV, not a condition"):
        check_condition("v - v_rest", NAMES)
