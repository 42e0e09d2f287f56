"""The recording of one run, as plain arrays: what the simulation hands on, the store keeps, and metrics read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer[Any]]

MAX_TRIALS: Final = 100_000
"""More are no experiment, and each is looked at by itself."""


@dataclass(frozen=True)
class SpikeTrains:
    """The spikes of one population, sorted by time, then by neuron; of several trials, one trial after the other.

    Parameters
    ----------
    ticks
        Time of each spike in steps of ``dt``; shape (n_spikes,).
    node_ids
        Neuron of each spike, counted from 0 within its population; shape (n_spikes,).
    n_recorded
        Number of recorded neurons, silent ones included: neurons ``0 … n_recorded - 1``.
    dt
        Time step in seconds.
    start, stop
        Recorded interval ``[start, stop)`` in ticks; every trial begins at tick 0.
    trial
        Trial of each spike, counted from 0, ascending; shape (n_spikes,). None for a single trial.
    """

    ticks: IntArray
    node_ids: IntArray
    n_recorded: int
    dt: float
    start: int
    stop: int
    trial: IntArray | None = None

    @property
    def duration(self) -> float:
        """Length of the interval in seconds."""
        return (self.stop - self.start) * self.dt

    @property
    def times(self) -> FloatArray:
        """Time of each spike in seconds; shape (n_spikes,)."""
        return self.ticks.astype(np.float64) * self.dt

    def __len__(self) -> int:
        return len(self.ticks)

    def between(self, start: int, stop: int) -> SpikeTrains:
        """The spikes in ``[start, stop)`` ticks (of a single trial a view, no copy)."""
        chosen: slice | NDArray[np.bool_]
        if self.trial is None:
            chosen = slice(*np.searchsorted(self.ticks, (start, stop)))
        else:
            chosen = (self.ticks >= start) & (self.ticks < stop)
        return replace(self._chosen(chosen), start=max(start, self.start), stop=min(stop, self.stop))

    def of_trial(self, number: int) -> SpikeTrains:
        """The spikes of one trial, counted from 0, as of a run of its own (a view, no copy)."""
        if self.trial is None:
            return self if number == 0 else self._chosen(slice(0, 0))
        first, last = np.searchsorted(self.trial, (number, number + 1))
        return replace(self._chosen(slice(first, last)), trial=None)

    def _chosen(self, chosen: slice | NDArray[np.bool_]) -> SpikeTrains:
        trial = None if self.trial is None else self.trial[chosen]
        return replace(self, ticks=self.ticks[chosen], node_ids=self.node_ids[chosen], trial=trial)


@dataclass(frozen=True)
class Trace:
    """A state variable over time, for some neurons of a population.

    Parameters
    ----------
    data
        SI values; shape (n_times, n_columns), a column for each neuron; of several trials, for each neuron of the first
        trial, then for each of the second …
    node_ids
        The neuron of each column; shape (n_columns,).
    time
        Seconds; shape (n_times,).
    unit
        SI unit of the data, such as ``V``.
    trial
        The trial of each column, counted from 0; shape (n_columns,). None for a single trial.
    """

    data: FloatArray
    node_ids: IntArray
    time: FloatArray
    unit: str
    trial: IntArray | None = None

    def of_trial(self, number: int) -> Trace:
        """The columns of one trial, counted from 0, as of a run of its own (a view, no copy)."""
        if self.trial is None:
            return self if number == 0 else self._chosen(slice(0, 0))
        first, last = np.searchsorted(self.trial, (number, number + 1))
        return replace(self._chosen(slice(first, last)), trial=None)

    def _chosen(self, chosen: slice) -> Trace:
        return replace(self, data=self.data[:, chosen], node_ids=self.node_ids[chosen])


@dataclass(frozen=True)
class Population:
    """What the recording says about a population.

    Parameters
    ----------
    size
        Number of neurons in the network.
    type
        ``excitatory``, ``inhibitory`` or, where the experiment does not say, empty.
    n_spikes
        Spikes of all its neurons in the whole run and in all trials, recorded or not.
    v_thresh
        Threshold in volt where the model has one number for it, else NaN; drawn in figures.
    positions
        Where each neuron is, in metres; shape (size, n_dims). None for neurons that are nowhere.
    extent
        Length in each dimension of the space in which they are, in metres; its points begin at 0.
    periodic
        Whether the ends of that space are joined: a ring or a torus.
    labels
        The name of each neuron; empty for neurons without names.
    """

    size: int
    type: str = ""
    n_spikes: int = 0
    v_thresh: float = float("nan")
    positions: FloatArray | None = None
    extent: tuple[float, ...] = ()
    periodic: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class SynapseTable:
    """The synapses of a projection between two populations.

    Parameters
    ----------
    source_ids, target_ids
        Neurons, counted from 0 within their population; shape (n_synapses,).
    weight, delay
        SI values at the start of the run; shape (n_synapses,), or (1,) where all synapses share one value.
    """

    source: str
    target: str
    source_ids: IntArray
    target_ids: IntArray
    weight: FloatArray
    delay: FloatArray
    weight_unit: str


@dataclass(frozen=True)
class WeightHistory:
    """Weights of some synapses of a projection between two populations, over time.

    Parameters
    ----------
    time
        Seconds; shape (n_times,). With several trials, it is the first of them that was recorded.
    source_ids, target_ids
        Neurons, counted from 0 within their population; shape (n_synapses,).
    data
        SI values; shape (n_times, n_synapses).
    unit
        SI unit of the data, such as ``S``.
    """

    time: FloatArray
    source_ids: IntArray
    target_ids: IntArray
    data: FloatArray
    unit: str


@dataclass(frozen=True)
class Recording:
    """Everything that one run recorded.

    Parameters
    ----------
    run_id
        Derived from the resolved experiment: the same experiment has the same.
    title
        Title of the experiment.
    seed
        Master seed.
    dt
        Time step in seconds.
    n_ticks, warmup_ticks
        Length of the run (of each trial), and of its beginning that is not analysed, in steps of ``dt``.
    populations, spikes, traces, synapses, weights
        By name of the population, of the population, of population and variable, of ``projection/source/target``, of
        the same.
    inputs
        What inputs followed over time, by their name: the current that all neurons share, the factor of a rate, or
        whether the input acts (1 or 0); shape (n_ticks,), SI units.
    spec_yaml, spec_resolved
        The file as the user wrote it; the experiment with every value filled in, ready for JSON.
    provenance
        Versions, compiler, machine, times: text and numbers.
    warnings
        What the run had to say: silent or saturated populations.
    trials
        How often the run was repeated with other noise.
    phases
        First step of each phase, by its name.
    """

    run_id: str
    title: str
    seed: int
    dt: float
    n_ticks: int
    warmup_ticks: int
    populations: Mapping[str, Population]
    spikes: Mapping[str, SpikeTrains]
    traces: Mapping[str, Mapping[str, Trace]] = field(default_factory=dict)
    synapses: Mapping[str, SynapseTable] = field(default_factory=dict)
    inputs: Mapping[str, FloatArray] = field(default_factory=dict)
    spec_yaml: str = ""
    spec_resolved: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    trials: int = 1
    phases: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, WeightHistory] = field(default_factory=dict)
