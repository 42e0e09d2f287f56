"""How fast single neurons fire, population by population, beside published rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic
from snnrun.figures.style import FAINT, INK, RATE, in_words, population_colors, say, shortened
from snnrun.metrics.mean_rate import MeanRate
from snnrun.quantities import Frequency
from snnrun.results.recording import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


_MARKERS: Final = {"mean": "*", "reference": "D"}
_SIGNS: Final = {"mean": "☆", "reference": "◇"}
_COLUMN: Final = 50
"""Width in points of a column of the table."""


class RateBoxes(Figure):
    """Rates of single neurons of each population: box from quartile to quartile, median, whiskers from 5 % to 95 %.

    A star marks the mean, a diamond the rate that `reference` gives; both stand in numbers at the right.
    """

    references: ClassVar = (
        Reference("Potjans & Diesmann (2014) Cereb. Cortex 24:785–806, Fig. 6", "10.1093/cercor/bhs358"),
    )

    figure: Literal["rate_boxes"] = "rate_boxes"
    reference: dict[str, Frequency] = {}
    """Published mean rates by population."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 5.0, 0.9 + 0.28 * max(len(observation.populations), 2)

    def panels(self, observation: Observation) -> Mosaic:
        return [["rate_boxes"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        panel = axes["rate_boxes"]
        panel.set(xlabel=RATE)
        rates = {name: observation.measure(name, MeanRate()).series["rate"].data for name in observation.populations}
        if not any(each.any() for each in rates.values()):
            say(panel, f"No spikes\nin {in_words(observation.window)}")
            return
        self._draw_boxes(panel, observation, rates)
        self._write_means(panel, rates)

    def _draw_boxes(self, panel: Axes, observation: Observation, rates: Mapping[str, FloatArray]) -> None:
        colors = population_colors(observation.recording.populations)
        boxes = panel.boxplot(
            list(rates.values()),
            orientation="horizontal",
            tick_labels=[shortened(name) for name in rates],
            whis=(5, 95),
            showfliers=False,
            widths=0.6,
            patch_artist=True,
            medianprops={"color": INK},
        )
        for name, box in zip(rates, boxes["boxes"], strict=True):
            box.set(facecolor=colors[name], alpha=0.6, linewidth=0.6)
        panel.invert_yaxis()
        panel.set_xlim(left=0)
        panel.tick_params(axis="y", length=0)

    def _write_means(self, panel: Axes, rates: Mapping[str, FloatArray]) -> None:
        """The means as markers, and as a table at the right of the panel."""
        beside = panel.get_yaxis_transform()
        columns = {"mean": {name: float(each.mean()) for name, each in rates.items()}}
        if self.reference:
            columns["reference"] = {name: rate.value for name, rate in self.reference.items() if name in rates}
        for number, (title, means) in enumerate(columns.items()):
            # In points, as the text is: in parts of the panel it would run off a narrow page.
            text: dict[str, Any] = {"xycoords": beside, "textcoords": "offset points", "ha": "center"}
            text["xytext"] = (_COLUMN * (number + 0.5), 0)
            panel.annotate(f"{_SIGNS[title]} {title}\n(Hz)", (1, 0.3), va="bottom", color=FAINT, **text)
            for row, name in enumerate(rates, start=1):
                if name not in means:
                    continue
                panel.annotate(f"{means[name]:.3g}", (1, row), va="center", **text)
                size = 7 if title == "mean" else 4
                panel.plot(means[name], row, _MARKERS[title], color=INK, markerfacecolor="white", markersize=size)
