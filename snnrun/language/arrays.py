"""Model code computed with numpy: what equations say, for many values at once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.language.equations import Equation, names_in
from snnrun.language.functions import FUNCTIONS, MODEL_FUNCTIONS
from snnrun.language.model_units import is_model_unit
from snnrun.language.syntax import ExpressionError, canonical, parse_expression
from snnrun.language.values import CONSTANTS
from snnrun.units import unit

Values = NDArray[np.float64]

_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.USub: np.negative,
    ast.UAdd: np.positive,
    ast.Not: np.logical_not,
}
_BINARY: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod,
    ast.Pow: np.float_power,
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}
# Functions that numpy calls differently, or has not; the others have their name.
_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "int": np.trunc,
    "exprel": lambda x: np.where(np.abs(x) < 1e-9, 1 + x / 2, np.expm1(x) / np.where(x == 0, 1, x)),
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
}


def rates_of_change(equations: Collection[Equation], values: Mapping[str, Values]) -> dict[str, Values]:
    """How fast each variable of differential equations changes, in SI units, by name.

    Parameters
    ----------
    equations
        As `parse_equations` gives them.
    values
        State variables, parameters and whatever else the equations use, in SI units; shapes that broadcast.

    Raises
    ------
    ExpressionError
        If a name has no value, or an equation is random.
    """
    known = dict(values)
    subexpressions = {one.name: one.expression for one in equations if one.kind == "subexpression"}

    def settled(expression: str) -> Values:
        for name in names_in(expression) & subexpressions.keys() - known.keys():
            known[name] = settled(subexpressions[name])
        return evaluate(expression, known)

    return {one.name: settled(one.expression) for one in equations if one.kind == "differential"}


def evaluate(expression: str, values: Mapping[str, Values]) -> Values:
    """The value of an expression of model code, in SI units; conditions are 0 or 1.

    Where it leaves the range of numbers it is infinite or NaN, without a warning.

    Raises
    ------
    ExpressionError
        If it is no expression, a name has no value, or it is random.
    """
    tree = parse_expression(expression, functions=MODEL_FUNCTIONS)
    with np.errstate(all="ignore"):
        return np.asarray(_value(tree, values), dtype=np.float64)


def _value(node: ast.expr, values: Mapping[str, Values]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)
        case ast.Name(id=name):
            return _named(name, values)
        case ast.UnaryOp(op=operator, operand=operand):
            return _UNARY[type(operator)](_value(operand, values))
        case ast.BinOp(left=left, op=binary, right=right):
            return _BINARY[type(binary)](_value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return _COMPARISONS[type(comparison)](_value(left, values), _value(right, values))
        case ast.BoolOp(op=ast.And(), values=parts):
            return np.logical_and.reduce(np.broadcast_arrays(*(_value(part, values) for part in parts)))
        case ast.BoolOp(values=parts):
            return np.logical_or.reduce(np.broadcast_arrays(*(_value(part, values) for part in parts)))
        case ast.Call(func=ast.Name(id=name), args=arguments) if not FUNCTIONS[name].random:
            function = _FUNCTIONS[name] if name in _FUNCTIONS else getattr(np, name)
            return function(*(_value(argument, values) for argument in arguments))
    raise ExpressionError(f"'{canonical(node)}' has no single value")


def _named(name: str, values: Mapping[str, Values]) -> Values | float:
    if name in values:
        return values[name]
    if name in CONSTANTS:
        return CONSTANTS[name].value
    if is_model_unit(name):
        return unit(name).value
    raise ExpressionError(f"{name!r} has no value")
