"""What a metric is."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from snnrun.entry import Entry
from snnrun.metrics.activity import Activity
from snnrun.results.analysis import Measurement
from snnrun.units import Quantity


class Metric(Entry):
    """One way to characterise the activity of a population.

    The docstring of an entry is its definition: it is shown by ``snnrun catalog`` and stored beside every value.
    """

    standard: ClassVar[bool] = False
    """Whether the metric belongs to the set that is computed when the experiment names none."""

    @abstractmethod
    def measure(self, activity: Activity) -> Measurement:
        """Measure one population in the analysis window."""

    def bins(self) -> tuple[Quantity, ...]:
        """Widths in which the metric counts spikes: each must be a whole number of time steps."""
        return ()

    def parameters(self) -> dict[str, str]:
        """The parameters by name, as text for people: they are stored beside every value."""
        values = {name: getattr(self, name) for name in type(self).model_fields if name != "metric"}
        return {name: v.pretty() if isinstance(v, Quantity) else str(v) for name, v in values.items()}
