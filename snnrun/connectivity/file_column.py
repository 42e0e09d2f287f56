"""A column of a table of synapses that holds a value for each."""

from __future__ import annotations

from pydantic import field_validator

from snnrun.entry import Strict
from snnrun.quantities import AnyValue
from snnrun.units import Quantity, UnitError, quantity, unit


class FileColumn(Strict):
    """Where a value for each synapse stands."""

    column: str | int | None = None
    """Name of the column, or its number from 0; nothing for a matrix, whose entries are the values."""

    unit: str = "1"
    """Unit of the values in the file."""

    factor: AnyValue = quantity("1")
    """What the values are multiplied with, as `0.1 nS` for a contact where the file counts contacts."""

    @field_validator("unit")
    @classmethod
    def must_be_a_unit(cls, text: str) -> str:
        try:
            unit(text)
        except UnitError as error:
            raise ValueError(str(error)) from None
        return text

    @property
    def scale(self) -> Quantity:
        """What a 1 in the file stands for."""
        one = unit(self.unit)
        return Quantity(one.value * self.factor.value, one.dimension * self.factor.dimension)
