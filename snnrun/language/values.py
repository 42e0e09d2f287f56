"""Value expressions: ``"20 ms"``, ``"eta * theta / (J * C_ext * tau_m)"``, ``"uniform(0 mV, theta)"``.

Evaluated here, node by node, over the parameters of the experiment. Python's ``eval`` is never involved.
"""

from __future__ import annotations

import ast
import copy
import difflib
import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Final

from snnrun.language.distance import DISTANCE, OfDistance
from snnrun.language.distributions import DISTRIBUTIONS, Distribution
from snnrun.language.syntax import ExpressionError, canonical, join_literals, parse_expression
from snnrun.units import DIMENSIONLESS, Quantity, is_unit, so_many, unit

CONSTANTS: Final = {"pi": Quantity(math.pi)}


def _dimensionless(function: Callable[[float], float]) -> Callable[[Quantity], Quantity]:
    def apply(argument: Quantity) -> Quantity:
        if argument.dimension != DIMENSIONLESS:
            raise ExpressionError(f"the function takes a plain number, not {argument.pretty()}")
        return Quantity(float(function(argument.value)))

    return apply


_FUNCTIONS: Final[dict[str, Callable[[Quantity], Quantity]]] = {
    "exp": _dimensionless(math.exp),
    "log": _dimensionless(math.log),
    "log10": _dimensionless(math.log10),
    "sin": _dimensionless(math.sin),
    "cos": _dimensionless(math.cos),
    "tan": _dimensionless(math.tan),
    "tanh": _dimensionless(math.tanh),
    "round": _dimensionless(round),
    "floor": _dimensionless(math.floor),
    "ceil": _dimensionless(math.ceil),
    "sqrt": lambda q: Quantity(math.sqrt(q.value), q.dimension ** Fraction(1, 2)),
    "abs": lambda q: Quantity(abs(q.value), q.dimension),
}
_CHOICES: Final[dict[str, Callable[..., float]]] = {"min": min, "max": max}
FUNCTION_NAMES: Final = frozenset({*_FUNCTIONS, *_CHOICES, *DISTRIBUTIONS})


def evaluate(text: str, parameters: Mapping[str, Quantity]) -> Quantity | Distribution | OfDistance:
    """The value of an expression.

    Parameters
    ----------
    text
        What the user wrote.
    parameters
        Names that the expression may use, beside the units.

    Raises
    ------
    ExpressionError
        If the text is no expression, uses an unknown name, mixes dimensions, or leaves the finite numbers.
    """
    tree = _parsed(text)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in DISTRIBUTIONS:
        arguments = tuple(_evaluate(node, parameters) for node in tree.args)
        return DISTRIBUTIONS[tree.func.id].of(tree.func.id, arguments)
    if DISTANCE in names_in(text):
        # The dimension is the same at any distance; at 0 a division would fail that no two neurons ask for.
        sample = _evaluate(tree, {**parameters, DISTANCE: Quantity(1e-4, unit("m").dimension)})
        return OfDistance(canonical(_WrittenOut(parameters).visit(copy.deepcopy(tree))), sample.dimension)
    return _evaluate(tree, parameters)


# An experiment has few expressions; those that vary a parameter evaluate them again and again.
@lru_cache(maxsize=1000)
def _parsed(text: str) -> ast.expr:
    return parse_expression(join_literals(text), functions=FUNCTION_NAMES)


class _WrittenOut(ast.NodeTransformer):
    """Puts the values of parameters and constants in the place of their names."""

    def __init__(self, parameters: Mapping[str, Quantity]) -> None:
        self._values = {**CONSTANTS, **parameters}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._values:
            return node
        return parse_expression(join_literals(str(self._values[node.id])), functions=FUNCTION_NAMES)


