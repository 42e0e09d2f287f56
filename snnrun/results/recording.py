"""The recording of one run, as plain arrays: what the simulation hands on, the store keeps, and metrics read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class SpikeTrains:
    """The spikes of one population, sorted by time, then by neuron.

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
        Recorded interval ``[start, stop)`` in ticks.
    """

    ticks: IntArray
    node_ids: IntArray
    n_recorded: int
    dt: float
    start: int
    stop: int

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
        """The spikes in ``[start, stop)`` ticks (a view, no copy)."""
        first, last = np.searchsorted(self.ticks, (start, stop))
        return SpikeTrains(
            self.ticks[first:last],
            self.node_ids[first:last],
            self.n_recorded,
            self.dt,
            max(start, self.start),
            min(stop, self.stop),
        )


@dataclass(frozen=True)
class Trace:
    """A state variable over time, for some neurons of a population.

    Parameters
    ----------
    data
        SI values; shape (n_times, n_neurons).
    node_ids
        The recorded neurons; shape (n_neurons,).
    time
        Seconds; shape (n_times,).
    unit
        SI unit of the data, such as ``V``.
    """

    data: FloatArray
    node_ids: IntArray
    time: FloatArray
    unit: str


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
        Spikes of all its neurons in the whole run, recorded or not.
    v_thresh
        Threshold in volt where the model has one number for it, else NaN; drawn in figures.
    """

    size: int
    type: str = ""
    n_spikes: int = 0
    v_thresh: float = float("nan")


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
        Length of the run, and of its beginning that is not analysed, in steps of ``dt``.
    populations, spikes, traces, synapses
        By name of the population, of the population, of population and variable, of ``projection/source/target``.
    inputs
        Frozen stimuli by name of the input: shape (n_ticks,), SI units.
    spec_yaml, spec_resolved
        The file as the user wrote it; the experiment with every value filled in, ready for JSON.
    provenance
        Versions, compiler, machine, times: text and numbers.
    warnings
        What the run had to say: silent or saturated populations.
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
