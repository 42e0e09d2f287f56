"""Units of time in data files."""

from __future__ import annotations

from snnrun.units import UnitError, unit


def seconds_per(time_unit: str) -> float:
    """The unit of the times in a file, in seconds.

    Raises
    ------
    ValueError
        If it is no unit of time.
    """
    try:
        quantity = unit(time_unit)
    except UnitError as error:
        raise ValueError(str(error)) from None
    if quantity.dimension != unit("s").dimension:
        raise ValueError(f"'time_unit' is a time such as 'ms', not {time_unit!r}")
    return quantity.value
