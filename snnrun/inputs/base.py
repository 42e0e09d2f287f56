"""What an input is: equations and updates that it adds to its target populations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from snnrun.entry import Entry, Names
from snnrun.quantities import Values
from snnrun.synapses.base import SynapseModel

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
    driven
        Variable of the population that the program sets each step from a stimulus that was drawn beforehand.
    """

    parameters: Mapping[str, Values] = field(default_factory=dict)
    equations: str = ""
    current: str = ""
    update: str = ""
    when: Literal["start", "synapses"] = "start"
    initial: Mapping[str, Values] = field(default_factory=dict)
    synapse: SynapseModel | None = None
    driven: str = ""


class Events(NamedTuple):
    """Spikes from outside: when, and at which neuron of the target; sorted by time."""

    ticks: NDArray[np.int64]
    node_ids: NDArray[np.int32]


class InputModel(Entry):
    """One model of an input."""

    targets: Names = Field(alias="to")
    """Populations that receive it."""

    @abstractmethod
    def contribution(self) -> Contribution:
        """What this input adds to its targets."""

    def problem(self, n_neurons: int) -> str | None:
        """Why the input cannot drive a population of this size and what to do about it; None if it can."""
        return None

    def waveform(self, n_ticks: int, dt: float, random: np.random.Generator) -> NDArray[np.float64] | None:
        """The stimulus of each time step, for inputs that all neurons share; shape (n_ticks,), SI units."""
        return None

    def events(self, n_neurons: int, dt: float) -> Events | None:
        """Spikes at given times, for inputs made of them."""
        return None
