"""Model code: the equations of neurons and synapses, the statements of a spike, the condition of a threshold.

A grammar of our own, line by line, for what Brian's has: ``dv/dt = (v_rest - v)/tau_m : volt (unless refractory)``,
``I = g*(e_rev - v) : amp``, ``w : 1 (constant)``. What comes out is written from syntax trees, so that a text that goes
on to Brian holds only what was understood here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, cast

from snnrun.language.functions import MODEL_FUNCTIONS
from snnrun.language.model_units import brian_unit, is_model_unit, model_dimension
from snnrun.language.names import variable_problem
from snnrun.language.reserved import spelling_problem
from snnrun.language.syntax import (
    MAX_LENGTH,
    ExpressionError,
    canonical,
    character_name,
    join_literals,
    parse_expression,
    shorten,
)
from snnrun.language.values import CONSTANTS
from snnrun.units import Dimension, UnitError

Kind = Literal["differential", "subexpression", "parameter"]
Operator = Literal["=", "+=", "-=", "*=", "/="]

MAX_TEXT: Final = 20_000
# A network is composed of the same few expressions again and again, and so are the points of a sweep.
_REMEMBERED: Final = 1000
FLAGS: Final[dict[Kind, tuple[str, ...]]] = {
    "differential": ("unless refractory", "event-driven", "clock-driven"),
    "subexpression": ("constant over dt", "shared"),
    "parameter": ("constant", "shared"),
}
_REFUSED_FLAGS: Final = {
    "summed": "a synapse acts on its target when a spike arrives; give the target an equation for what happens between",
    "linked": "a variable of another population cannot be read; connect the populations by a projection",
}
_READ_ONLY: Final = frozenset({"t", "dt", "i", "j", "N", "t_in_timesteps", "lastspike", "not_refractory", *CONSTANTS})

_CONTROL_CHARACTER: Final = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_DIFFERENTIAL: Final = re.compile(r"d([A-Za-z]\w*)\s*/\s*dt\s*=(?!=)(.*)\Z", re.DOTALL)
_SUBEXPRESSION: Final = re.compile(r"([A-Za-z]\w*)\s*=(?!=)(.*)\Z", re.DOTALL)
_PARAMETER: Final = re.compile(r"(\S+)\Z")
# The flags are the last brackets, unless they belong to the unit: "siemens/(meter)".
_UNIT_AND_FLAGS: Final = re.compile(r"(.*?[^\s*/(])\s*(?:\(([A-Za-z][A-Za-z ,\-]*)\))?\Z")
_STATEMENT: Final = re.compile(r"([A-Za-z]\w*)\s*([-+*/]?=)(?!=)(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Equation:
    """One line of equations.

    Parameters
    ----------
    expression
        Right-hand side in canonical form; empty for a parameter.
    dimension
        Dimension of the variable (not of its derivative).
    line
        Line of the text that it stood on, from 1.
    """

    kind: Kind
    name: str
    expression: str
    dimension: Dimension
    flags: tuple[str, ...] = ()
    line: int = 1

    def text(self) -> str:
        """The line in Brian's syntax."""
        left = f"d{self.name}/dt" if self.kind == "differential" else self.name
        right = f" = {self.expression}" if self.expression else ""
        flags = f" ({', '.join(self.flags)})" if self.flags else ""
        return f"{left}{right} : {brian_unit(self.dimension)}{flags}"


@dataclass(frozen=True)
class Statement:
    """One assignment, done at a spike."""

    target: str
    operator: Operator
    expression: str
    line: int = 1

    def text(self) -> str:
        """The line in Brian's syntax."""
        return f"{self.target} {self.operator} {self.expression}"


def parse_equations(text: str) -> tuple[Equation, ...]:
    """The equations of a text, in its order.

    Raises
    ------
    ExpressionError
        With the line, if a line is no equation, a name is taken or defined twice, or subexpressions form a circle.
    """
    equations: dict[str, Equation] = {}
    for number, line in _lines(text):
        try:
            equation = _equation(line, number)
        except (ExpressionError, UnitError) as error:
            raise ExpressionError(str(error), number) from None
        if first := equations.get(equation.name):
            raise ExpressionError(f"{equation.name!r} is defined twice, first on line {first.line}", number)
        equations[equation.name] = equation
    _refuse_circles(equations.values())
    return tuple(equations.values())


def parse_statements(text: str) -> tuple[Statement, ...]:
    """The statements of a text, one a line.

    Raises
    ------
    ExpressionError
        With the line, if a line is no assignment.
    """
    statements = []
    for number, line in _lines(text):
        try:
            statements.append(_statement(line, number))
        except ExpressionError as error:
            raise ExpressionError(str(error), number) from None
    return tuple(statements)


def parse_condition(text: str) -> str:
    """The condition of a threshold or a refractory period, or any expression in model code, in canonical form.

    Raises
    ------
    ExpressionError
        If the text is not one expression.
    """
    lines = list(_lines(text))
    if not lines:
        raise ExpressionError("an expression is missing")
    if len(lines) > 1:
        raise ExpressionError("one expression is needed here, not several lines", lines[1][0])
    (number, line), *_ = lines
    try:
        return _expression(line)
    except ExpressionError as error:
        raise ExpressionError(str(error), number) from None


