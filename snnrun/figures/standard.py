"""The figures that are drawn when an experiment names none."""

from __future__ import annotations

from snnrun.figures.base import Figure
from snnrun.registry import entries


def standard_figures() -> tuple[Figure, ...]:
    """The standard set, with default parameters."""
    found = (entry for entry in entries("figures").values() if issubclass(entry, Figure))
    return tuple(entry() for entry in found if entry.standard)
