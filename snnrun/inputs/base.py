"""What an input is: equations and updates that it adds to its target populations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from snnrun.datafiles import ArrayFile, FloatArray
from snnrun.entry import Entry, Names
from snnrun.inputs.part import PartField, chosen, part_problem
from snnrun.language.equations import parse_statements
from snnrun.quantities import NonNegativeTime, Values
from snnrun.stimuli.stimulus import Events, Stimulus
from snnrun.synapses.base import SynapseModel
from snnrun.units import DIMENSIONLESS

# Name by which an update refers to the variable that the synapse of the input raises.
TARGET: Final = "target"


@dataclass(frozen=True)
class Contribution:
    """What an input adds to each population it drives, in the equation language.

    Parameters
    ----------
    parameters
        Values of the names used below.
    equations
        State that the population gets.
    current
        What flows into its cells, in terms of that state.
    update, when
        Statements executed once each time step, either at its ``start`` or when ``synapses`` deliver.
    initial
        Start values of that state; zero for the others.
    synapse
        The synapse through which the input acts; its variable is ``target`` in the update.
    waveform, events
        Variable of the population that the program sets each step, from what `Stimulus.waveform` or `Stimulus.events`
        gave; empty for none.
    """

    parameters: Mapping[str, Values] = field(default_factory=dict)
    equations: str = ""
    current: str = ""
    update: str = ""
    when: Literal["start", "synapses"] = "start"
    initial: Mapping[str, Values] = field(default_factory=dict)
    synapse: SynapseModel | None = None
    waveform: str = ""
    events: str = ""


def spikes_through(synapse: SynapseModel) -> Contribution:
    """What an input adds whose spikes are drawn beforehand and act through a synapse."""
    return Contribution(
        parameters={"weight": synapse.weight_value()},
        equations="count : 1",
        update="target += weight * count",
        when="synapses",
        synapse=synapse,
        events="count",
    )


class InputModel(Entry, Stimulus):
    """One model of an input."""

    targets: Names = Field(alias="to")
    """Populations that receive it."""
    neurons: PartField | None = None
    """Which neurons of each population receive it: the first so many, or a list of numbers from 0, or of labels; by
    default all."""
    start: NonNegativeTime | None = None
    """When it sets in; by default with the run."""
    stop: NonNegativeTime | None = None
    """When it ends; by default with the run."""

    @abstractmethod
    def contribution(self) -> Contribution:
        """What this input adds to its targets, all of their neurons and all of the time."""

    def problem(self, n_neurons: int) -> str | None:
        """Why the input cannot drive so many neurons and what to do about it; None if it can."""
        return None

    def drawn_waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> FloatArray | None:
        """The `waveform` as it is without `start` and `stop`."""
        return None

    def drawn_events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events | None:
        """The `events` as they are without `start` and `stop`."""
        return None

    def part_problem(self, n_neurons: int, labels: Sequence[str]) -> str | None:
        """Why the `neurons` cannot be found in a population; None if they can."""
        return part_problem(self.neurons, n_neurons, labels)

    def n_reached(self, n_neurons: int) -> int:
        """How many neurons of a population receive it."""
        if self.neurons is None:
            return n_neurons
        return self.neurons if isinstance(self.neurons, int) else len(self.neurons)

    def part(self, n_neurons: int, labels: Sequence[str]) -> NDArray[np.int32]:
        """The numbers of the neurons of a population that receive it; its events count along them."""
        return chosen(self.neurons, n_neurons, labels)

    @property
    def is_timed(self) -> bool:
        """Whether it acts at some times only."""
        return self.start is not None or self.stop is not None

    def contribution_to(self, n_neurons: int, labels: Sequence[str]) -> Contribution:
        """What this input adds to a population, held back where and when it does not act.

        A current is multiplied by ``active``, which all neurons share, and by ``part``, which each has its own of: both
        stay as they are during a time step, so what was linear is still integrated exactly. A waveform is zero out of
        its time already, and events reach nobody else.
        """
        plain = self.contribution()
        equations, parameters, factors = plain.equations, dict(plain.parameters), []
        waveform = plain.waveform
        if self.is_timed and not (plain.waveform or plain.events):
            equations, waveform = f"{equations}\nactive : 1 (shared)", "active"
            factors.append("active")
        if self.neurons is not None and not plain.events:
            mask = np.zeros(n_neurons)
            mask[self.part(n_neurons, labels)] = 1
            parameters["part"] = ArrayFile(mask, DIMENSIONLESS)
            factors.append("part")
        return replace(
            plain,
            equations=equations,
            parameters=parameters,
            waveform=waveform,
            current=_multiplied(plain.current, factors) if plain.current else "",
            update=_update_multiplied(plain.update, factors),
        )

    def waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> FloatArray | None:
        drawn = self.drawn_waveform(n_ticks, dt, random)
        if not self.is_timed:
            return drawn
        first, end = self._acts(n_ticks, dt)
        acts = np.zeros(n_ticks)
        acts[first:end] = 1 if drawn is None else drawn[first:end]
        return acts

    def events(self, n_neurons: int, n_ticks: int, dt: float, random: np.random.Generator) -> Events | None:
        drawn = self.drawn_events(n_neurons, n_ticks, dt, random)
        if drawn is None:
            return None
        acts = slice(*np.searchsorted(drawn.ticks, self._acts(n_ticks, dt)))
        return Events(drawn.ticks[acts], drawn.node_ids[acts])

    def _acts(self, n_ticks: int, dt: float) -> tuple[int, int]:
        """The first step in which it acts, and the step after the last."""
        first = 0 if self.start is None else round(self.start.value / dt)
        return first, n_ticks if self.stop is None else min(round(self.stop.value / dt), n_ticks)


def _multiplied(expression: str, factors: Sequence[str]) -> str:
    return " * ".join([*factors, f"({expression})"]) if factors else expression


def _update_multiplied(update: str, factors: Sequence[str]) -> str:
    """Statements in which what the synapse is given is multiplied; the input's own state goes on."""
    return "\n".join(
        f"{statement.target} {statement.operator} "
        f"{_multiplied(statement.expression, factors if statement.target == TARGET else ())}"
        for statement in parse_statements(update)
    )
