"""The populations of a projection as connectivity rules see them."""

from __future__ import annotations

from collections.abc import Mapping

from snnrun.connectivity.base import Ends
from snnrun.spec.sections import PopulationSection


def ends_of(populations: Mapping[str, PopulationSection], source: str, target: str) -> Ends:
    """What a projection from one population to another connects."""
    return Ends(populations[source].size, populations[target].size, source == target)
