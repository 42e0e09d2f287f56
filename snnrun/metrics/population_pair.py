"""What the metrics of two populations share: which two they are."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from snnrun.entry import Names
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric, Scope


class PopulationPairMetric(Metric):
    """A metric of the network that looks at two of its populations, one after the other."""

    scope: ClassVar[Scope] = "network"

    of: Annotated[Names, Field(min_length=2, max_length=2)] | None = None
    """The first and the second population; by default the first two that were recorded."""

    def populations(self) -> tuple[str, ...]:
        return self.of or ()

    def pair(self, activity: Activity) -> tuple[Activity, Activity] | None:
        """The two populations; None where they were not recorded, or have no neurons."""
        names = self.of or tuple(activity.parts)[:2]
        found = [activity.parts[name] for name in names if name in activity.parts and activity.parts[name].n_neurons]
        return (found[0], found[1]) if len(found) == 2 else None


NO_PAIR = "two recorded populations are needed"
