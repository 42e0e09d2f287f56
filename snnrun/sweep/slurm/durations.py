"""Times for people who wait: ``30 s``, ``15 min``, ``2 h``, ``1 d``; and as SLURM writes them."""

from __future__ import annotations

import math
import re
from typing import Final

_UNITS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_TIME: Final = re.compile(rf"\s*(\d+(?:\.\d+)?)\s*({'|'.join(_UNITS)})\s*")


def read_duration(text: object) -> float:
    """Seconds of a wall time.

    Raises
    ------
    ValueError
        If it is none.
    """
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None or float(found[1]) <= 0:
        raise ValueError(f"{text!r} is not a time. Write for example '30 s', '15 min', '2 h' or '1 d'.")
    return float(found[1]) * _UNITS[found[2]]


def slurm_time(seconds: float) -> str:
    """``1-02:30:00``: whole minutes, rounded up, as SLURM counts."""
    hours, minutes = divmod(math.ceil(seconds / 60), 60)
    days, hours = divmod(hours, 24)
    return f"{days}-{hours:02d}:{minutes:02d}:00"
