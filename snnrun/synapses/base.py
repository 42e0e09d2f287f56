"""What a synapse model is: what it adds to its target, and what a spike changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final, Self

from pydantic import model_validator

from snnrun.entry import Entry
from snnrun.plasticity.base import PlasticityRule
from snnrun.quantities import NonNegativeTimes, Values
from snnrun.registry import OneOf
from snnrun.units import Quantity, quantity

# What a current is called before the name of its receptor or input is added. A state variable of this name is the
# current itself.
CURRENT: Final = "I"


@dataclass(frozen=True)
class Kinetics:
    """The equations of a synapse.

    Parameters
    ----------
    equations
        State that the target population gets: ``dg/dt = -g / tau_syn : siemens``; empty for none.
    current
        What flows into the target, in terms of that state: ``g * (e_rev - v)``; empty for none.
    increment
        The variable of the target that a spike raises by ``weight``; empty when ``on_pre`` says it.
    parameters
        Values that belong to the target, one set for all synapses that share the state.
    state
        Equations of each synapse itself, such as the traces of a plasticity rule; empty for none.
    state_parameters
        Values that the equations of each synapse and its statements use.
    coupling
        What each synapse contributes at any moment, in terms of its state and of variables of both ends:
        ``weight * (v_pre - v_post)``; empty for none.
    summed
        The variable of the target that is the sum of ``coupling`` over its synapses.
    on_pre, on_post
        Statements at a spike of the source and of the target; variables of the target end in ``_post``.
    """

    equations: str = ""
    current: str = ""
    increment: str = ""
    parameters: Mapping[str, Values] = field(default_factory=dict)
    state: str = ""
    state_parameters: Mapping[str, Values] = field(default_factory=dict)
    coupling: str = ""
    summed: str = ""
    on_pre: str = ""
    on_post: str = ""


class SynapseModel(Entry):
    """One model of a synapse."""

    own_receptor: ClassVar[bool] = False
    """Whether the synapses of a projection share their state with no other."""

    delay: NonNegativeTimes = quantity("0 ms")
    """Time from the spike to its effect."""
    receptor: str | None = None
    """Synapses onto one population that name the same receptor share one state variable; by default those whose
    kinetics are written the same do."""
    plasticity: Annotated[PlasticityRule, OneOf("plasticity")] | None = None
    """How the effect of spikes changes over time; without it, it does not."""

    @abstractmethod
    def kinetics(self) -> Kinetics:
        """The equations of this synapse."""

    @abstractmethod
    def weight_value(self) -> Values:
        """What one spike adds, in the unit of the model."""

    def reversal(self) -> Values | None:
        """The reversal potential where the synapse has one: it then decides the sign, not the weight."""
        return None


class CoupledSynapse(SynapseModel):
    """A synapse that couples two cells at any moment, without spikes and without delay."""

    own_receptor: ClassVar[bool] = True

    @model_validator(mode="after")
    def acts_without_spikes(self) -> Self:
        if self.delay != Quantity(0.0, self.delay.dimension):
            raise ValueError("this synapse acts at once: remove 'delay'")
        if self.receptor is not None:
            raise ValueError("these synapses of a projection have a current of their own: remove 'receptor'")
        if self.plasticity is not None:
            raise ValueError("this synapse hears no spikes, which plasticity needs: remove 'plasticity'")
        return self
