"""What a metric is."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from snnrun.entry import Entry
from snnrun.metrics.activity import Activity
from snnrun.results.analysis import Measurement


class Metric(Entry):
    """One way to characterise the activity of a population.

    The docstring of an entry is its definition: it is shown by ``snnrun catalog`` and stored beside every value.
    """

    standard: ClassVar[bool] = False
    """Whether the metric belongs to the set that is computed when the experiment names none."""

    @abstractmethod
    def measure(self, activity: Activity) -> Measurement:
        """Measure one population in the analysis window."""
