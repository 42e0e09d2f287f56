"""The blueprint of a network: everything that decides its structure, as plain data.

The generator turns a blueprint into C++; two experiments with the same blueprint share one compiled program. No number
that a parameter could change stands in it: those go through `Slot`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # the process of the generator does without the specification
    from snnrun.spec.sections import Arch, Engine, Math, WeightPrecision

SlotKind = Literal["value", "initial", "synapses", "delay", "waveform", "events", "snapshots"]


@dataclass(frozen=True)
class Slot:
    """A place of the compiled program that is filled when it starts.

    Parameters
    ----------
    owner
        Brian object that the variable belongs to.
    variable
        Its name there; for ``synapses`` the pairs of neurons, without a variable of their own.
    kind
        ``value``: numbers; ``initial``: numbers at the start, drawn anew for each trial; ``synapses``: which neurons
        are connected; ``delay``: time steps that spikes are on their way; ``waveform``: one number for each time
        step; ``events``: spikes at given steps; ``snapshots``: of which synapses, and how often, the variable is
        recorded.
    size
        How many numbers a ``value``, ``delay`` or ``initial`` holds; None for one number per synapse.
    """

    owner: str
    variable: str
    kind: SlotKind
    size: int | None = 1

    @property
    def name(self) -> str:
        """How the input file of the program calls it: ``exc.tau_m``."""
        return f"{self.owner}.{self.variable}" if self.variable else self.owner


@dataclass(frozen=True)
class Update:
    """Statements executed for each neuron once a time step."""

    name: str
    code: str
    when: str


@dataclass(frozen=True)
class TraceBlueprint:
    """Variables recorded over time every ``every`` time steps; of the first so many ``neurons``, or of these."""

    variables: tuple[str, ...]
    neurons: int | tuple[int, ...]
    every: int

    @property
    def node_ids(self) -> tuple[int, ...]:
        """The neurons, in the order of the columns."""
        return tuple(range(self.neurons)) if isinstance(self.neurons, int) else self.neurons


@dataclass(frozen=True)
class PopulationBlueprint:
    """A population in the equation language.

    Parameters
    ----------
    equations
        All of its equations and parameters, one a line.
    state
        Variables that are integrated; they are checked to stay real numbers.
    initial
        Start values that are computed from other values: pairs of variable and expression, in order.
    spikes
        How many neurons have their spikes recorded.
    """

    name: str
    size: int
    equations: str
    method: str
    threshold: str
    reset: str
    refractory: str
    state: tuple[str, ...]
    initial: tuple[tuple[str, str], ...]
    updates: tuple[Update, ...]
    spikes: int
    trace: TraceBlueprint | None


@dataclass(frozen=True)
class ProjectionBlueprint:
    """The synapses from one population to another.

    Parameters
    ----------
    name
        Projection and target: ``exc_to_all__inh``.
    equations
        Variables of each synapse, its weight among them.
    varied_delay
        Whether each synapse has its own delay.
    state
        Variables of the synapses that are integrated.
    initial
        Those of them that do not start at zero, with their start values.
    """

    name: str
    source: str
    target: str
    equations: str
    method: str
    on_pre: str
    on_post: str
    varied_delay: bool
    state: tuple[str, ...]
    initial: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Blueprint:
    """The structure of a network.

    Parameters
    ----------
    dt
        Time step in seconds.
    slots
        What the program reads when it starts, in this order.
    engine
        The engine that runs: the reference engine where the fast one cannot.
    math, arch
        How arithmetic is compiled, and for which processors.
    weight_precision
        How the weights of synapses are stored.
    """

    dt: float
    populations: tuple[PopulationBlueprint, ...]
    projections: tuple[ProjectionBlueprint, ...]
    slots: tuple[Slot, ...]
    engine: Engine
    math: Math
    arch: Arch
    weight_precision: WeightPrecision

    def to_plain(self) -> dict[str, Any]:
        """The blueprint ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Blueprint:
        """The blueprint that `to_plain` wrote, after a journey through JSON."""
        return cls(
            dt=plain["dt"],
            populations=tuple(_population(entry) for entry in plain["populations"]),
            projections=tuple(_projection(entry) for entry in plain["projections"]),
            slots=tuple(Slot(**entry) for entry in plain["slots"]),
            **{key: plain[key] for key in ("engine", "math", "arch", "weight_precision")},
        )


def _population(plain: dict[str, Any]) -> PopulationBlueprint:
    fields = _tuples(plain)
    fields["initial"] = tuple((variable, expression) for variable, expression in plain["initial"])
    fields["updates"] = tuple(Update(**update) for update in plain["updates"])
    fields["trace"] = TraceBlueprint(**_tuples(plain["trace"])) if plain["trace"] else None
    return PopulationBlueprint(**fields)


def _projection(plain: dict[str, Any]) -> ProjectionBlueprint:
    fields = _tuples(plain)
    fields["initial"] = tuple((variable, value) for variable, value in plain["initial"])
    return ProjectionBlueprint(**fields)


def _tuples(plain: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
