"""The whitelist of syntax: every string of an experiment that is an expression passes through here first.

Brian evaluates strings with Python's ``eval``, sympy and a C++ compiler, so a string that it is given is a program.
Here a string is parsed, held against a short list of characters and node types, and written out anew from its tree:
comments, line ends and odd characters do not survive, and nothing else reaches Brian.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Set as AbstractSet
from typing import Final

MAX_LENGTH: Final = 2000
MAX_DEPTH: Final = 40
MAX_NODES: Final = 500
# Larger powers let sympy expand an expression for minutes.
MAX_EXPONENT: Final = 64
MAX_COMPOUND_EXPONENT: Final = 8

_CHARACTERS: Final = re.compile(r"[A-Za-z0-9_ \t\n+\-*/%<>=!().,]*\Z")
_UNARY_RUN: Final = re.compile(r"[-+]{20,}|(?:\bnot\s+){20,}")
_OPERATORS: Final = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow, ast.FloorDiv)
_COMPARISONS: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class ExpressionError(ValueError):
    """A string is refused; the message is for the user."""


def parse_expression(text: str, *, functions: AbstractSet[str]) -> ast.expr:
    """The syntax tree of an expression made of whitelisted nodes only. Names are the caller's to check.

    Raises
    ------
    ExpressionError
        If the text is too long, too deep, no expression, or uses anything outside the whitelist.
    """
    raise NotImplementedError
