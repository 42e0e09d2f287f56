"""Which neurons connect to each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.connection_matrix import draw_matrix
from snnrun.figures.degrees import draw_degrees, draw_rates
from snnrun.figures.distance_kernel import draw_kernel, has_kernel
from snnrun.figures.style import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

Aspect = Literal["degrees", "matrix", "kernel", "rates"]


class ConnectivityFigure(Figure):
    """Recorded synapses: how many each neuron receives and sends, who sends what to whom, and over which distances.

    Degrees stand beside the law of the rule that drew them (dotted), where it has one that holds for every neuron. The
    matrix is that of the weights from the neurons of the columns to those of the rows; of many neurons, that of the
    populations, with the number of synapses per pair and the mean weight. For neurons that are somewhere, the
    probability of a synapse against distance. When asked for, the rate of each neuron against its in-degree.
    """

    references: ClassVar = (
        Reference("Senk et al. (2022) PLoS Comput. Biol. 18(9): e1010086", "10.1371/journal.pcbi.1010086"),
    )

    figure: Literal["connectivity"] = "connectivity"

    show: Annotated[tuple[Aspect, ...], Field(strict=False, min_length=1)] = ("degrees", "matrix", "kernel")
    """What is shown, in two columns: degrees of both sides, the matrix, the kernel, rates against in-degrees."""

    def size(self, observation: Observation) -> tuple[float, float]:
        rows = self.panels(observation)
        return 8.5 if len(rows[0]) > 1 else 6.0, 2.7 * len(rows)

    def panels(self, observation: Observation) -> Mosaic:
        recording = observation.recording
        names: list[str] = []
        for aspect in self.show:
            if aspect == "degrees":
                names += ["in_degree", "out_degree"]
            elif aspect == "matrix":
                names.append("connection_matrix")
            elif aspect == "rates":
                names.append("rate_by_degree")
            elif any(has_kernel(recording, table) for table in recording.synapses.values()):
                names.append("distance_kernel")
        if not names:
            return [["distance_kernel"]]
        if len(names) == 1:
            return [names]
        rows = [names[first : first + 2] for first in range(0, len(names), 2)]
        return [row if len(row) == 2 else row * 2 for row in rows]

    def missing(self, observation: Observation) -> str | None:
        if observation.recording.synapses:
            return None
        projections = ", ".join(observation.recording.spec_resolved.get("projections", {})) or "PROJECTION"
        return f"No synapses were recorded. Add 'record: {{synapses: [{projections}]}}' to the experiment."

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        recording = observation.recording
        for name in dict.fromkeys(name for row in self.panels(observation) for name in row):
            panel = axes[name]
            if not recording.synapses:
                say(panel, "No synapses were recorded")
            elif name == "in_degree":
                draw_degrees(panel, recording, "target")
            elif name == "out_degree":
                draw_degrees(panel, recording, "source")
            elif name == "connection_matrix":
                draw_matrix(panel, recording)
            elif name == "rate_by_degree":
                draw_rates(panel, observation)
            else:
                draw_kernel(panel, recording)
