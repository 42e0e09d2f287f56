"""Values that depend on the distance between the two neurons of a synapse: ``"0.5 ms + distance / (0.3 m/s)"``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.language.syntax import join_literals, parse_expression
from snnrun.units import Dimension, unit

FloatArray = NDArray[np.float64]

DISTANCE: Final = "distance"
"""The name that stands for the distance in an expression."""

ARRAY_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "round": np.round,
    "floor": np.floor,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
}
_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.Mod: np.mod,
    ast.FloorDiv: np.floor_divide,
}
_NUMBER: Final = re.compile(r"[0-9]+\.[0-9]+(e[-+]?[0-9]+)?")
# Values computed at once: each operation of an expression makes an array.
_BLOCK: Final = 1 << 20
# Distances at which an expression is looked at to find its bounds.
_N_SAMPLES: Final = 1001


@dataclass(frozen=True)
class OfDistance:
    """An expression of ``distance``, to be evaluated for each synapse; ``str`` gives a text that reads back the same.

    Parameters
    ----------
    expression
        Of numbers, units and the distance: parameters are written out.
    dimension
        Of its values.
    farthest
        Largest distance that there is, in metres. An expression by itself knows only of neurons at the same place.
    """

    expression: str
    dimension: Dimension
    farthest: float = 0.0

    def __str__(self) -> str:
        return self.expression

    def pretty(self) -> str:
        """For people: with six digits of each number."""
        return _NUMBER.sub(lambda number: f"{float(number[0]):g}", self.expression)

    def within(self, farthest: float) -> OfDistance:
        """The same expression in a space whose points are at most so many metres from each other."""
        return replace(self, farthest=farthest)

    def at(self, distances: FloatArray) -> FloatArray:
        """Values in SI units at distances in metres; shape (n,) as well."""
        tree = parse_expression(join_literals(self.expression), functions=ARRAY_FUNCTIONS.keys())
        values = np.empty(len(distances))
        with np.errstate(all="ignore"):  # what is not finite is refused with its bounds
            for first in range(0, len(distances), _BLOCK):
                block = slice(first, first + _BLOCK)
                values[block] = _evaluate(tree, distances[block])
        return values

    def bounds(self) -> tuple[float, float]:
        """Smallest and largest value in SI units, between distance 0 and the farthest; NaN where there is none."""
        values = self.at(np.linspace(0.0, self.farthest, _N_SAMPLES))
        return float(values.min()), float(values.max())


def _evaluate(node: ast.expr, distances: FloatArray) -> Any:
    """SI values of an expression whose names and dimensions have been checked."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return distances if name == DISTANCE else unit(name).value
        case ast.UnaryOp(op=operator, operand=operand):
            inner = _evaluate(operand, distances)
            return -inner if isinstance(operator, ast.USub) else inner
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)](_evaluate(left, distances), _evaluate(right, distances))
        case ast.Call(func=ast.Name(id=name), args=args):
            return ARRAY_FUNCTIONS[name](*(_evaluate(argument, distances) for argument in args))
    raise AssertionError(f"{ast.unparse(node)} has been checked and cannot be here")
