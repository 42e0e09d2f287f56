"""The sections of an experiment: what a file may say, key by key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from snnrun.connectivity.base import ConnectivityRule
from snnrun.entry import Names, Strict
from snnrun.neurons.base import NeuronModel
from snnrun.quantities import AnyValues, Count, NonNegativeTime, PositiveCount, PositiveTime, QuantityType
from snnrun.registry import OneOf
from snnrun.synapses.base import SynapseModel
from snnrun.units import quantity


class PopulationSection(Strict):
    """Neurons of one kind."""

    size: PositiveCount
    """Number of neurons."""
    type: Literal["excitatory", "inhibitory"] | None = None
    """Dale's law: whether all that these neurons send excites or inhibits; checked."""
    neuron: Annotated[NeuronModel, OneOf("neurons")]
    """How each neuron works."""
    initial: dict[str, AnyValues] = {}
    """Start values of state variables, one for all or drawn for each neuron."""


class ProjectionSection(Strict):
    """Synapses from one population to one or more others."""

    source: str = Field(alias="from")
    """Population that sends."""
    targets: Names = Field(alias="to")
    """Populations that receive."""
    synapse: Annotated[SynapseModel, OneOf("synapses")]
    """What a spike does."""
    connectivity: Annotated[ConnectivityRule, OneOf("connectivity")]
    """Which neurons are connected."""


class SimulationSection(Strict):
    """How the network is run."""

    duration: PositiveTime
    """Simulated time."""
    dt: PositiveTime = quantity("0.1 ms")
    """Time step."""
    warmup: NonNegativeTime = quantity("0 ms")
    """Beginning that is simulated and recorded but not analysed."""
    seed: Count = 1
    """Master seed: the same file with the same seed gives the same spikes."""
    # Brian's programs count in 32 bits.
    max_spikes: Annotated[int, QuantityType("1", minimum=1, maximum=2**31 - 1, integer=True)] = 100_000_000
    """A run that records more spikes than this is stopped as a runaway."""


class SpikesOf(Strict):
    """Which neurons of a population have their spikes recorded."""

    neurons: PositiveCount
    """The first so many."""


class TracesOf(Strict):
    """Which variables of which neurons are recorded over time."""

    variables: Names
    """State variables and currents: `I_` with the name of a receptor or input, and their sum `I_total`."""
    neurons: PositiveCount = 1
    """The first so many."""
    every: PositiveTime | None = None
    """Sampling interval; by default each time step."""


def _spikes_mapping(raw: Any) -> Any:
    return dict.fromkeys(raw, "all") if isinstance(raw, list) and all(isinstance(n, str) for n in raw) else raw


_Spikes = dict[str, Literal["all"] | SpikesOf]


class RecordSection(Strict):
    """What is recorded."""

    spikes: Annotated[_Spikes, BeforeValidator(_spikes_mapping, json_schema_input_type=list[str] | _Spikes)] | None = (
        None
    )
    """Populations whose spikes are recorded, as a list, or with the number of neurons; by default all."""
    traces: dict[str, TracesOf] = {}
    """Variables over time, by population."""
    synapses: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Projections whose synapses are stored with the recording, as they are at the start."""


class SourceReference(Strict):
    """Where an experiment comes from."""

    doi: str = ""
    note: str = ""
