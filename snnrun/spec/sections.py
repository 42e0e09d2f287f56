"""The sections of an experiment: what a file may say, key by key."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from snnrun.connectivity.base import ConnectivityRule
from snnrun.datafiles import TableFile
from snnrun.entry import Names, Strict
from snnrun.inputs.part import PartField
from snnrun.neurons.base import NeuronModel
from snnrun.quantities import AnyValues, Count, NonNegativeTime, PositiveCount, PositiveTime, QuantityType
from snnrun.registry import OneOf
from snnrun.results.recording import MAX_TRIALS
from snnrun.space import Positions
from snnrun.synapses.base import SynapseModel
from snnrun.units import quantity

Engine = Literal["fast", "reference"]
Math = Literal["fast", "strict"]
Arch = Literal["native", "x86-64-v2", "x86-64-v3", "x86-64-v4"]
WeightPrecision = Literal["double", "single"]

# Sections that change what is shown, or how many runs there are, not what is simulated.
VIEW: Final = frozenset({"title", "references", "analysis", "figures", "sweep"})
# Of the hexadecimal names of runs and points: that two of ten million share one has odds of three in a million.
ID_DIGITS: Final = 16
# Names stand beside the axes of figures.
_MAX_LABEL: Final = 63


class Labels(Strict):
    """The names of the neurons of a population."""

    file: TableFile
    """CSV file with a row for each neuron, relative to the folder of the experiment."""
    column: str | int = 0
    """Column of the names: its own name, or its number from 0."""
    where: dict[str, str] = {}
    """What columns say in the rows of these neurons, as `{role: motor}`, in a file that has others, too."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """In the order of the neurons.

        Raises
        ------
        DataFileError
            If the file cannot be read.
        """
        table = self.file.open()
        names, wanted = table.texts(self.column), tuple(self.where.values())
        rows = zip(*(table.texts(column) for column in self.where), strict=True) if wanted else [wanted] * len(names)
        return tuple(name for name, row in zip(names, rows, strict=True) if row == wanted)

    def problem(self, size: int) -> str | None:
        """Why so many neurons cannot be called so, and what to do about it; None if they can."""
        names = self.names
        if len(names) != size:
            return f"{self.file.file} has {len(names)} names for {size} neurons. Make the numbers equal."
        if "" in names:
            return f"{self.file.file}: the name of neuron {names.index('')} is missing. Every neuron needs one."
        odd = next((name for name in names if not name.isprintable() or len(name) > _MAX_LABEL), None)
        if odd is not None:
            return (
                f"{self.file.file}: {odd[:_MAX_LABEL]!r} is no name: more than {_MAX_LABEL} characters, or some that "
                "cannot be shown. Correct the file, or the 'column'."
            )
        if len(set(names)) < size:
            repeated, _ = Counter(names).most_common(1)[0]
            return f"{self.file.file}: two neurons are called {repeated!r}. Names must differ."
        return None

    def pretty(self) -> str:
        """For people: the first names, and where they come from."""
        shown = ", ".join(self.names[:3]) + (", …" if len(self.names) > 3 else "")
        return f"{shown} ({self.file.file})"


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
    positions: Positions | None = None
    """Where the neurons are."""
    labels: Labels | None = None
    """What each neuron is called."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the neurons are called; empty where they have no labels."""
        return self.labels.names if self.labels is not None else ()

    @model_validator(mode="after")
    def must_suit_the_size(self) -> Self:
        for name, section in (("positions", self.positions), ("labels", self.labels)):
            problem = section.problem(self.size) if section is not None else None
            if problem:
                raise ValueError(f"{name}: {problem}")
        return self


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
    trials: Annotated[int, QuantityType("1", minimum=1, maximum=MAX_TRIALS, integer=True)] = 1
    """How often the run is repeated: with the same network and the same frozen stimuli; private noise, and start values
    that are drawn, differ from trial to trial."""
    # Brian's programs count in 32 bits.
    max_spikes: Annotated[int, QuantityType("1", minimum=1, maximum=2**31 - 1, integer=True)] = 100_000_000
    """A run (each trial) that records more spikes than this is stopped as a runaway."""
    engine: Engine = "fast"
    """What computes: `fast`, made for speed, or `reference`, the program that Brian 2 itself writes. They solve the
    same equations by the same methods, but round sums differently and draw other random numbers."""
    math: Math = "fast"
    """How arithmetic is compiled: `fast` lets the compiler reorder sums and round functions such as `exp` in their last
    digit; `strict` computes operation by operation as IEEE 754 says."""
    arch: Arch = "native"
    """Which processors can run the program: `native`, such as this one, at their best; or all of a level of the x86-64
    architecture, so that the nodes of a cluster share one program."""
    weight_precision: WeightPrecision = "double"
    """How the weights of synapses are stored: `single` takes half the memory and keeps 7 digits; the reference engine
    always stores `double`."""


class PhaseSection(Strict):
    """A part of the run in which some values differ from those of the file; it lasts until the next one starts.

    A phase that does not say otherwise goes back to the values of the file. A weight that it sets in a projection that
    learns takes the place of what was learned, when the phase starts and, with the weight of the file, when it ends.
    """

    start: NonNegativeTime
    """Its beginning, since the start of the run."""
    parameters: dict[str, Any] = {}
    """Other values of `parameters`, as `-p` gives them."""
    settings: dict[str, Any] = Field(default={}, alias="set")
    """Other values of anything else by dotted path, as `--set` gives them."""


class SpikesOf(Strict):
    """Which neurons of a population have their spikes recorded."""

    neurons: PositiveCount
    """The first so many."""


class TracesOf(Strict):
    """Which variables of which neurons are recorded over time."""

    variables: Names
    """State variables and currents: `I_` with the name of a receptor or input, and their sum `I_total`."""
    neurons: PartField = 1
    """The first so many; or a list of the numbers or labels of those that are recorded."""
    every: PositiveTime | None = None
    """Sampling interval; by default each time step."""


class WeightsOf(Strict):
    """Which weights of a projection are recorded over time."""

    every: PositiveTime | None = None
    """Time between two snapshots, of which the first is at the start; by default there is none until the end of the
    run, when one is always taken."""
    synapses: Literal["all"] | PositiveCount = 1000
    """How many synapses onto each target, drawn evenly from all, or `all`: each takes 8 bytes in each snapshot."""


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
    weights: dict[str, WeightsOf] = {}
    """Weights over time, by projection, of synapses whose weights change; of several trials, in the first."""


class SourceReference(Strict):
    """Where an experiment comes from."""

    doi: str = ""
    note: str = ""
