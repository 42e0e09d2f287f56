"""Model code written by users: checked with the same rules for neurons and for synapses."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from pydantic_core import PydanticCustomError

from snnrun.language.dimensions import AnyDimension, check_equations, check_statement
from snnrun.language.equations import Equation, parse_equations, parse_statements
from snnrun.language.names import variable_problem
from snnrun.language.syntax import ExpressionError
from snnrun.quantities import Values


class CodeError(PydanticCustomError):
    """Model code is refused; carries the field and the line in it."""


def code_error(field: str, error: ExpressionError | str) -> CodeError:
    """The error of a validator, pointing at a line of a field."""
    line = error.line if isinstance(error, ExpressionError) else None
    return CodeError("model_code", "{message}", {"message": str(error), "field": field, "line": line})


def checked_equations(field: str, text: str, known: Mapping[str, AnyDimension]) -> tuple[Equation, ...]:
    """The equations of a field, with their dimensions checked.

    Raises
    ------
    CodeError
        If they are no equations, use an unknown name, or mix dimensions.
    """
    try:
        equations = parse_equations(text)
        for equation in equations:
            if equation.name in known:
                raise ExpressionError(f"{equation.name!r} is both a parameter and an equation", equation.line)
        check_equations(equations, known)
    except ExpressionError as error:
        raise code_error(field, error) from None
    return equations


def check_statements(field: str, text: str, known: Mapping[str, AnyDimension], changeable: Container[str]) -> None:
    """Hold the statements of a field against the dimensions of what they change.

    Parameters
    ----------
    changeable
        Names that stand for variables of their own; the others are given, or follow from others.

    Raises
    ------
    CodeError
        If they are no statements, use an unknown name, change what cannot change, or mix dimensions.
    """
    try:
        for statement in parse_statements(text):
            check_statement(statement, known)
            if statement.target not in changeable:
                raise ExpressionError(
                    f"{statement.target!r} cannot be changed at a spike: it is a parameter, or follows from others. "
                    "Give what changes an equation, or declare it there as in 'x : volt'.",
                    statement.line,
                )
    except ExpressionError as error:
        raise code_error(field, error) from None


def changeable(equations: Iterable[Equation]) -> set[str]:
    """The variables of equations that a statement may change."""
    return {
        equation.name for equation in equations if equation.kind != "subexpression" and "shared" not in equation.flags
    }


def check_names(names: Iterable[str]) -> None:
    """Hold the names of user-defined parameters against what the equation language keeps for itself.

    Raises
    ------
    CodeError
        If a name cannot be used.
    """
    for name in names:
        if problem := variable_problem(name):
            raise code_error("parameters", problem)


def dimensions(values: Mapping[str, Values]) -> dict[str, AnyDimension]:
    """The dimension of each value."""
    return {name: value.dimension for name, value in values.items()}
