"""Distance-dependent probability."""

from __future__ import annotations

from typing import ClassVar, Literal

from snnrun.connectivity.kernel import KernelRule
from snnrun.entry import Reference


class DistanceDependent(KernelRule):
    """Each pair of neurons is connected with a probability that depends on their distance, independently of all others.

    Both populations need ``positions`` in one space. On a ring or torus the distance is that of the shorter way round.
    On a line or sheet neurons near the edge have fewer partners.
    """

    references: ClassVar[tuple[Reference, ...]] = (
        Reference("Hellwig 2000, Biol Cybern 82: 111", "10.1007/PL00007964"),
        *KernelRule.references,
    )
    example: ClassVar[str] = "{rule: distance_dependent, profile: gaussian, p_max: 0.3, width: 200 um}"

    rule: Literal["distance_dependent"] = "distance_dependent"
