"""The whitelist of syntax: every string of an experiment that is an expression passes through here first.

Brian evaluates strings with Python's ``eval``, sympy and a C++ compiler, so a string that it is given is a program.
Here a string is parsed, held against a short list of characters and node types, and written out anew from its tree:
comments, line ends and odd characters do not survive, and nothing else reaches Brian.
"""

from __future__ import annotations

import ast
import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from snnrun.language.reserved import spelling_problem
from snnrun.units import is_unit, suggested_unit

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 500
# Larger powers let sympy expand an expression for minutes.
MAX_EXPONENT: Final = 64
MAX_COMPOUND_EXPONENT: Final = 8
# Beyond it a double no longer holds every whole number.
MAX_INTEGER: Final = 2**53

_FORBIDDEN: Final = re.compile(r"[^A-Za-z0-9_ \t\n+\-*/%<>=!().,]")
_INSTEAD: Final = {"^": "a power is written **", "&": "write 'and'", "|": "write 'or'", "~": "write 'not'"}
_UNARY_RUN: Final = re.compile(r"(?:[-+]\s*){20,}|(?:\bnot\s+){20,}")
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow, ast.FloorDiv)
_UNARY_OPERATORS: Final = (ast.UAdd, ast.USub, ast.Not)
_COMPARISONS: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_REFUSED: Final = {
    ast.IfExp: "'if … else'",
    ast.Lambda: "'lambda'",
    ast.Attribute: "a dot after a name",
    ast.Tuple: "a comma outside a function call",
    ast.Starred: "'*' before an argument",
    ast.NamedExpr: "':='",
    ast.GeneratorExp: "a loop",
}

# "5 mV", "2.5 nS/cm**2", "3 mV**2": a number directly before a unit binds to it more tightly than any operator, and
# the power of a unit belongs to the unit.
_LITERAL: Final = re.compile(
    r"(?<![\w.])(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)[ \t]*(?P<unit>[A-Za-z]+)(?![\w(])"
    r"(?P<power>[ \t]*\*\*[ \t]*(?:-?[0-9]+(?:\.[0-9]+)?(?![\w.])|\(-?[0-9]+(?:/[0-9]+)?\)))?"
    r"(?P<other_power>[ \t]*\*\*)?"
)
_NUMBER_AND_WORD: Final = re.compile(
    r"(?<![\w.])[0-9.]+(?:[eE][-+]?[0-9]+)?[ \t]*((?!(?:and|or|not|if|else|in|is)\b)[A-Za-z]\w*)"
)
_SINGLE_EQUALS: Final = re.compile(r"(?<![<>=!])=(?!=)")
_ASCII: Final = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm", "\u2212": "-"})


