"""Axes: what varies in a sweep, and the values that it takes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from snnrun.designs.steps import AxisError, Ends, number_of_steps, shortest
from snnrun.language.syntax import ExpressionError
from snnrun.language.values import evaluate
from snnrun.units import Quantity, quantity

Raw = bool | int | float | str | list[Any] | dict[str, Any]
"""A value as YAML gives it."""
Scale = Literal["uniform", "loguniform", "integers"]

_PREFIXES: Final[dict[str, Scale]] = {"log": "loguniform", "int": "integers"}
# Numbers with colons between; any other text is a value.
_STEPS: Final = re.compile(r"\s*((?P<scale>log|int)\s*:)?(?P<parts>\s*[-+.]*([0-9]|nan|inf)[^:(),]*(:[^:(),]*)+)")


@dataclass(frozen=True)
class Listed:
    """Values one by one; shape (n_values,)."""

    values: tuple[Raw, ...]

    @property
    def n_values(self) -> int:
        """How many values there are."""
        return len(self.values)

    def at(self, share: float) -> Raw:
        """The value that so large a share of them lies below."""
        return self.values[math.floor(share * len(self.values))]

    def to_plain(self) -> list[Raw]:
        """As it stands in a file."""
        return list(self.values)


@dataclass(frozen=True)
class Range:
    """All values between two ends, for designs that draw.

    Parameters
    ----------
    scale
        Whether equal steps, equal ratios, or whole numbers are equally probable.
    """

    ends: Ends
    scale: Scale

    @property
    def n_values(self) -> int | None:
        """How many values there are; None for all between the ends."""
        if self.scale != "integers":
            return None
        low, high = self._whole
        return high - low + 1

    @property
    def _whole(self) -> tuple[int, int]:
        """The smallest and the largest of whole numbers."""
        first, last = int(self.ends.first), int(self.ends.last)
        return min(first, last), max(first, last)

    def at(self, share: float) -> Raw:
        """The value below which lies so large a share of the range."""
        first, last = float(self.ends.first), float(self.ends.last)
        match self.scale:
            case "uniform":
                value = first + (last - first) * share
            case "loguniform":
                value = first * (last / first) ** share
            case "integers":
                low, high = self._whole
                return low + math.floor(share * (high - low + 1))
        return f"{shortest(value)} {self.ends.unit}" if self.ends.unit else value

    def to_plain(self) -> dict[str, Any]:
        """As it stands in a file."""
        return {self.scale: self.ends.written()}


Axis = Listed | Range


def is_steps(text: str) -> bool:
    """Whether a text is a range or steps from end to end: ``3:8:11``, ``log:0.1:10:5``, ``10 ms:20 ms``."""
    return _steps_in(text) is not None


def _steps_in(text: str) -> re.Match[str] | None:
    return _STEPS.fullmatch(text.replace("\N{MINUS SIGN}", "-"))  # as expressions read it


def read_axis(raw: Any) -> Axis:
    """An axis as a file says it: a list of values, one value, or how they lie between two ends.

    Raises
    ------
    AxisError
        If it cannot be understood.
    """
    if isinstance(raw, Listed | Range):
        return raw
    if isinstance(raw, str) and (match := _steps_in(raw)):
        return _between(match["scale"], *match["parts"].split(":"))
    if isinstance(raw, dict):
        return _described(raw)
    values = raw if isinstance(raw, list) else [raw]
    if not values:
        raise AxisError("the axis has no values. Write at least one, as in [1, 2].")
    for value in values:
        _check_value(value)
    return Listed(tuple(values))


def _between(prefix: str | None, *parts: str) -> Axis:
    """What ``log:0.1:10:5`` says."""
    scale: Scale = "uniform" if prefix is None else _PREFIXES[prefix]
    match parts:
        case [first, last]:
            return _range(scale, first, last)
        case [first, last, number] if prefix != "int":
            return _steps(scale, first, last, number)
    raise AxisError(
        f"'{':'.join(parts)}' is none of first:last:number, log:first:last:number, low:high, log:low:high, int:low:high"
    )


def _described(raw: Mapping[str, Any]) -> Axis:
    """What ``{logspace: [0.1, 10, 5]}`` says."""
    match raw:
        case {"linspace": [first, last, number], **rest} if not rest:
            return _steps("uniform", first, last, number)
        case {"logspace": [first, last, number], **rest} if not rest:
            return _steps("loguniform", first, last, number)
        case {"uniform": [first, last], **rest} if not rest:
            return _range("uniform", first, last)
        case {"loguniform": [first, last], **rest} if not rest:
            return _range("loguniform", first, last)
        case {"integers": [first, last], **rest} if not rest:
            return _range("integers", first, last)
    raise AxisError(
        "an axis is a list of values, or one of {linspace: [first, last, number]}, {logspace: [first, last, number]}, "
        "{uniform: [low, high]}, {loguniform: [low, high]}, {integers: [low, high]}"
    )


def _steps(scale: Scale, first: Any, last: Any, number: Any) -> Listed:
    ends, n_values = Ends.read(first, last), number_of_steps(number)
    if scale == "loguniform":
        ends.must_be_positive()
        return Listed(tuple(ends.logarithmic(n_values)))
    return Listed(tuple(ends.linear(n_values)))


def _range(scale: Scale, first: Any, last: Any) -> Range:
    ends = Ends.read(first, last)
    if scale == "loguniform":
        ends.must_be_positive()
    if scale == "integers" and (ends.unit or {ends.first.denominator, ends.last.denominator} != {1}):
        raise AxisError(f"{first} and {last} are not both whole numbers. Write for example 'int:10:20'.")
    return Range(ends, scale)


def _check_value(value: Any) -> None:
    if value is None:
        raise AxisError("a value is missing. Fill it, or remove it from the list.")
    if isinstance(value, float) and not math.isfinite(value):
        raise AxisError(f"{value} is not a finite number")
    if isinstance(value, str) and is_steps(value):
        raise AxisError(
            f"{value!r} gives all values of an axis and cannot stand among others. "
            "Write them one by one; decimals have a point."
        )


def meaning(value: Raw) -> str:
    """A text that is the same for values that mean the same, as ``1`` and ``1.0``, ``20 ms`` and ``0.02 s``."""
    if isinstance(value, str):
        # Of twenty thousand values, most are plain quantities, which take a tenth of the time of expressions.
        with suppress(ValueError):
            return str(quantity(value))
        with suppress(ExpressionError):
            return str(evaluate(value, {}))
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(Quantity(float(value)))
    return json.dumps(value, sort_keys=True)


class _AsWritten:
    """Reads an axis for pydantic."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        to_plain: Callable[[Axis], Any] = lambda axis: axis.to_plain()  # noqa: E731
        return core_schema.no_info_plain_validator_function(
            self._validate, serialization=core_schema.plain_serializer_function_ser_schema(to_plain)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        steps = {"type": "array", "minItems": 3, "maxItems": 3}
        ends = {"type": "array", "minItems": 2, "maxItems": 2}
        forms = {"linspace": steps, "logspace": steps, "uniform": ends, "loguniform": ends, "integers": ends}
        return {
            "anyOf": [
                {"type": "array", "minItems": 1, "description": "values one by one"},
                {"type": "string", "description": "first:last:number, log:first:last:number, low:high or one value"},
                {"type": ["number", "boolean"]},
                {"type": "object", "properties": forms, "additionalProperties": False, "maxProperties": 1},
            ]
        }

    @staticmethod
    def _validate(raw: Any) -> Axis:
        try:
            return read_axis(raw)
        except AxisError as error:
            raise PydanticCustomError("axis", "{message}", {"message": str(error)}) from None


AxisField = Annotated[Axis, _AsWritten()]
