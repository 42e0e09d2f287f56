"""A state of a network as a column: single neurons above, the whole network below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.figures.base import Figure, Mosaic, shown_interval
from snnrun.figures.raster import draw_spikes
from snnrun.figures.style import INK, TIME
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime, is_whole
from snnrun.results.recording import FloatArray, Recording
from snnrun.units import quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation


class BrunelColumns(Figure):
    """A state of the network as in Brunel's Fig. 8: spikes of some neurons above, the activity of all of them below.

    The activity is the number of spikes in each bin, per neuron and second, not smoothed: what is asynchronous in the
    raster is told from a fast rhythm there. Runs in four states beside each other make the figure of the paper.
    """

    references: ClassVar = (
        Reference("Brunel (2000) J. Comput. Neurosci. 8:183–208, Fig. 8", "10.1023/A:1008925309027"),
    )

    figure: Literal["brunel_columns"] = "brunel_columns"

    neurons: PositiveCount = 50
    """Number of neurons shown, all populations together."""

    bin: PositiveTime = quantity("0.1 ms")
    """Width in which spikes are counted; one time step where it is no whole number of them."""

    duration: PositiveTime = quantity("200 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    def size(self, observation: Observation) -> tuple[float, float]:
        return 3.0, 4.0

    def panels(self, observation: Observation) -> Mosaic:
        return [["column_raster"], ["column_raster"], ["column_activity"]]

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        start, stop = shown_interval(observation, self.start, self.duration)
        raster, activity = axes["column_raster"], axes["column_activity"]
        draw_spikes(raster, observation, (start, stop), self.neurons)
        raster.tick_params(labelbottom=False)
        activity.set(xlabel=TIME, ylabel="Activity (Hz)")
        if observation.populations:
            time, rate = self._activity(observation.recording, start, stop)
            activity.plot(time * 1e3, rate, color=INK, linewidth=0.5, drawstyle="steps-mid")
        activity.set_ylim(bottom=0)
        for panel in (raster, activity):
            panel.set_xlim(start * 1e3, stop * 1e3)
            panel.locator_params(axis="x", nbins=4)

    def _activity(self, recording: Recording, start: float, stop: float) -> tuple[FloatArray, FloatArray]:
        """Middle of each bin in seconds, and spikes per neuron and second in it, the mean over trials.

        Counted here, as the interval may lie before the analysis window, of which metrics know.
        """
        dt = recording.dt
        width = round(self.bin.value / dt) if is_whole(self.bin.value / dt) else 1
        first, n_bins = round(start / dt), round((stop - start) / dt) // width
        trains = [train.between(first, first + n_bins * width) for train in recording.spikes.values()]
        counts = np.sum([np.bincount((train.ticks - first) // width, minlength=n_bins) for train in trains], axis=0)
        n_neurons = sum(train.n_recorded for train in trains)
        time = (first + (np.arange(n_bins, dtype=np.float64) + 0.5) * width) * dt
        rate: FloatArray = counts / (n_neurons * recording.trials * width * dt)
        return time, rate
