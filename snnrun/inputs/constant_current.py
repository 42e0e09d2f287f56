"""A current that does not change."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.inputs.base import Contribution, InputModel
from snnrun.quantities import Currents


class ConstantCurrent(InputModel):
    """Constant current into each neuron: one value, or one for each neuron (an f–I curve in one run)."""

    example: ClassVar[str] = "{model: constant_current, to: exc, amplitude: 250 pA}"

    model: Literal["constant_current"] = "constant_current"
    amplitude: Currents
    """The current; positive depolarises."""

    def contribution(self) -> Contribution:
        return Contribution(parameters={"amplitude": self.amplitude}, current="amplitude")
