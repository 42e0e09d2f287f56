"""Field types of the YAML file: ``Voltage``, ``Time``, ``Count`` … and their per-neuron variants.

A field of type ``Voltage`` accepts ``"-50 mV"`` or an expression over the parameters of the experiment, and holds a
`Quantity`. ``Voltages`` accepts a distribution or an array from a file besides.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from snnrun.datafiles import ArrayFile
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.language.syntax import ExpressionError
from snnrun.language.values import evaluate
from snnrun.units import DIMENSIONLESS, Quantity, unit

Values = Quantity | Distribution | ArrayFile | OfDistance


@dataclass(frozen=True)
class Scope:
    """What expressions of an experiment can refer to: its parameters, and files below its folder."""

    parameters: Mapping[str, Quantity] = field(default_factory=dict)
    folder: Path | None = None


@dataclass(frozen=True)
class QuantityType:
    """A field with a dimension; used inside ``Annotated``.

    Parameters
    ----------
    unit
        The unit whose dimension the field has, shown in messages and in the catalog; None for any dimension.
    minimum, above
        Smallest allowed value, and bound that the value must exceed, in SI units.
    varied
        Whether a distribution or an array is allowed.
    integer
        Whether only whole numbers are allowed.
    """

    unit: str | None
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    varied: bool = False
    integer: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._validate, serialization=core_schema.plain_serializer_function_ser_schema(to_plain)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        dimensionless = self.unit is None or unit(self.unit).dimension == DIMENSIONLESS
        example = "0.5" if self.unit == "1" else f"20 {self.unit or 'ms'}"
        kinds: list[dict[str, Any]] = [{"type": "string", "description": f"{example}, or an expression"}]
        if dimensionless:
            kinds.insert(0, {"type": "integer" if self.integer else "number"})
        if self.varied:
            kinds.append(ArrayFile.json_schema())
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}

    def _validate(self, raw: Any, info: ValidationInfo) -> Values | int:
        scope = info.context if isinstance(info.context, Scope) else Scope()
        value = self._read(raw, scope)
        self._check_dimension(value, raw)
        self._check_range(value)
        if self.integer:
            assert isinstance(value, Quantity)
            return self._whole(value)
        return value

    def _read(self, raw: Any, scope: Scope) -> Values:
        if isinstance(raw, Values):
            value: Values = raw
        elif isinstance(raw, bool) or raw is None:
            raise _error(f"expected {self._wanted()}, got {'nothing' if raw is None else str(raw).lower()}")
        elif isinstance(raw, int | float):
            value = Quantity(float(raw))
        elif isinstance(raw, str):
            try:
                value = evaluate(raw, scope.parameters)
            except ExpressionError as error:
                raise _error(str(error)) from None
        elif isinstance(raw, dict) and self.varied:
            try:
                value = ArrayFile.read(raw, scope.folder)
            except (ValueError, OSError) as error:
                raise _error(str(error)) from None
        else:
            raise _error(f"expected {self._wanted()}, got a {'list' if isinstance(raw, list) else 'mapping'}")
        if not isinstance(value, Quantity) and not self.varied:
            raise _error("one value is needed here, not one for each neuron or synapse")
        return value

    def _wanted(self) -> str:
        return {None: "a value", "1": "a number"}.get(self.unit, f"a value in {self.unit}")

    def _check_dimension(self, value: Values, raw: Any) -> None:
        if self.unit is None:
            return
        wanted = unit(self.unit).dimension
        if value.dimension == wanted:
            return
        if wanted == DIMENSIONLESS:
            raise _error(f"expected a plain number, got {value.pretty()}")
        if value.dimension == DIMENSIONLESS:
            written = raw if isinstance(raw, int | float | str) else value.pretty()
            raise _error(f"the unit is missing. Write for example '{written} {self.unit}'.")
        raise _error(f"expected a value in {self.unit}, got {value.pretty()}")

    def _check_range(self, value: Values) -> None:
        low, high = (value.value, value.value) if isinstance(value, Quantity) else value.bounds()
        if isinstance(value, OfDistance) and not (math.isfinite(low) and math.isfinite(high)):
            raise _error(f"{value.pretty()} is not finite at every distance from 0 on. Try max(distance, 1 um).")

        def shown(bound: float) -> str:
            assert self.unit is not None
            return Quantity(bound, unit(self.unit).dimension).pretty()

        if self.above is not None and not low > self.above:
            raise _error(f"must be above {shown(self.above)}, got {_extreme(value, low, shown)}")
        if self.minimum is not None and not low >= self.minimum:
            raise _error(f"must not be below {shown(self.minimum)}, got {_extreme(value, low, shown)}")
        if self.maximum is not None and not high <= self.maximum:
            raise _error(f"must not be above {shown(self.maximum)}, got {_extreme(value, high, shown)}")

    def _whole(self, value: Quantity) -> int:
        if not is_whole(value.value):
            raise _error(f"expected a whole number, got {value.value:g}. Use round(…).")
        return round(value.value)


def is_whole(number: float) -> bool:
    """Whether a number is whole in the eyes of everybody but the computer: 0.1 · 30 is 3.0000000000000004."""
    return abs(number - round(number)) <= 1e-9 * max(1.0, abs(number))


def _extreme(value: Values, bound: float, shown: Any) -> str:
    return value.pretty() if isinstance(value, Quantity) else f"{value.pretty()}, which reaches {shown(bound)}"


def _error(message: str) -> PydanticCustomError:
    return PydanticCustomError("quantity", "{message}", {"message": message})


def to_plain(value: Values | int) -> Any:
    """A value as it stands in the resolved spec: reads back to the same value."""
    return value.to_mapping() if isinstance(value, ArrayFile) else value if isinstance(value, int) else str(value)


Number = Annotated[Quantity, QuantityType("1")]
NonNegativeNumber = Annotated[Quantity, QuantityType("1", minimum=0)]
Probability = Annotated[Quantity, QuantityType("1", minimum=0, maximum=1)]
Count = Annotated[int, QuantityType("1", minimum=0, integer=True)]
PositiveCount = Annotated[int, QuantityType("1", minimum=1, integer=True)]
Time = Annotated[Quantity, QuantityType("ms")]
PositiveTime = Annotated[Quantity, QuantityType("ms", above=0)]
NonNegativeTime = Annotated[Quantity, QuantityType("ms", minimum=0)]
Frequency = Annotated[Quantity, QuantityType("Hz", minimum=0)]
PositiveFrequency = Annotated[Quantity, QuantityType("Hz", above=0)]
Voltage = Annotated[Quantity, QuantityType("mV")]
Current = Annotated[Quantity, QuantityType("pA")]
PositiveLength = Annotated[Quantity, QuantityType("um", above=0)]
AnyValue = Annotated[Quantity, QuantityType(None)]
AnyValues = Annotated[Values, QuantityType(None, varied=True)]

Voltages = Annotated[Values, QuantityType("mV", varied=True)]
PositiveVoltages = Annotated[Values, QuantityType("mV", above=0, varied=True)]
Currents = Annotated[Values, QuantityType("pA", varied=True)]
Conductances = Annotated[Values, QuantityType("nS", varied=True)]
PositiveConductances = Annotated[Values, QuantityType("nS", above=0, varied=True)]
NonNegativeConductances = Annotated[Values, QuantityType("nS", minimum=0, varied=True)]
Times = Annotated[Values, QuantityType("ms", varied=True)]
PositiveTimes = Annotated[Values, QuantityType("ms", above=0, varied=True)]
NonNegativeTimes = Annotated[Values, QuantityType("ms", minimum=0, varied=True)]
Frequencies = Annotated[Values, QuantityType("Hz", minimum=0, varied=True)]
PositiveResistances = Annotated[Values, QuantityType("Mohm", above=0, varied=True)]
NonNegativeConcentrations = Annotated[Values, QuantityType("mM", minimum=0, varied=True)]
PositiveCapacitances = Annotated[Values, QuantityType("pF", above=0, varied=True)]