@lru_cache(maxsize=1000)
def names_in(text: str) -> frozenset[str]:
    """The names, other than units and functions, that an expression mentions; empty when it is not one."""
    try:
        tree = _parsed(text)
    except ExpressionError:
        return frozenset()
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(name for name in names if not is_unit(name) and name not in FUNCTION_NAMES | CONSTANTS.keys())


def _evaluate(node: ast.expr, parameters: Mapping[str, Quantity]) -> Quantity:
    try:
        result = _value(node, parameters)
    except (ArithmeticError, ValueError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f"{ast.unparse(node)} cannot be computed ({error})") from None
    if not math.isfinite(result.value):
        raise ExpressionError(f"{ast.unparse(node)} is not a finite number")
    return result


def _value(node: ast.expr, parameters: Mapping[str, Quantity]) -> Quantity:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Quantity(float(number))
        case ast.Name(id=name):
            return _name(name, parameters)
        case ast.BinOp(ast.Constant(int() | float() as number), ast.Mult(), ast.Name(name)) if is_unit(name):
            return so_many(float(number), unit(name))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _evaluate(operand, parameters)
            return Quantity(-inner.value, inner.dimension)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _evaluate(operand, parameters)
        case ast.BinOp(left=left, op=operator, right=right):
            return _binary(node, operator, _evaluate(left, parameters), _evaluate(right, parameters))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _FUNCTIONS:
            if len(args) != 1:
                raise ExpressionError(f"{name}() takes one argument")
            return _FUNCTIONS[name](_evaluate(args[0], parameters))
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as args) if name in _CHOICES:
            values = [_evaluate(argument, parameters) for argument in args]
            _same_dimension(node, *values)
            return Quantity(_CHOICES[name](value.value for value in values), values[0].dimension)
        case ast.Call(func=ast.Name(id=name)) if name in DISTRIBUTIONS:
            raise ExpressionError(f"{name}(…) stands alone, not inside another expression")
    raise ExpressionError(f"{ast.unparse(node)} is not a value")


def _name(name: str, parameters: Mapping[str, Quantity]) -> Quantity:
    if name in parameters:
        return parameters[name]
    if name in CONSTANTS:
        return CONSTANTS[name]
    if is_unit(name):
        return unit(name)
    close = difflib.get_close_matches(name, [*parameters, *FUNCTION_NAMES], n=1)
    hint = f" Did you mean {close[0]!r}?" if close else " Declare it under 'parameters'."
    raise ExpressionError(f"unknown name {name!r}.{hint}")


def _binary(node: ast.expr, operator: ast.operator, a: Quantity, b: Quantity) -> Quantity:
    match operator:
        case ast.Mult():
            return Quantity(a.value * b.value, a.dimension * b.dimension)
        case ast.Div():
            return Quantity(a.value / b.value, a.dimension / b.dimension)
        case ast.Pow():
            if b.dimension != DIMENSIONLESS:
                raise ExpressionError(f"the exponent in {ast.unparse(node)} has a unit")
            power = a.value**b.value
            if isinstance(power, complex):
                raise ExpressionError(f"{ast.unparse(node)} is not a real number")
            if a.dimension == DIMENSIONLESS:
                return Quantity(float(power))
            return Quantity(float(power), a.dimension ** Fraction(b.value).limit_denominator(12))
    _same_dimension(node, a, b)
    match operator:
        case ast.Add():
            return Quantity(a.value + b.value, a.dimension)
        case ast.Sub():
            return Quantity(a.value - b.value, a.dimension)
        case ast.Mod():
            return Quantity(a.value % b.value, a.dimension)
        case ast.FloorDiv():
            return Quantity(float(a.value // b.value))
    raise ExpressionError(f"the operator in {ast.unparse(node)} is not allowed here")


def _same_dimension(node: ast.expr, *values: Quantity) -> None:
    first, *others = values
    for other in others:
        if other.dimension != first.dimension:
            raise ExpressionError(f"{ast.unparse(node)} mixes {first.pretty()} and {other.pretty()}")
