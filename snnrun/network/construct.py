"""Draws the numbers of a network: synapses, per-neuron values, stimuli, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from snnrun.inputs.base import InputModel
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.compose import Composition, compose
from snnrun.network.drawing import SynapseDrawing
from snnrun.network.filling import Array, Block, Change, Filling
from snnrun.network.numbers import numbers
from snnrun.network.population import StimulusOf
from snnrun.network.seeds import stream
from snnrun.results.recording import SynapseTable
from snnrun.spec.experiment import Experiment
from snnrun.stimuli.stimulus import Events


class Construction:
    """The numbers of one network, drawn from the master seed of its experiment.

    Synapses that the experiment wants to keep are found in ``synapses`` after all fillings have been taken, the source
    and target neurons of those whose weights are recorded in ``observed``, stimuli in ``waveforms``.
    """

    def __init__(self, experiment: Experiment, composition: Composition) -> None:
        self.experiment = experiment
        self.composition = composition
        self.seed = experiment.simulation.seed
        self.synapses: dict[str, SynapseTable] = {}
        self.observed: dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}
        self.waveforms: dict[str, NDArray[np.float64]] = {}

    def fillings(self) -> Iterator[Filling | Block]:
        """The content of every slot of the run, drawn as it is asked for: one block is in memory at a time."""
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        for slot in self.composition.blueprint.slots:
            if slot.kind == "synapses":
                yield from self._projection(projections[slot.owner])
            elif slot.owner not in projections and slot.kind in ("value", "waveform"):
                yield Filling(slot, self._population_arrays(slot))

    def trial_fillings(self, trial: int) -> Iterator[Filling]:
        """The start values and the outside spikes of one trial, counted from 0."""
        # The first trial is the run that there would be without others.
        own = ("trial", str(trial)) if trial else ()
        for slot in self.composition.blueprint.slots:
            if slot.kind == "initial":
                assert slot.size is not None
                random = stream(self.seed, *own, "values", slot.name)
                yield Filling(slot, (numbers(self.composition.values[slot.name], slot.size, random),))
            elif slot.kind == "events":
                yield Filling(slot, tuple(self._events(slot, own)))

    def changes(self) -> Iterator[Change]:
        """What the phases of the experiment change, in the order of time."""
        slots = [slot for slot in self.composition.blueprint.slots if slot.kind == "value"]
        phases = self.experiment.timeline[1:]
        stages = [(0, self), *((tick, Construction(one, compose(one))) for tick, one in phases)]
        for (_, before), (tick, after) in pairwise(stages):
            for position, slot in enumerate(slots):
                if before.composition.values[slot.name] != after.composition.values[slot.name]:
                    yield Change(tick, position, partial(after._value, slot))

    def _projection(self, blueprint: ProjectionBlueprint) -> Iterator[Filling | Block]:
        drawing = SynapseDrawing(self.experiment, self.composition, blueprint)
        yield from drawing.fillings()
        if drawing.table is not None:
            self.synapses[f"{drawing.name}/{blueprint.source}/{blueprint.target}"] = drawing.table
        if drawing.observed is not None:
            self.observed[blueprint.name] = drawing.observed

    def _value(self, slot: Slot) -> Filling:
        projections = {projection.name: projection for projection in self.composition.blueprint.projections}
        if slot.owner in projections:
            return SynapseDrawing(self.experiment, self.composition, projections[slot.owner]).value(slot)
        return Filling(slot, self._population_arrays(slot))

    def _population_arrays(self, slot: Slot) -> tuple[Array, ...]:
        if slot.kind == "value":
            assert slot.size is not None
            values = self.composition.values[slot.name]
            return (numbers(values, slot.size, stream(self.seed, "values", slot.name)),)
        source = self.composition.stimuli[slot.name]
        if source.section == "populations":
            return (self._waveform(source),)
        if source.name not in self.waveforms:
            self.waveforms[source.name] = self._waveform(source)
        return (self.waveforms[source.name],)

    def _waveform(self, source: StimulusOf) -> NDArray[np.float64]:
        """A stimulus over the whole run, in each phase as the phase says."""
        pieces = []
        for (start, stop), stage in self._stages():
            random = stream(self.seed, *_stream_of(source))
            waveform = source.within(stage).waveform(stage.n_ticks, stage.simulation.dt.value, random)
            assert waveform is not None
            pieces.append(waveform[start:stop])
        return np.concatenate(pieces)

    def _events(self, slot: Slot, trial: tuple[str, ...]) -> Events:
        """The outside spikes of a trial, in each phase as the phase says; at the neurons of the slot's population."""
        source = self.composition.stimuli[slot.name]
        pieces = []
        for (start, stop), stage in self._stages():
            stimulus, section = source.within(stage), stage.populations[slot.owner]
            random = stream(self.seed, *(trial if stimulus.drawn_anew() else ()), *_stream_of(source), slot.owner)
            part = np.arange(section.size, dtype=np.int32)
            if isinstance(stimulus, InputModel):
                part = stimulus.part(section.size, section.names)
            events = stimulus.events(len(part), stage.n_ticks, stage.simulation.dt.value, random)
            assert events is not None
            within = slice(*np.searchsorted(events.ticks, (start, stop)))
            pieces.append((events.ticks[within], part[events.node_ids[within]]))
        ticks, node_ids = zip(*pieces, strict=True)
        return Events(np.concatenate(ticks), np.concatenate(node_ids))

    def _stages(self) -> Iterator[tuple[tuple[int, int], Experiment]]:
        """First step, step after the last, and the experiment as it is in between."""
        starts = [tick for tick, _ in self.experiment.timeline]
        for bounds, (_, stage) in zip(
            pairwise([*starts, self.experiment.n_ticks]), self.experiment.timeline, strict=True
        ):
            yield bounds, stage


def _stream_of(source: StimulusOf) -> tuple[str, str]:
    return ("stimulus" if source.section == "inputs" else "source"), source.name
