"""Dimensions of model code: found from its syntax tree and held against what each place needs.

The rules are Brian's (`brian2.parsing.expressions`), except that truth values are no numbers here: Brian calls
``v > v_thresh`` a plain number, so that a threshold of ``v`` alone passes.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import Final

from snnrun.language.equations import Equation, Statement, is_noise, names_in
from snnrun.language.functions import FUNCTIONS, MODEL_FUNCTIONS
from snnrun.language.model_units import brian_unit, is_model_unit
from snnrun.language.syntax import ExpressionError, canonical, join_literals, literal_number, parse_expression, shorten
from snnrun.language.values import CONSTANTS
from snnrun.units import DIMENSIONLESS, Dimension, display_unit, unit


class Truth(Enum):
    """What an expression such as ``v > v_thresh`` has in place of a dimension."""

    BOOLEAN = "true or false"


BOOLEAN: Final = Truth.BOOLEAN
AnyDimension = Dimension | Truth
TIME: Final = unit("second").dimension
# White noise: its square, integrated over time, is a plain number.
NOISE: Final = unit("second**-0.5").dimension
BUILT_IN: Final[Mapping[str, AnyDimension]] = {"t": TIME, "dt": TIME, "i": DIMENSIONLESS, "N": DIMENSIONLESS}


def infer(expression: str, names: Mapping[str, AnyDimension]) -> AnyDimension:
    """The dimension of an expression, or `BOOLEAN`.

    Parameters
    ----------
    names
        All names that it may use, with their dimensions; units and ``pi`` are known.

    Raises
    ------
    ExpressionError
        If a name is unknown or the dimensions do not fit.
    """
    return _infer(parse_expression(join_literals(expression, units=is_model_unit), functions=MODEL_FUNCTIONS), names)


def check_equations(equations: Iterable[Equation], names: Mapping[str, AnyDimension]) -> None:
    """Hold the right-hand sides against the units that the equations declare.

    Parameters
    ----------
    names
        What the equations may use beside their own variables and `BUILT_IN`.

    Raises
    ------
    ExpressionError
        With the line of the first equation that does not fit.
    """
    equations = tuple(equations)
    known = {**BUILT_IN, **names, **{equation.name: equation.dimension for equation in equations}}
    for equation in equations:
        if equation.kind == "parameter":
            continue
        try:
            _check_equation(equation, known)
        except ExpressionError as error:
            raise ExpressionError(str(error), equation.line) from None


def check_statement(statement: Statement, names: Mapping[str, AnyDimension]) -> None:
    """Hold a statement against the dimension of the variable that it changes.

    A new name on the left is refused: in Brian it would be a temporary variable, and a slip of the pen pass unseen.

    Raises
    ------
    ExpressionError
        With the line, if a name is unknown or the dimensions do not fit.
    """
    known = {**BUILT_IN, **names}
    try:
        target = _name(statement.target, known)
        found = infer(statement.expression, known)
        if statement.operator in ("*=", "/="):
            if found != DIMENSIONLESS:
                raise ExpressionError(f"'{shorten(statement.text())}' changes the unit of {statement.target!r}")
        elif found != target:
            raise ExpressionError(
                f"'{shorten(statement.text())}' mixes units: '{statement.target}' is {_described(target)}, "
                f"'{shorten(statement.expression)}' is {_described(found)}"
            )
    except ExpressionError as error:
        raise ExpressionError(str(error), statement.line) from None


def check_condition(condition: str, names: Mapping[str, AnyDimension]) -> None:
    """Hold a condition against being true or false.

    Raises
    ------
    ExpressionError
        If it is a number, a name is unknown or the dimensions do not fit.
    """
    found = infer(condition, {**BUILT_IN, **names})
    if found != BOOLEAN:
        raise ExpressionError(
            f"'{shorten(condition)}' is {_described(found)}, not a condition; write a comparison such as v > v_thresh"
        )


def _check_equation(equation: Equation, known: Mapping[str, AnyDimension]) -> None:
    noise = set(filter(is_noise, names_in(equation.expression)))
    if noise and equation.kind != "differential":
        raise ExpressionError(f"white noise ({min(noise)}) belongs into a differential equation")
    found = infer(equation.expression, {**known, **dict.fromkeys(noise, NOISE)})
    if equation.kind == "differential":
        left, wanted = f"d{equation.name}/dt", equation.dimension / TIME
    else:
        left, wanted = equation.name, equation.dimension
    if found != wanted:
        raise ExpressionError(f"{left} must be in {brian_unit(wanted)}, but the right-hand side is {_described(found)}")


def _infer(node: ast.expr, names: Mapping[str, AnyDimension]) -> AnyDimension:
    match node:
        case ast.Constant(value=bool()):
            return BOOLEAN
        case ast.Constant():
            return DIMENSIONLESS
        case ast.Name(id=name):
            return _name(name, names)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _condition(operand, names)
        case ast.UnaryOp(operand=operand):
            return _number(operand, names)
        case ast.BoolOp(values=values):
            for value in values:
                _condition(value, names)
            return BOOLEAN
        case ast.Compare(left=left, comparators=[right]):
            _same(node, (left, right), names)
            return BOOLEAN
        case ast.BinOp():
            return _binary(node, names)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(node, name, arguments, names)
    raise ExpressionError(f"'{_text(node)}' has no dimension")


def _name(name: str, names: Mapping[str, AnyDimension]) -> AnyDimension:
    if name in names:
        return names[name]
    if name in CONSTANTS:
        return CONSTANTS[name].dimension
    if is_model_unit(name):
        return unit(name).dimension
    if name in MODEL_FUNCTIONS:
        raise ExpressionError(f"{name!r} is a function: write {name}(…)")
    close = difflib.get_close_matches(name, [*names, *MODEL_FUNCTIONS], n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(sorted(names))}."
    raise ExpressionError(f"unknown name {name!r}. {hint}")


def _number(node: ast.expr, names: Mapping[str, AnyDimension]) -> Dimension:
    found = _infer(node, names)
    if isinstance(found, Truth):
        text = _text(node)
        raise ExpressionError(f"'{text}' is a condition, not a number; write int({text}) for 1 or 0")
    return found


def _condition(node: ast.expr, names: Mapping[str, AnyDimension]) -> Truth:
    found = _infer(node, names)
    if isinstance(found, Dimension):
        raise ExpressionError(f"'{_text(node)}' is {_described(found)}, not a condition; write a comparison")
    return found


def _same(node: ast.expr, parts: Sequence[ast.expr], names: Mapping[str, AnyDimension]) -> Dimension:
    """The one dimension of several parts; as in Brian, a bare 0 is a plain number like any other."""
    first, *others = found = [_number(part, names) for part in parts]
    for part, other in zip(parts[1:], others, strict=True):
        if other != first:
            bare = next((part for part in parts if literal_number(part) is not None), None)
            unit_name = next((display_unit(one) for one in found if one != DIMENSIONLESS), "")
            hint = f". Write {_text(bare)}*{unit_name}" if bare is not None else ""
            raise ExpressionError(
                f"'{_text(node)}' mixes units: '{_text(parts[0])}' is {_described(first)}, "
                f"'{_text(part)}' is {_described(other)}{hint}"
            )
    return first


def _binary(node: ast.BinOp, names: Mapping[str, AnyDimension]) -> Dimension:
    match node.op:
        case ast.Add() | ast.Sub() | ast.Mod():
            return _same(node, (node.left, node.right), names)
        case ast.Mult():
            return _number(node.left, names) * _number(node.right, names)
        case ast.Div():
            return _number(node.left, names) / _number(node.right, names)
        case ast.FloorDiv():
            _plain(node.left, names, f"'{_text(node)}'")
            return _plain(node.right, names, f"'{_text(node)}'")
    base = _number(node.left, names)
    _plain(node.right, names, f"'{_text(node)}'")
    if base == DIMENSIONLESS:
        return base
    exponent = literal_number(node.right)
    if exponent is None:
        raise ExpressionError(f"'{_text(node)}': something with a unit can be raised only to a number, such as 2")
    return base ** Fraction(exponent).limit_denominator(12)


def _plain(node: ast.expr, names: Mapping[str, AnyDimension], what: str) -> Dimension:
    found = _number(node, names)
    if found != DIMENSIONLESS:
        raise ExpressionError(f"{what} needs a plain number, but '{_text(node)}' is {_described(found)}")
    return found


def _call(node: ast.expr, name: str, arguments: list[ast.expr], names: Mapping[str, AnyDimension]) -> Dimension:
    function = FUNCTIONS[name]
    if len(arguments) != function.arity:
        raise ExpressionError(f"{name}() takes {_counted(function.arity)}, not {len(arguments)}")
    if name == "int":
        return _whole(arguments[0], names)
    match function.rule:
        case "plain":
            for argument in arguments:
                _plain(argument, names, f"{name}()")
            return DIMENSIONLESS
        case "any":
            _number(arguments[0], names)
            return DIMENSIONLESS
        case "root":
            return _number(arguments[0], names) ** Fraction(1, 2)
        case "same":
            return _same(node, arguments, names)


def _whole(argument: ast.expr, names: Mapping[str, AnyDimension]) -> Dimension:
    """``int()`` also turns a condition into 1 or 0."""
    found = _infer(argument, names)
    if found not in (BOOLEAN, DIMENSIONLESS):
        raise ExpressionError(f"int() gets '{_text(argument)}', which is {_described(found)}; divide by a unit")
    return DIMENSIONLESS


def _counted(arity: int) -> str:
    return "no argument" if arity == 0 else "1 argument" if arity == 1 else f"{arity} arguments"


def _text(node: ast.expr) -> str:
    return shorten(canonical(node))


def _described(found: AnyDimension) -> str:
    if isinstance(found, Truth):
        return found.value
    if found == DIMENSIONLESS:
        return "a plain number"
    shown = display_unit(found)
    return f"in {brian_unit(found) if '*' in shown else shown}"
