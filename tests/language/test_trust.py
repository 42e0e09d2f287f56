"""A text from somebody else is refused with a reason, or only what was understood of it remains."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snnrun.language.equations import parse_condition, parse_equations, parse_statements
from snnrun.language.functions import MODEL_FUNCTIONS
from snnrun.language.syntax import ExpressionError, canonical, join_literals, parse_expression
from snnrun.language.values import evaluate
from snnrun.units import Quantity, UnitError, unit

PARAMETERS = {name: Quantity(1.0) for name in ("v", "w", "g", "x")}

# Where a text of the user can stand.
POSITIONS: dict[str, Callable[[str], object]] = {
    "differential equation": lambda text: parse_equations(f"dv/dt = {text} : volt"),
    "subexpression": lambda text: parse_equations(f"a = {text} : 1"),
    "name of a variable": lambda text: parse_equations(f"{text} : 1"),
    "unit of a variable": lambda text: parse_equations(f"a : {text}"),
    "flag": lambda text: parse_equations(f"a : 1 ({text})"),
    "statement": lambda text: parse_statements(f"a = {text}"),
    "target of a statement": lambda text: parse_statements(f"{text} = 1"),
    "condition": parse_condition,
    "value": lambda text: evaluate(text, PARAMETERS),
    "unit": unit,
}

PAYLOADS = {
    # These ran as Python, at the construction of Brian's Equations.
    "import in a string": """exp("__import__('os').system('id')")""",
    "import": "__import__('os').system('id')",
    "octal escapes": r'"\137\137import\137\137" % 3',
    "string": 'not "x"',
    "adjacent strings": """b'a'""",
    "class of a tuple": "().__class__",
    "lambda": "(lambda: 1)()",
    "list comprehension": "[1 for v in w]",
    "generator": "exp(1 for v in w)",
    "walrus": "(v:=1)",
    "system": "system(1)",
    "exec": "exec(v)",
    "eval by number": "eval(1)",
    "attribute": "v.x",
    "attribute of a number": "(1).real",
    "subscript": "v[0]",
    "ternary": "v if w else g",
    "star": "exp(*v)",
    "keyword argument": "exp(x=v)",
    "unknown function": "f(v)",
    "function of a function": "exp(1)(2)",
    # This ran as C++: GCC ends a comment at a carriage return.
    "carriage return in a comment": 'v # c \r if(system("id")){}',
    "line separator in a comment": "v # c \u2028 if(system(1)){}",
    "null byte": "x\x00",
    "vertical tab": "v\x0b+ w",
    # These hang Brian or sympy.
    "tower of powers": "9**9**9**9",
    "tower with a variable": "v = 9**9**9*v",
    "tower of units": "meter**9**9**9",
    "tower in brackets": "((9**64)**64)**64",
    "tower beside": "(2*3)**v**2",
    "large power": "v**9999",
    "large power of a sum": "(v+w+g+x)**64",
    "hidden large power of a sum": "(v+w+g+x)**(x-x+64)",
    "computed power": "v**(9*9*9)",
    "integer power": "2**v",
    # These exhaust a parser or the numbers.
    "long": "v+" * 1500 + "v",
    "very long": "v+" * 1_000_000 + "v",
    "many brackets": "(" * 100 + "v" + ")" * 100,
    "very many brackets": "(" * 900 + "v" + ")" * 900,
    "many signs": "-" * 1900 + "v",
    "many spaced signs": "- " * 900 + "v",
    "many nots": "not " * 450 + "v",
    "many mixed signs": "not - " * 300 + "v",
    "infinite number": "1e999",
    "large number": "9" * 30,
    "very large number": "9" * 1999,
    "hexadecimal": "0x" + "f" * 20,
    "digits before a unit": "1" * 1_000_000 + " mV",
    # Not the language.
    "complex number": "1j",
    "none": "None",
    "ellipsis": "...",
    "full-width letter": "ｖ",
    "two statements": "v;w",
    "chain of comparisons": "v<w<g",
    "half an expression": "v and",
    "matrix product": "v @ w",
    "bitwise or": "v|w",
    "bitwise not": "~v",
    "shift": "v << 3",
    "identity": "v is w",
    "membership": "v in (w, g)",
    "tuple": "v, w",
    "closed too early": "1) + (2",
    "empty": "",
    "blank": " \n\t ",
    # Macros and keywords of C++.
    "null pointer": "NULL",
    "error number": "errno",
    "signed": "signed",
    "pi of C": "M_PI",
    "end of file": "EOF",
    "infinity of C": "INFINITY",
}


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_refuses_with_a_reason(payload: str, position: str) -> None:
    with pytest.raises((ExpressionError, UnitError)) as refusal:
        POSITIONS[position](PAYLOADS[payload])
    assert str(refusal.value)
    assert len(str(refusal.value)) < 500


def test_a_backslash_at_the_end_of_a_comment_does_not_swallow_the_next_line() -> None:
    # In Brian the comment reaches the C++ program, where it swallows the statement below.
    first, second = parse_statements("v = 0 # reset \\\nw = 1")
    assert (first.text(), second.text()) == ("v = 0", "w = 1")


def test_names_the_refused_character() -> None:
    with pytest.raises(ExpressionError, match=r"the character ';'"):
        parse_condition("v > 1; w")
    with pytest.raises(ExpressionError, match="fullwidth latin small letter v"):
        parse_condition("ｖ > 1")
    with pytest.raises(ExpressionError, match=r"'\^' .* \*\*"):
        parse_condition("v^2 > 1")


ALLOWED_NODES = (
    *(ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Constant, ast.Load),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop),
)
TOKENS = (
    *("v", "w", "tau_m", "x_post", "t", "xi", "e1", "mV", "ms", "m", "True", "None", "lambda", "import", "__", "NULL"),
    *("1", "0", "2.5", ".5", "1e3", "9", "1e308", "0x1f", "1_0", "3j", "64"),
    *("+", "-", "*", "/", "//", "**", "%", "<", ">", "<=", "==", "!=", "=", "+=", ":", "@", ";", "'", '"', "\\", "#"),
    *("(", ")", "(", ")", "[", "]", ",", ".", " ", " ", " ", "\t", "\n", "\r", "\x00", "µ", "−", "ｖ", "\u2028"),
    *("not ", " and ", " or ", " if ", " else ", " in ", "exp(", "clip(", "rand()", "sqrt(", "uniform(", "system("),
    *("dv/dt = ", "dw/dt=", "a = ", "b : ", " : volt", " : 1", ": mV", "(constant)", "(unless refractory)"),
)
# 1943 characters; with the spaces around its operators it would be too long when it is read again.
LONGER_WHEN_WRITTEN_OUT = "*".join(["(" + "+".join(["abcdefghijklmnop"] * 38) + ")"] * 3)
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TOKENS), max_size=30).map("".join))


@settings(max_examples=300, deadline=None)
@given(texts)
@example(LONGER_WHEN_WRITTEN_OUT)
@example("- - - - - - - - - - - - - - - - - - -v")
@example("v**-1")
@example("1if")
def test_any_text_is_refused_or_a_tree_of_whitelisted_nodes_that_passes_again(text: str) -> None:
    try:
        tree = parse_expression(join_literals(text), functions=MODEL_FUNCTIONS)
    except ExpressionError:
        return
    for node in ast.walk(tree):
        assert isinstance(node, ALLOWED_NODES)
        assert not isinstance(node, ast.Constant) or type(node.value) in (int, float, bool)
        assert not isinstance(node, ast.Call) or ast.unparse(node.func) in MODEL_FUNCTIONS
    once = canonical(tree)
    twice = canonical(parse_expression(join_literals(once), functions=MODEL_FUNCTIONS))
    assert once == twice
    assert set(once) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ +-*/%<>=!().,")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(texts, st.sampled_from(("a : 1", "b = 2*a : 1", "dv/dt = -v/(5 ms) : volt"))), max_size=4))
def test_any_model_code_is_refused_or_reads_back_the_same(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        equations = parse_equations(text)
    except ExpressionError:
        pass
    else:
        again = parse_equations("\n".join(equation.text() for equation in equations))
        assert [equation.text() for equation in again] == [equation.text() for equation in equations]
    try:
        statements = parse_statements(text)
    except ExpressionError:
        return
    again_statements = parse_statements("\n".join(statement.text() for statement in statements))
    assert [one.text() for one in again_statements] == [one.text() for one in statements]


@settings(max_examples=300, deadline=None)
@given(texts)
@example("((Gm**8)**8)**8")
@example("((fm**8)**8)**8")
@example("True")
def test_any_text_is_no_unit_or_one_with_a_finite_scale(text: str) -> None:
    try:
        found = unit(text)
    except UnitError:
        return
    assert 0 < found.value < float("inf")


@settings(max_examples=300, deadline=None)
@given(texts)
def test_any_text_is_no_value_or_a_value_that_reads_back_the_same(text: str) -> None:
    try:
        value = evaluate(text, PARAMETERS)
    except ExpressionError:
        return
    assert evaluate(str(value), {}) == value