@lru_cache(_REMEMBERED)
def names_in(expression: str) -> frozenset[str]:
    """The names that an expression of model code mentions, other than units, functions and constants."""
    known = MODEL_FUNCTIONS | CONSTANTS.keys()
    tree = ast.parse(_expression(expression), mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return frozenset(name for name in names if name not in known and not is_model_unit(name))


def is_noise(name: str) -> bool:
    """Whether a name stands for white noise: ``xi``, or ``xi_1`` where several independent ones are needed."""
    return name == "xi" or name.startswith("xi_")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first line: without comments, continued while a bracket is open."""
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the text is longer than {MAX_TEXT} characters")
    # Python, Brian and a C++ compiler disagree about which of these end a line, and so about where a comment ends.
    if control := _CONTROL_CHARACTER.search(text):
        place = text.count("\n", 0, control.start()) + 1
        raise ExpressionError(f"the character {character_name(control.group())} cannot stand in model code", place)
    pending, first = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.partition("#")[0].strip()
        if not content:
            continue
        first = first if pending else number
        pending = f"{pending} {content}".strip()
        if len(pending) > MAX_LENGTH:
            raise ExpressionError(f"longer than {MAX_LENGTH} characters; use subexpressions", first)
        if pending.count("(") <= pending.count(")"):
            yield first, pending
            pending = ""
    if pending:
        raise ExpressionError("a bracket is not closed", first)


def _equation(line: str, number: int) -> Equation:
    left, colon, right = line.partition(":")
    left = left.strip()
    if not colon:
        raise ExpressionError("the unit is missing: an equation is written 'dv/dt = … : volt', 'x = … : 1' or 'x : 1'")
    kind, name, expression = _left_side(left)
    if problem := variable_problem(name):
        raise ExpressionError(problem)
    unit_and_flags = _UNIT_AND_FLAGS.match(right.strip())
    if not unit_and_flags:
        raise ExpressionError(f"the unit of {name!r} is missing; a plain number has the unit 1")
    return Equation(
        kind=kind,
        name=name,
        expression="" if kind == "parameter" else _expression(expression),
        dimension=model_dimension(unit_and_flags[1]),
        flags=_flags(kind, unit_and_flags[2] or ""),
        line=number,
    )


def _left_side(text: str) -> tuple[Kind, str, str]:
    if differential := _DIFFERENTIAL.match(text):
        return "differential", differential[1], differential[2]
    if subexpression := _SUBEXPRESSION.match(text):
        return "subexpression", subexpression[1], subexpression[2]
    if parameter := _PARAMETER.match(text):
        return "parameter", parameter[1], ""
    raise ExpressionError(f"'{shorten(text)}' is no equation: write 'dv/dt = … : volt', 'x = … : 1' or 'x : 1'")


def _flags(kind: Kind, text: str) -> tuple[str, ...]:
    flags = tuple(" ".join(flag.split()) for flag in text.split(",")) if text else ()
    for flag in flags:
        if flag in _REFUSED_FLAGS:
            raise ExpressionError(f"the flag '{flag}' is not offered: {_REFUSED_FLAGS[flag]}")
        if flag not in FLAGS[kind]:
            raise ExpressionError(
                f"the flag '{shorten(flag)}' does not fit here; known for a {kind}: {', '.join(FLAGS[kind])}"
            )
    if {"event-driven", "clock-driven"} <= set(flags):
        raise ExpressionError("an equation is either event-driven or clock-driven")
    return tuple(dict.fromkeys(flags))


def _statement(line: str, number: int) -> Statement:
    match = _STATEMENT.match(line)
    if not match:
        raise ExpressionError(f"'{shorten(line)}' is no statement: write 'v = v_reset' or 'g += w', one a line")
    target, operator, expression = match.groups()
    if problem := spelling_problem(target):
        raise ExpressionError(problem)
    if target in _READ_ONLY or target in MODEL_FUNCTIONS or is_model_unit(target):
        raise ExpressionError(f"{target!r} cannot be changed")
    return Statement(target, cast(Operator, operator), _expression(expression), number)


@lru_cache(_REMEMBERED)
def _expression(text: str) -> str:
    return canonical(parse_expression(join_literals(text, units=is_model_unit), functions=MODEL_FUNCTIONS))


def _refuse_circles(equations: Collection[Equation]) -> None:
    uses = {equation.name: names_in(equation.expression) for equation in equations if equation.kind == "subexpression"}
    for equation in equations:
        reached: set[str] = set()
        to_visit = set(uses.get(equation.name, ()))
        while to_visit:
            name = to_visit.pop()
            if name == equation.name:
                raise ExpressionError(f"{name!r} is defined by itself; is it a differential equation?", equation.line)
            if name not in reached:
                reached.add(name)
                to_visit |= uses.get(name, frozenset())
