"""The two variables of a neuron against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

import numpy as np

from snnrun.entry import Reference
from snnrun.figures.base import NO_PANEL, Figure, Mosaic, shown_interval
from snnrun.figures.plane import Plane, plane_of, two_variables
from snnrun.figures.style import (
    FAINT,
    INK,
    in_display_unit,
    legend,
    neuron_in_words,
    population_colors,
    say,
    variable_label,
)
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import NonNegativeTime, PositiveCount, PositiveTime
from snnrun.results.recording import FloatArray, IntArray
from snnrun.units import Quantity, quantity, unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from snnrun.metrics.observation import Observation

_ARROWS: Final = 17
"""Arrows along each side of the plane."""
_POINTS: Final = 400
"""Points along each side of the grid on which nullclines are found."""
_DASHES: Final = ("-", "--")
"""Lines of the nullclines of the first and of the second variable."""
_COLUMNS: Final = 3
"""Planes side by side."""


class PhasePlane(Figure):
    """Phase plane of a neuron of two variables: where it went, its nullclines, and where the equations point.

    On a nullcline one of the variables stands still; where both cross, the neuron can rest. They are computed from the
    equations of the model with the median current of the interval shown, as are the arrows, all of one length. A ring
    marks the beginning of the trajectory; its dotted parts are resets.
    """

    references: ClassVar = (
        Reference("Gerstner, Kistler, Naud & Paninski (2014) Neuronal Dynamics, ch. 4", "10.1017/CBO9781107447615"),
    )

    figure: Literal["phase_plane"] = "phase_plane"

    neurons: PositiveCount = 1
    """Number of neurons shown of each population, side by side."""

    duration: PositiveTime = quantity("500 ms")
    """Length of the interval shown."""

    start: NonNegativeTime | None = None
    """Beginning of the interval shown; without it, the last part of the run."""

    def size(self, observation: Observation) -> tuple[float, float]:
        rows = self.panels(observation)
        return 1.2 + 3.2 * len(rows[0]), 3.4 * len(rows)

    def panels(self, observation: Observation) -> Mosaic:
        names = list(self._planes(observation)) or ["phase_plane"]
        n_columns = min(_COLUMNS, len(names))
        names += [NO_PANEL] * (-len(names) % n_columns)
        return [names[first : first + n_columns] for first in range(0, len(names), n_columns)]

    def missing(self, observation: Observation) -> str | None:
        recording = observation.recording
        if self._planes(observation):
            return None
        for name in recording.populations:
            variables = two_variables(recording, name)
            if variables is not None:
                names = ", ".join([*(variable.name for variable in variables), TOTAL_CURRENT])
                return (
                    "Both variables of a neuron and the current into it are needed. "
                    f"Add 'record: {{traces: {{{name}: {{variables: [{names}]}}}}}}'."
                )
        return (
            "No population has a neuron of two variables whose parameters are in the recording. Add one, as "
            "'neuron: morris_lecar', and record both and the current: "
            "'record: {traces: {POPULATION: {variables: [v, w, I_total]}}}'."
        )

    def draw(self, axes: Mapping[str, Axes], observation: Observation) -> None:
        planes = self._planes(observation)
        if not planes:
            say(axes["phase_plane"], "No neuron of two variables\nwas recorded")
            return
        for name, plane in planes.items():
            _draw_plane(axes[name], observation, plane)
        beside = axes[self.panels(observation)[0][-1]]
        variables = ([plane.x.name for plane in planes.values()], [plane.y.name for plane in planes.values()])
        for dashes, names in zip(_DASHES, variables, strict=True):
            rates = ", ".join(f"d{variable}/dt" for variable in dict.fromkeys(names))
            beside.plot([], [], color=INK, linewidth=1.0, linestyle=dashes, label=f"{rates} = 0")
        legend(beside)

    def _planes(self, observation: Observation) -> dict[str, Plane]:
        interval = shown_interval(observation, self.start, self.duration)
        found = {
            f"phase_plane_{name}_{column}": plane_of(observation.recording, name, column, interval)
            for name in observation.recording.populations
            for column in range(self.neurons)
        }
        return {panel: plane for panel, plane in found.items() if plane is not None}


def _draw_plane(panel: Axes, observation: Observation, plane: Plane) -> None:
    (x_factor, x_label), (y_factor, y_label) = (
        variable_label(variable.name, str(variable.dimension)) for variable in (plane.x, plane.y)
    )
    xs = _range(plane.x_course)
    ys = _range(np.append(plane.y_course, _y_nullcline(plane)))
    color = population_colors(observation.recording.populations)[plane.population]
    current = Quantity(plane.current, unit("A").dimension)
    words = neuron_in_words(plane.population, plane.node, observation.recording.trials)
    panel.set_title(f"{words}, I = {_rounded(current)}", color=color)
    panel.set(xlabel=x_label, ylabel=y_label)

    x, y = np.meshgrid(np.linspace(*xs, _ARROWS), np.linspace(*ys, _ARROWS))
    # In units of the panel's sides, so that the arrows point where the trajectory goes on the page.
    across, up = (rate / (side[1] - side[0]) for rate, side in zip(plane.flow(x, y), (xs, ys), strict=True))
    length = np.hypot(across, up)
    moves = np.isfinite(length) & (length > 0)
    across, up = across[moves] / length[moves], up[moves] / length[moves]
    style: dict[str, Any] = {"color": FAINT, "alpha": 0.45, "pivot": "mid", "scale": 28, "width": 0.003}
    panel.quiver(x[moves] * x_factor, y[moves] * y_factor, across, up, **style)
    x, y = np.meshgrid(np.linspace(*xs, _POINTS), np.linspace(*ys, _POINTS))
    for rate, dashes in zip(plane.flow(x, y), _DASHES, strict=True):
        # An upstroke is steeper than the rest by orders of magnitude; the line is found where the sign changes.
        scale = np.median(np.abs(rate)) or 1.0
        grid = (x * x_factor, y * y_factor, np.clip(rate / scale, -1, 1))
        panel.contour(*grid, [0.0], colors=INK, linewidths=1.0, linestyles=[dashes])
    _draw_course(panel, _jumps(observation, plane), plane.x_course * x_factor, plane.y_course * y_factor, color)
    panel.set(xlim=[side * x_factor for side in xs], ylim=[side * y_factor for side in ys])


def _draw_course(panel: Axes, jumps: IntArray, x: FloatArray, y: FloatArray, color: str) -> None:
    """The trajectory, broken before each of the samples ``jumps``; the jumps themselves are dotted."""
    panel.plot(np.insert(x, jumps, np.nan), np.insert(y, jumps, np.nan), color=color, linewidth=1.4, label="trajectory")
    for jump in jumps:
        panel.plot(x[jump - 1 : jump + 1], y[jump - 1 : jump + 1], color=color, linewidth=0.8, linestyle=":")
    if len(jumps):
        panel.plot([], [], color=color, linewidth=0.8, linestyle=":", label="reset")
    panel.plot(x[0], y[0], "o", color=color, markerfacecolor="white", markersize=4)


def _jumps(observation: Observation, plane: Plane) -> IntArray:
    """The first sample after each reset."""
    spikes = observation.recording.spikes.get(plane.population)
    if spikes is None or not plane.resets:
        return np.empty(0, dtype=np.int64)
    spikes = spikes.of_trial(0)
    # A sample is taken at the beginning of a time step, a reset is done at its end.
    after = np.searchsorted(plane.time, spikes.times[spikes.node_ids == plane.node] + 0.5 * spikes.dt)
    return np.unique(after[(after > 0) & (after < len(plane.time))])


def _y_nullcline(plane: Plane) -> FloatArray:
    """The second variable where it stands still, along the trajectory: its equation is linear in it in most models."""
    x = np.linspace(plane.x_course.min(), plane.x_course.max(), _ARROWS)
    # The step is of the size of the variable, lest the difference drown in rounding errors.
    y = np.full(len(x), plane.y_course.mean())
    step = 0.1 * np.ptp(plane.y_course) or 0.1 * abs(y[0]) or 1.0
    before, after = plane.flow(x, y)[1], plane.flow(x, y + step)[1]
    with np.errstate(all="ignore"):
        nullcline = y - before * step / (after - before)
    finite: FloatArray = nullcline[np.isfinite(nullcline)]
    return finite


def _range(values: FloatArray) -> tuple[float, float]:
    """What an axis shows: the values and some room around them, so that a neuron at rest is not seen enlarged."""
    low, high = float(values.min()), float(values.max())
    room = max(0.1 * (high - low), 0.25 * abs(low + high) / 2) or 1.0
    return low - room, high + room


def _rounded(value: Quantity) -> str:
    """In the unit of the field."""
    factor, shown_unit = in_display_unit(str(value.dimension))
    return f"{value.value * factor:.4g} {shown_unit}"
