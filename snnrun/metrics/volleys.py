"""How volleys of spikes travel from population to population."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from snnrun.entry import Names, Reference
from snnrun.metrics.activity import Activity
from snnrun.metrics.base import Metric, Scope
from snnrun.metrics.trains import FloatArray
from snnrun.quantities import NonNegativeTime, PositiveTime, Probability
from snnrun.results.analysis import Measurement, Series
from snnrun.units import Quantity, quantity

_NORMAL: float = 1.349
"""Interquartile range of a normal distribution over its standard deviation."""
_FEWEST = 4
"""Spikes that have quartiles."""


class Volleys(Metric):
    """Volleys that travel along a chain of populations; the value is the fraction of them that reach its last one.

    A volley goes in at a given time. In the first population it is the window that holds most spikes, among those that
    begin with a spike, half a window before that time to `reach` after it; in the next population the same, counted
    from the median of the spikes in the first; and so on. It is lost where fewer spikes than `lost` of the population
    are in the window. The series hold, for each volley and population, the number of its spikes a, their spread σ
    (interquartile range over 1.35: the standard deviation of a normal distribution, which the few spikes that are not
    part of the volley do not change) and their median time; NaN where the volley is lost. Without a population the
    value is NaN.
    """

    scope: ClassVar[Scope] = "network"
    references: ClassVar[tuple[Reference, ...]] = (
        Reference(
            "Diesmann, Gewaltig & Aertsen 1999, Stable propagation of synchronous spiking in cortical neural networks",
            "10.1038/990101",
        ),
    )

    metric: Literal["volleys"] = "volleys"
    chain: Names | None = None
    """The populations in their order; by default all that were recorded."""
    times: Annotated[tuple[NonNegativeTime, ...], Field(strict=False, min_length=1)] | None = None
    """When each volley goes in; by default one as the analysis window begins."""
    window: PositiveTime = quantity("10 ms")
    """Width in which the spikes of a volley are counted."""
    reach: PositiveTime = quantity("10 ms")
    """Longest time that it takes from one population to the next."""
    lost: Probability = Quantity(0.15)
    """Fraction of the neurons of a population below which a volley is lost."""

    def populations(self) -> tuple[str, ...]:
        return self.chain or ()

    def measure(self, activity: Activity) -> Measurement:
        names = [name for name in self.chain or tuple(activity.parts) if name in activity.parts]
        parts = [activity.parts[name] for name in names]
        begins = activity.spikes.start * activity.spikes.dt
        times = [begins] if self.times is None else [time.value for time in self.times]
        found = np.full((3, len(times), len(parts)), np.nan)
        for number, goes_in in enumerate(times):
            after = goes_in
            for place, part in enumerate(parts):
                volley = self._volley(part, after)
                if volley is None:
                    break
                found[:, number, place] = volley
                _, _, after = volley
        spikes, spread, median = found
        arrived = ~np.isnan(spikes[:, -1]) if parts else np.empty(0)
        return Measurement(
            value=float(arrived.mean()) if parts else float("nan"),
            unit="1",
            n_valid=len(arrived),
            series={
                "start": Series(np.array(times), "s"),
                "spikes": Series(spikes, "1"),
                "spread": Series(spread, "s"),
                "time": Series(median, "s"),
            },
            parameters=self.parameters(),
            note="" if parts else "a chain of recorded populations is needed",
        )

    def _volley(self, part: Activity, after: float) -> tuple[float, float, float] | None:
        """Spikes, spread and median time, in seconds, of the next volley of a population; None where it is lost."""
        width = self.window.value
        window = densest(part.spikes.times, after - width / 2, self.reach.value + width / 2, width)
        if len(window) < max(self.lost.value * part.n_neurons, 1):
            return None
        low, middle, high = np.quantile(window, (0.25, 0.5, 0.75))
        spread = (high - low) / _NORMAL if len(window) >= _FEWEST else np.nan
        return len(window), float(spread), float(middle)


def densest(times: FloatArray, start: float, within: float, width: float) -> FloatArray:
    """The spikes of that window of a given width which holds most, the first of them; it begins with a spike.

    Parameters
    ----------
    times
        Of the spikes, ascending.
    start, within
        The window begins in ``[start, start + within]``.
    """
    first, last = np.searchsorted(times, (start, start + within), side="left")
    begins = np.arange(first, last)
    ends = np.searchsorted(times, times[begins] + width, side="left")
    if not len(begins):
        return times[:0]
    best = int(np.argmax(ends - begins))
    return times[begins[best] : ends[best]]
