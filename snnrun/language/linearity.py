"""Whether equations are linear, so that they can be integrated exactly."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final

from snnrun.language.equations import Equation, is_noise
from snnrun.language.functions import FUNCTIONS

# Degree of an expression in the state variables; everything above 1 counts as nonlinear.
_CONSTANT: Final = 0
_LINEAR: Final = 1
_NONLINEAR: Final = 2


def is_linear(equations: Iterable[Equation], state_names: AbstractSet[str]) -> bool:
    """Whether Brian's exact integration can solve the equations.

    It can when every derivative is a sum of state variables times coefficients that stay the same during a time step;
    so the time, noise and random numbers make equations nonlinear here. A derivative without any state variable
    (a perfect integrator) is linear too, but its matrix has no inverse, on which Brian's solution rests.

    Parameters
    ----------
    state_names
        Variables that change during a time step.
    """
    equations = tuple(equations)
    # Brian keeps a subexpression that is constant over dt as a number, computed once each step.
    subexpressions = {
        equation.name: equation.expression
        for equation in equations
        if equation.kind == "subexpression" and "constant over dt" not in equation.flags
    }

    @cache
    def degree_of(name: str) -> int:
        if name in state_names:
            return _LINEAR
        if name in subexpressions:
            return _degree(_tree(subexpressions[name]), degree_of)
        return _NONLINEAR if name == "t" or is_noise(name) else _CONSTANT

    derivatives = [equation.expression for equation in equations if equation.kind == "differential"]
    return all(_degree(_tree(derivative), degree_of) == _LINEAR for derivative in derivatives)


def _tree(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _degree(node: ast.expr, degree_of: Callable[[str], int]) -> int:
    match node:
        case ast.Name(id=name):
            return degree_of(name)
        case ast.Constant():
            return _CONSTANT
        case ast.UnaryOp(op=ast.UAdd() | ast.USub(), operand=operand):
            return _degree(operand, degree_of)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return max(_degree(left, degree_of), _degree(right, degree_of))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return min(_degree(left, degree_of) + _degree(right, degree_of), _NONLINEAR)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _degree(left, degree_of) if _degree(right, degree_of) == _CONSTANT else _NONLINEAR
        case ast.Call(func=ast.Name(id=name), args=arguments):
            parts = arguments
            if FUNCTIONS[name].random:
                return _NONLINEAR
        case _:
            parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return _CONSTANT if all(_degree(part, degree_of) == _CONSTANT for part in parts) else _NONLINEAR
