"""How values stand in equations: as a parameter that all share, or that each neuron or synapse has its own of."""

from __future__ import annotations

from snnrun.language.model_units import brian_unit
from snnrun.quantities import Values
from snnrun.units import Quantity


def is_varied(value: Values) -> bool:
    """Whether each neuron or synapse has its own value. This belongs to the structure; the values do not."""
    return not isinstance(value, Quantity)


def declaration(name: str, value: Values, varied: bool) -> str:
    """The line of the equations that declares a value: ``tau_m : second (shared, constant)``."""
    return f"{name} : {brian_unit(value.dimension)} ({'constant' if varied else 'shared, constant'})"
