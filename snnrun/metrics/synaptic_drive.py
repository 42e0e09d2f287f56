"""What spikes do to the potential of a neuron through delta synapses, rebuilt from spikes and stored synapses.

A delta synapse has no current that could be recorded: each spike moves the potential by the weight, and the membrane
forgets it with its time constant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from snnrun.metrics.trains import FloatArray, IntArray
from snnrun.results.recording import Recording, SynapseTable


class Drive(NamedTuple):
    """Excitation and inhibition of one neuron, with their signs; shape (n_times,)."""

    excitation: FloatArray
    inhibition: FloatArray


def synaptic_drives(
    recording: Recording, target: str, neurons: IntArray, tau_m: float, trial: int, window: tuple[int, int]
) -> Iterator[Drive]:
    """Sums of ``weight · exp(-(t - arrival) / tau_m)`` over the spikes that arrive at each of some neurons.

    Parameters
    ----------
    target, neurons
        A population and some of its neurons.
    tau_m
        Membrane time constant in seconds.
    trial
        Counted from 0.
    window
        Start and stop in time steps; what arrived before the start counts as well.
    """
    from scipy.signal import lfilter

    afferents = [_Afferents.of(recording, table, trial) for table in tables_onto(recording, target)]
    start, stop = window
    decay = float(np.exp(-recording.dt / tau_m))
    for neuron in neurons:
        arriving = [each.arriving(int(neuron)) for each in afferents]
        ticks, weights = (np.concatenate(each) for each in zip(*arriving, strict=True))
        inside = ticks < stop
        excitation, inhibition = (
            np.asarray(lfilter([1.0], [1.0, -decay], np.bincount(ticks[chosen], weights[chosen], stop))[start:])
            for chosen in (inside & (weights > 0), inside & (weights < 0))
        )
        yield Drive(excitation, inhibition)


def tables_onto(recording: Recording, target: str) -> list[SynapseTable]:
    """The stored delta synapses onto a population."""
    tables = recording.synapses.values()
    # What a spike adds is a potential for delta synapses only.
    return [table for table in tables if table.target == target and table.weight_unit == "V"]


class _Afferents(NamedTuple):
    """Synapses of one projection sorted by target, and the spikes of their sources sorted by neuron.

    ``first`` is where the spikes of each source neuron begin; shape (n_sources + 1,).
    """

    source_ids: IntArray
    target_ids: IntArray
    weight: FloatArray
    delay: IntArray
    ticks: IntArray
    first: IntArray

    @classmethod
    def of(cls, recording: Recording, table: SynapseTable, trial: int) -> _Afferents:
        order = np.argsort(table.target_ids, kind="stable")
        delay = np.rint(table.delay / recording.dt).astype(np.int64)
        spikes = recording.spikes[table.source].of_trial(trial)
        by_neuron = np.argsort(spikes.node_ids, kind="stable")
        return cls(
            table.source_ids[order],
            table.target_ids[order],
            np.broadcast_to(table.weight, order.shape)[order],
            np.broadcast_to(delay, order.shape)[order],
            spikes.ticks[by_neuron],
            np.searchsorted(spikes.node_ids[by_neuron], np.arange(spikes.n_recorded + 1)),
        )

    def arriving(self, neuron: int) -> tuple[IntArray, FloatArray]:
        """Time and weight of each spike that arrives at a neuron, in no particular order; shapes (n_arriving,)."""
        synapses = slice(*np.searchsorted(self.target_ids, (neuron, neuron + 1)))
        sources = self.source_ids[synapses]
        number = self.first[sources + 1] - self.first[sources]
        trains = (np.arange(self.first[source], self.first[source + 1]) for source in sources)
        spikes = np.concatenate([np.arange(0), *trains])
        ticks = self.ticks[spikes] + np.repeat(self.delay[synapses], number)
        return ticks, np.repeat(self.weight[synapses], number)
