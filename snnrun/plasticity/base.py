"""What a rule of plasticity is: state of each synapse, what spikes change, and what they transmit.

A spike of the source counts when it arrives, after its delay; a spike of the target counts at once, as if it travelled
back into the dendrite in no time. Where both come in one time step, that of the source is first.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from pydantic import model_validator

from snnrun.entry import Entry
from snnrun.quantities import AnyValue, NonNegativeNumber, Values
from snnrun.units import Quantity, quantity


@dataclass(frozen=True)
class Changes:
    """What a rule adds to the synapses of a model.

    Parameters
    ----------
    state
        Equations of each synapse, solved exactly from spike to spike; they may use `parameters` only.
    parameters
        Values that the equations and statements use.
    initial
        Start values of state variables; the others start at zero.
    before, after
        Statements at a spike of the source, before and after it is transmitted; they may change ``weight``.
    transmitted
        What the synapse transmits in the place of ``weight``.
    on_post
        Statements at a spike of the target.
    """

    state: str
    parameters: Mapping[str, Values]
    initial: Mapping[str, float] = field(default_factory=dict)
    before: str = ""
    transmitted: str = "weight"
    after: str = ""
    on_post: str = ""


class PlasticityRule(Entry):
    """One rule by which synapses change."""

    @abstractmethod
    def changes(self) -> Changes:
        """What the rule adds to the synapses."""


class LearningRule(PlasticityRule):
    """A rule that changes the weights, between zero and a largest weight."""

    w_max: AnyValue
    """Largest weight, in the unit of the weight; negative where weights are negative. Weights stay between 0 and
    it."""
    learning_rate: NonNegativeNumber = quantity("1")
    """Factor on every change of a weight; at 0 weights stay as they are, while traces of spikes are still kept."""

    @model_validator(mode="after")
    def weights_have_room(self) -> Self:
        if self.w_max.value == 0:
            raise ValueError("'w_max' is zero, which leaves the weights no room; give the largest weight")
        return self

    def limits(self) -> dict[str, Values]:
        """The lowest and the highest weight, as `weight_grows_by` calls them."""
        zero = Quantity(0.0, self.w_max.dimension)
        low, high = sorted([zero, self.w_max], key=lambda limit: limit.value)
        return {"w_low": low, "w_high": high}


def weight_grows_by(change: str) -> str:
    """The statement that changes a weight and keeps it within its limits."""
    return f"weight = clip(weight + learning_rate * {change}, w_low, w_high)"


def trace(name: str, tau: str) -> str:
    """The equation of a trace that spikes leave and that decays exponentially."""
    return f"d{name}/dt = -{name} / {tau} : 1 (event-driven)"


def spike_in(name: str, pairing: str) -> str:
    """What a spike does to a trace: it joins ``all`` before it, or takes the place of the last, as the ``nearest``."""
    return f"{name} {'+=' if pairing == 'all' else '='} 1"