class ExpressionError(ValueError):
    """A string is refused; the message is for the user.

    Parameters
    ----------
    line
        Line within the string, from 1, where the string has several and the place is known.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def parse_expression(text: str, *, functions: AbstractSet[str]) -> ast.expr:
    """The syntax tree of an expression of whitelisted nodes only. Whether its names exist is for the caller to check.

    Raises
    ------
    ExpressionError
        If the text is too long, too deep, no expression, or uses anything outside the whitelist.
    """
    _check_text(text)
    tree = _parse(text)
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise ExpressionError(f"the expression has more than {MAX_NODES} parts; split it")
    _check_node(tree, functions, depth=0)
    # Writing an expression out adds spaces and brackets; what passes once must pass again.
    _check_text(canonical(tree))
    return tree


def canonical(tree: ast.expr) -> str:
    """An expression written out from its tree: one line, no comments, the same text for the same tree."""
    return ast.unparse(tree)


def rename(expression: str | ast.expr, mapping: Mapping[str, str]) -> str:
    """A canonical expression with some of its names replaced; functions keep theirs.

    Parameters
    ----------
    expression
        A tree from `parse_expression`, or a text that `canonical` gave.
    """
    text = expression if isinstance(expression, str) else canonical(expression)
    return _renamed(text, frozenset(mapping.items()))


@lru_cache(maxsize=1000)
def _renamed(text: str, mapping: frozenset[tuple[str, str]]) -> str:
    tree, names = _parse(text), dict(mapping)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in called:
            node.id = names.get(node.id, node.id)
    return canonical(tree)


def substitute(expression: str, name: str, replacement: str) -> str:
    """A canonical expression with another expression in the place of a name."""

    class _Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return _parse(replacement) if node.id == name else node

    tree: ast.expr = _Put().visit(_parse(expression))
    return canonical(tree)


def join_literals(text: str, *, units: Callable[[str], bool] = is_unit) -> str:
    """The text with ``5 mV`` written as ``(5*mV)``, and ``µ``, ``Ω`` and the long minus in ASCII.

    Parameters
    ----------
    units
        Which names are units here.

    Raises
    ------
    ExpressionError
        If the text is too long, or a power after a quantity could mean two things.
    """

    def join(match: re.Match[str]) -> str:
        number, name, power = match["number"], match["unit"], match["power"] or ""
        if not units(name):
            if is_unit(name):
                raise ExpressionError(f"'{number} {name}': units of one letter are written out here, such as 3*second")
            return match.group()
        if match["other_power"]:
            raise ExpressionError(
                f"it is not clear what is raised to a power in '{number} {name}{power} **'. "
                f"Write ({number}*{name}{power})**… or {number}*{name}{power}**…"
            )
        return f"({number}*{name}{power})"

    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the text is longer than {MAX_LENGTH} characters")
    return _LITERAL.sub(join, text.translate(_ASCII))


def character_name(character: str) -> str:
    """A character for a message: visible, or by its name."""
    if character.isascii() and character.isprintable():
        return f"'{character}'"
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a control character').lower()})"


def _check_text(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the text is longer than {MAX_LENGTH} characters")
    if refused := _FORBIDDEN.search(text):
        instead = _INSTEAD.get(refused.group())
        hint = f"; {instead}" if instead else ""
        raise ExpressionError(f"the character {character_name(refused.group())} cannot stand in an expression{hint}")
    if "__" in text:
        raise ExpressionError("'__' cannot stand in an expression")
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"brackets are nested more than {MAX_DEPTH} deep")
    if _UNARY_RUN.search(text):
        raise ExpressionError("too many signs in a row")


def _parse(text: str) -> ast.expr:
    # An expression may run over several lines; without comments and strings a line end is nothing but a space.
    line = " ".join(text.split())
    if not line:
        raise ExpressionError("an expression is missing")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # for "1if" Python would print a warning on the user's terminal
            return ast.parse(line, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = _likely_reason(line) if isinstance(error, SyntaxError) else "it is too complicated"
        raise ExpressionError(f"'{shorten(line)}' is not an expression{f': {reason}' if reason else ''}") from None


def _likely_reason(line: str) -> str:
    """What people mean by texts that are no expressions."""
    if found := _NUMBER_AND_WORD.search(line):
        word = found[1]
        return f"there is no unit {word!r}. {suggested_unit(word)}".rstrip()
    if line.endswith("%"):
        return "write 10 % as 0.1"
    if _SINGLE_EQUALS.search(line):
        return "'=' does not compare; write '>', '<' or '=='"
    return ""


def _check_node(node: ast.expr, functions: AbstractSet[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ExpressionError(f"the expression is nested more than {MAX_DEPTH} deep; split it")
    parts: list[ast.expr] = []
    match node:
        case ast.Name(id=name):
            if problem := spelling_problem(name):
                raise ExpressionError(problem)
        case ast.Constant(value=value):
            _check_number(value)
        case ast.Call():
            _check_call(node, functions)
            parts = node.args
        case _:
            parts = _operands(node)
    for part in parts:
        _check_node(part, functions, depth + 1)


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=operator, right=right) if isinstance(operator, _OPERATORS):
            if isinstance(operator, ast.Pow):
                _check_power(node)
            return [left, right]
        case ast.UnaryOp(op=operator, operand=operand) if isinstance(operator, _UNARY_OPERATORS):
            return [operand]
        case ast.BoolOp(values=values):
            return values
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if isinstance(operator, _COMPARISONS):
            return [left, right]
        case ast.Compare(ops=[_, _, *_]):
            raise ExpressionError(f"'{shorten(canonical(node))}': one comparison at a time; write 'a < b and b < c'")
    what = _REFUSED.get(type(node), f"'{shorten(canonical(node))}'")
    raise ExpressionError(f"{what} cannot stand in an expression")


def _check_call(node: ast.Call, functions: AbstractSet[str]) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in functions:
        raise ExpressionError(
            f"there is no function '{shorten(canonical(node.func))}'. Known: {', '.join(sorted(functions))}."
        )
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        raise ExpressionError(f"the arguments of {node.func.id}() are plain values, without names or '*'")


def _check_number(value: object) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ExpressionError("a whole number is larger than 2**53; write it as 1e20")
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError("a number is too large")
    if not isinstance(value, int | float):
        raise ExpressionError(f"'{value}' is not a number")


def _check_power(node: ast.BinOp) -> None:
    """Powers are where a short text becomes a long computation, in Python, in sympy and in the compiler."""
    if any(isinstance(inner, ast.Pow) for side in (node.left, node.right) for inner in ast.walk(side)):
        raise ExpressionError(f"'{shorten(canonical(node))}': a power of a power; compute it in two steps")
    exponent, base = literal_number(node.right), literal_number(node.left)
    simple_base = isinstance(node.left, ast.Name | ast.Constant | ast.Call)
    limit = MAX_EXPONENT if simple_base else MAX_COMPOUND_EXPONENT
    problem = ""
    if exponent is not None:
        if abs(exponent) > limit:
            problem = f"the exponent is larger than {limit}"
    elif not any(isinstance(inner, ast.Name) for inner in ast.walk(node.right)):
        problem = "write the exponent as one number"
    elif isinstance(base, int):
        problem = f"write the base with a point: {base}.0"
    elif not simple_base and not isinstance(node.right, ast.Name):
        # sympy may reduce n - n + 60 to 60, and then expand the base to the power 60.
        problem = "the exponent of a compound expression is a number or a name"
    if problem:
        raise ExpressionError(f"'{shorten(canonical(node))}': {problem}")


def literal_number(node: ast.expr) -> int | float | None:
    """The number that an expression of literals stands for, such as ``-2`` or ``1/2``; ``None`` for others."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = literal_number(operand)
            return None if inner is None else -inner
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return literal_number(operand)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = literal_number(left), literal_number(right)
            return above / below if above is not None and below else None
    return None


def shorten(text: str) -> str:
    """A text cut to what fits into a message."""
    return text if len(text) <= 60 else text[:57] + "…"
