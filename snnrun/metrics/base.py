"""What a metric is."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Literal

from snnrun.entry import Entry
from snnrun.metrics.activity import Activity
from snnrun.registry import FILE_KEY
from snnrun.results.analysis import Measurement
from snnrun.units import Quantity

Scope = Literal["each", "population", "network"]


class Metric(Entry):
    """One way to characterise the activity of a population.

    The docstring of an entry is its definition: it is shown by ``snnrun catalog`` and stored beside every value.
    """

    standard: ClassVar[bool] = False
    """Whether the metric belongs to the set that is computed when the experiment names none."""

    scope: ClassVar[Scope] = "each"
    """Where it makes sense: on each ``population``, on the ``network`` as a whole (whose populations are then found in
    `Activity.parts`), or on each of them."""

    across_trials: ClassVar[bool] = False
    """Whether the metric compares trials; others are measured in each trial, and averaged."""

    @abstractmethod
    def measure(self, activity: Activity) -> Measurement:
        """Measure one population in the analysis window."""

    def populations(self) -> tuple[str, ...]:
        """Populations that the metric asks for by name."""
        return ()

    def bins(self) -> tuple[Quantity, ...]:
        """Widths in which the metric counts spikes: each must be a whole number of time steps."""
        return ()

    def parameters(self) -> dict[str, str]:
        """The parameters by name, as text for people: they are stored beside every value.

        With those of a metric of the user's own stands the digest of its file.
        """
        values = {name: getattr(self, name) for name in type(self).model_fields if name != "metric"}
        texts = {name: _text(value) for name, value in values.items()}
        return {**texts, FILE_KEY: self.file_sha256} if self.file_sha256 else texts


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case Quantity():
            return value.pretty()
        case tuple():
            return ", ".join(map(_text, value))
        case _:
            return str(value)
