"""What a neuron model is: equations as data, with a place for the sum of currents."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal

from snnrun.entry import Entry
from snnrun.quantities import Values
from snnrun.stimuli.stimulus import Stimulus

Method = Literal["auto", "exact", "euler", "rk2", "rk4", "exponential_euler", "heun"]

# The one name by which a neuron model refers to everything that flows into the cell: synapses and injected currents.
TOTAL_CURRENT: Final = "I_total"


@dataclass(frozen=True)
class Dynamics:
    """How a neuron changes and when it fires, in the equation language.

    Parameters
    ----------
    equations
        One equation a line; parameters are named as the fields of the model; ``I_total`` stands for all currents.
    threshold, reset
        Condition of a spike and what it does; empty for a cell that does not spike.
    refractory
        A time or a condition during which no further spike is counted; empty for none.
    method
        How the equations are integrated when they are not linear (linear ones are integrated exactly).
    initial
        Start values by state variable, as expressions over the parameters; zero for the others.
    waveform, events
        Variable that the program sets each step, from what `Stimulus.waveform` or `Stimulus.events` gave; empty for
        none.
    """

    equations: str
    threshold: str = ""
    reset: str = ""
    refractory: str = ""
    method: Method = "exponential_euler"
    initial: Mapping[str, str] = field(default_factory=dict)
    waveform: str = ""
    events: str = ""


class NeuronModel(Entry, Stimulus):
    """One model of a neuron."""

    sends_only: ClassVar[bool] = False
    """Whether it only sends spikes: nothing can arrive at it."""

    method: Method = "auto"
    """How the equations are integrated; `auto`: exactly where they are linear, else the way the model asks for."""

    @abstractmethod
    def dynamics(self) -> Dynamics:
        """The equations of this neuron."""

    def values(self) -> dict[str, Values]:
        """Values of the names that the equations use: the fields of the model."""
        return quantity_fields(self)

    def problem(self, n_neurons: int, dt: float) -> str | None:
        """Why so many neurons cannot be simulated with this time step and what to do about it; None if they can.

        Parameters
        ----------
        dt
            Time step in seconds.
        """
        return None


def quantity_fields(entry: Entry) -> dict[str, Values]:
    """The fields of an entry that hold a quantity, a distribution or an array."""
    fields = {name: getattr(entry, name) for name in type(entry).model_fields}
    return {name: value for name, value in fields.items() if isinstance(value, Values)}
