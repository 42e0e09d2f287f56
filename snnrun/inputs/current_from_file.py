"""A current from a file."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from snnrun.datafiles import FloatArray
from snnrun.inputs.shared_current import SharedCurrent
from snnrun.stimuli.samples import Samples
from snnrun.units import UnitError, unit


class CurrentFromFile(Samples, SharedCurrent):
    """Current sampled in a file, with the time in one column and the current in another.

    Before the first sample the current is that of the first, after the last that of the last; `start` and `stop` end
    it. Each time step has the current of its beginning.
    """

    example: ClassVar[str] = "{model: current_from_file, to: exc, file: current.csv, unit: pA, between: held}"

    model: Literal["current_from_file"] = "current_from_file"
    current: str | int = "current"
    """Column of the currents in the file."""
    unit: str = "pA"
    """Unit of the currents in the file."""

    @model_validator(mode="after")
    def unit_is_one_of_current(self) -> Self:
        try:
            is_current = unit(self.unit).dimension == unit("A").dimension
        except UnitError as error:
            raise ValueError(str(error)) from None
        if not is_current:
            raise ValueError(f"'unit' is one of current such as 'pA', not {self.unit!r}")
        return self

    def column(self) -> str | int:
        return self.current

    def problem(self, n_neurons: int) -> str | None:
        return self.samples_problem()

    def amperes(self, n_ticks: int, dt: float) -> FloatArray:
        currents: FloatArray = self.sampled(n_ticks, dt) * unit(self.unit).value
        return currents
