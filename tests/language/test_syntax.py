from __future__ import annotations

import pytest

from snnrun.language.syntax import ExpressionError, canonical, join_literals, parse_expression, rename

FUNCTIONS = frozenset({"exp", "sqrt"})


def read(text: str) -> str:
    return canonical(parse_expression(text, functions=FUNCTIONS))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("v>10*mV", "v > 10 * mV"),
        ("-v/tau + w*g", "-v / tau + w * g"),
        ("v\n + w", "v + w"),
        ("  exp(-t/tau)", "exp(-t / tau)"),
        ("not (v>1) and w<2", "not v > 1 and w < 2"),
        ("((v))**2/tau", "v ** 2 / tau"),
        ("1e-3*v", "0.001 * v"),
        ("v % 2 != 0", "v % 2 != 0"),
        ("2.0**v", "2.0 ** v"),
        ("(v/w)**n", "(v / w) ** n"),
        ("v**(1/2)", "v ** (1 / 2)"),
        ("True", "True"),
    ],
)
def test_writes_an_expression_anew_from_its_tree(text: str, written: str) -> None:
    assert read(text) == written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v +", "is not an expression"),
        ("v if w else g", "'if … else' cannot stand"),
        ("f(v)", "there is no function 'f'. Known: exp, sqrt"),
        ("exp(x=v)", "plain values"),
        ("v < w < g", "write 'a < b and b < c'"),
        ("v**65", "larger than 64"),
        ("(v + w)**9", "larger than 8"),
        ("2**v", r"2\.0"),
        ("(v**2)**2", "power of a power"),
        ("9" * 20, r"2\*\*53"),
        ("a__b", "'__' cannot stand"),
        ("- " * 30 + "v", "too many signs"),
        ("v" * 64, "at most 63"),
        ("_v", "is not a name"),
        ("signed", "keyword"),
        ("a+" * 60 + "a", "nested more than 40"),
        ("v" + " " * 2000, "longer than 2000"),
    ],
)
def test_says_why_an_expression_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        read(text)


def test_allows_powers_up_to_their_bounds() -> None:
    assert read("v**64 + (v + w)**8 + v**-2") == "v ** 64 + (v + w) ** 8 + v ** (-2)"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("5 mV", "(5*mV)"),
        ("1/5 ms", "1/(5*ms)"),
        ("20mV/2 ms", "(20*mV)/(2*ms)"),
        ("5 mV**2", "(5*mV**2)"),
        ("5 mV**-2", "(5*mV**-2)"),
        ("5 mV**(1/2)", "(5*mV**(1/2))"),
        ("5 s**-0.5", "(5*s**-0.5)"),
        ("2.5 nS/cm**2", "(2.5*nS)/cm**2"),
        ("1e-3 mV", "(1e-3*mV)"),
        (".5 ms", "(.5*ms)"),
        ("5*mV", "5*mV"),
        ("5 v", "5 v"),
        ("v2 mV", "v2 mV"),
        ("3 exp(v)", "3 exp(v)"),
        ("5 µm", "(5*um)"),
        ("3 MΩ", "(3*Mohm)"),
        ("−70 mV", "-(70*mV)"),
    ],
)
def test_a_number_binds_to_the_unit_behind_it(text: str, joined: str) -> None:
    assert join_literals(text) == joined


@pytest.mark.parametrize("text", ["5 mV**x", "5 mV**(x)", "5 mV**2**2", "5 mV**(1/2)**2"])
def test_a_power_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="not clear"):
        join_literals(text)


def test_renames_names_but_no_functions() -> None:
    tree = parse_expression("exp(v) + v_rest*v", functions=FUNCTIONS)
    assert rename(tree, {"v": "v_post", "exp": "sqrt"}) == "exp(v_post) + v_rest * v_post"
    assert canonical(tree) == "exp(v) + v_rest * v"


def test_renaming_swaps_names() -> None:
    assert rename("a - b", {"a": "b", "b": "a"}) == "b - a"
