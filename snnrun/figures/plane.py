"""What a phase plane shows: a neuron of two variables, where it went, and the equations that drove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from snnrun.figures.stored import constant_currents, neuron_of, only_constant_currents, per_neuron
from snnrun.language.arrays import rates_of_change
from snnrun.language.equations import Equation, parse_equations
from snnrun.neurons.base import TOTAL_CURRENT, NeuronModel
from snnrun.results.recording import FloatArray, Recording

Interval = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """One neuron in its phase plane; SI units.

    Parameters
    ----------
    x, y
        Its two variables, the potential first.
    time, x_course, y_course
        When and where it was; shape (n_times,).
    current
        What flowed into it, on average.
    equations, values
        Its equations, and the values of their parameters.
    resets
        Whether a spike changes the variables.
    """

    population: str
    node: int
    x: Equation
    y: Equation
    time: FloatArray
    x_course: FloatArray
    y_course: FloatArray
    current: float
    equations: tuple[Equation, ...]
    values: Mapping[str, FloatArray]
    resets: bool

    def flow(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How fast both variables change at points of the plane, with the median current; in SI units per second."""
        given = {TOTAL_CURRENT: np.asarray(self.current), self.x.name: x, self.y.name: y}
        rates = rates_of_change(self.equations, {**self.values, **given})
        return rates[self.x.name], rates[self.y.name]


def plane_of(recording: Recording, population: str, column: int, interval: Interval) -> Plane | None:
    """The phase plane of a recorded neuron, in the first trial; None where something for it is not in the recording.

    Parameters
    ----------
    column
        Which of the recorded neurons of the population.
    interval
        Beginning and end in seconds.
    """
    variables, traces = two_variables(recording, population), recording.traces.get(population, {})
    neuron = neuron_of(recording, population)
    if variables is None or neuron is None or not {variable.name for variable in variables} <= traces.keys():
        return None
    x, y = (traces[variable.name].of_trial(0) for variable in variables)
    inside = _inside(x.time, interval, recording.dt)
    if column >= len(x.node_ids) or not inside.any():
        return None
    node = int(x.node_ids[column])
    current = _median_current(recording, population, column, interval)
    if current is None:
        return None
    dynamics = neuron.dynamics()
    return Plane(
        population=population,
        node=node,
        x=variables[0],
        y=variables[1],
        time=x.time[inside],
        x_course=x.data[inside, column],
        y_course=y.data[inside, column],
        current=current,
        equations=parse_equations(dynamics.equations),
        values={name: each[node] for name, each in _values(neuron, recording.populations[population].size).items()},
        resets=bool(dynamics.reset),
    )


def two_variables(recording: Recording, population: str) -> tuple[Equation, Equation] | None:
    """The variables of a neuron model that has two, and its values in the recording; the potential first."""
    neuron = neuron_of(recording, population)
    if neuron is None or len(_values(neuron, 1)) < len(neuron.values()):
        return None
    variables = [one for one in parse_equations(neuron.dynamics().equations) if one.kind != "subexpression"]
    if len(variables) != 2 or any(variable.kind == "parameter" for variable in variables):
        return None
    first, second = sorted(variables, key=lambda variable: variable.name != "v")
    return first, second


def _values(neuron: NeuronModel, size: int) -> dict[str, FloatArray]:
    """Those parameters of a model that are known for each neuron; shape (size,)."""
    values = {name: per_neuron(value, size) for name, value in neuron.values().items()}
    return {name: value for name, value in values.items() if value is not None}


def _median_current(recording: Recording, population: str, column: int, interval: Interval) -> float | None:
    """What flows into a neuron over an interval, in the median; None where nobody knows."""
    traces = recording.traces[population]
    if TOTAL_CURRENT in traces:
        trace = traces[TOTAL_CURRENT].of_trial(0)
        inside = _inside(trace.time, interval, recording.dt)
        # The mean of a step that begins within the interval is a current that never flows.
        return float(np.median(trace.data[inside, column]))
    if not only_constant_currents(recording, population):
        return None
    size = recording.populations[population].size
    node = int(next(iter(traces.values())).node_ids[column])
    currents = [per_neuron(amplitude, size) for amplitude in constant_currents(recording, population).values()]
    known = [float(current[node]) for current in currents if current is not None]
    return sum(known) if len(known) == len(currents) else None


def _inside(time: FloatArray, interval: Interval, dt: float) -> NDArray[np.bool_]:
    """Which samples lie in an interval; half a time step aside from its ends, where rounding would decide."""
    start, stop = interval
    return (time > start - 0.5 * dt) & (time < stop - 0.5 * dt)
