"""Draws the synapses of a projection onto one of its targets, a block of neurons after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from snnrun.connectivity.base import Connections, ConnectivityRule, Draw, FloatArray, IdArray
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.network.blueprint import ProjectionBlueprint, Slot
from snnrun.network.compose import Composition, snapshot_interval
from snnrun.network.ends import ends_of
from snnrun.network.filling import Array, Block, Filling
from snnrun.network.kept import DrawnBlock, KeptSynapses
from snnrun.network.numbers import numbers
from snnrun.network.projection import projection_of
from snnrun.network.seeds import stream
from snnrun.results.recording import SynapseTable
from snnrun.spec.experiment import Experiment

BLOCK_SIZE: Final = 1 << 24
"""Expected number of synapses in a block, at most: some hundred megabytes while they are drawn."""
# Delays that are rounded at once: what stays in the cache of a processor costs no time in memory.
_AT_ONCE: Final = 1 << 16


class SynapseDrawing:
    """The synapses of a projection onto one of its targets.

    After all fillings have been taken, those that the experiment wants to keep are found in ``table``, and the source
    and target neurons of those whose weights are recorded in ``observed``.
    """

    def __init__(self, experiment: Experiment, composition: Composition, blueprint: ProjectionBlueprint) -> None:
        self.experiment = experiment
        self.composition = composition
        self.blueprint = blueprint
        self.name = projection_of(blueprint.name)
        self.seed = experiment.simulation.seed
        self.ends = ends_of(experiment.populations, blueprint.source, blueprint.target, self.seed)
        self.slots = [slot for slot in composition.blueprint.slots if slot.owner == blueprint.name]
        self.table: SynapseTable | None = None
        self.observed: tuple[IdArray, IdArray] | None = None
        self._kept = KeptSynapses()

    def fillings(self) -> Iterator[Filling | Block]:
        """The content of the slots: the number of blocks, the blocks, and then what all synapses share."""
        of_each = sorted((slot for slot in self.slots if slot.size is None), key=lambda slot: slot.kind != "delay")
        for slot in self.slots:
            if slot.kind == "synapses":
                yield Filling(slot, (np.array([self.n_blocks], dtype=np.int64),))
                for number in range(self.n_blocks):
                    yield self._block(slot, of_each, self._draw(number, of_each))
            elif slot.kind == "snapshots":
                yield Filling(slot, self._snapshots())
            elif slot.size is not None:
                yield Filling(slot, (self._content(slot, self._shared(slot)),))
        self.table = self._table() if self.name in self.experiment.record.synapses else None
        self._kept.blocks.clear()

    def value(self, slot: Slot) -> Filling:
        """The content of one slot; what each synapse has of its own in the order of the blocks."""
        if slot.size is not None:
            return Filling(slot, (self._shared(slot),))
        blocks = (self._draw(number, [slot]) for number in range(self.n_blocks))
        return Filling(slot, (np.concatenate([self._content(slot, drawn.values[slot.variable]) for drawn in blocks]),))

    def _draw(self, number: int, of_each: Sequence[Slot]) -> DrawnBlock:
        """One of the blocks."""
        targets, draw = self._draws[number]
        # A projection of one block is drawn from the streams of its own name.
        own = ("block", str(number)) if self.n_blocks > 1 else ()
        connections = draw(stream(self.seed, "connectivity", self.name, self.blueprint.target, *own))
        values = {
            slot.variable: self._of_each(slot, connections, stream(self.seed, "values", slot.name, *own))
            for slot in of_each
        }
        return DrawnBlock(targets, connections, values)

    @cached_property
    def expected(self) -> float:
        """Expected number of synapses."""
        return self._rule.expected_synapses(self.ends)

    @property
    def n_blocks(self) -> int:
        """How many blocks there are."""
        return len(self._draws)

    @property
    def _rule(self) -> ConnectivityRule:
        return self.experiment.projections[self.name].connectivity

    @cached_property
    def _draws(self) -> Sequence[tuple[range, Draw]]:
        """For each block its targets, and what draws their synapses."""
        n_target = self.ends.n_target
        n_blocks = min(math.ceil(self.expected / BLOCK_SIZE), n_target)
        if n_blocks > 1 and self._is_random:
            bounds = [n_target * number // n_blocks for number in range(n_blocks + 1)]
            blocks = [range(start, stop) for start, stop in pairwise(bounds)]
            random = stream(self.seed, "connectivity", self.name, self.blueprint.target)
            draws = self._rule.in_blocks(self.ends, blocks, random)
            if draws is not None:
                return list(zip(blocks, draws, strict=True))
        return [(range(n_target), partial(self._rule.connect, self.ends))]

    @property
    def _is_random(self) -> bool:
        """Whether what each synapse has of its own follows from nothing that lies in another block."""
        values = (self.composition.values[slot.name] for slot in self.slots if slot.size is None)
        return all(value.is_random for value in values if isinstance(value, Distribution))

    def _block(self, slot: Slot, of_each: Sequence[Slot], drawn: DrawnBlock) -> Block:
        if self.name in self.experiment.record.synapses:
            self._kept.blocks.append(drawn)
        elif self.name in self.experiment.record.weights:
            self._kept.blocks.append(replace(drawn, values={}))
        connections = drawn.connections
        return Block(
            slot,
            drawn.targets,
            n_outgoing=connections.n_outgoing,
            target_ids=connections.target_ids,
            values=tuple(Filling(own, (self._content(own, drawn.values[own.variable]),)) for own in of_each),
        )

    def _content(self, slot: Slot, values: FloatArray) -> Array:
        """Values in SI units as the program takes them."""
        if slot.kind == "delay":
            # Programs keep a place for each step of the longest delay; after the run, nothing arrives anyhow.
            return _steps(values, self.experiment.simulation.dt.value, self.experiment.n_ticks)
        single = self.composition.blueprint.weight_precision == "single"
        return values.astype(np.float32) if single and slot.variable == "weight" and slot.size is None else values

    def _shared(self, slot: Slot) -> FloatArray:
        assert slot.size is not None
        return numbers(self.composition.values[slot.name], slot.size, stream(self.seed, "values", slot.name))

    def _of_each(self, slot: Slot, connections: Connections, random: np.random.Generator) -> FloatArray:
        from_rule = {"weight": connections.weight, "delay": connections.delay}.get(slot.variable)
        if from_rule is not None:
            return from_rule
        values = self.composition.values[slot.name]
        if isinstance(values, OfDistance):
            return values.at(self.ends.distances(connections))
        return numbers(values, connections.n, random)

    def _snapshots(self) -> tuple[Array, Array]:
        """After how many steps a snapshot follows another, and the synapses whose weights are in it, in order."""
        wanted = self.experiment.record.weights[self.name].synapses
        source_ids, target_ids = self._kept.source_ids, self._kept.target_ids
        chosen = np.arange(len(source_ids), dtype=np.int32)
        if not isinstance(wanted, str) and wanted < len(chosen):
            random = stream(self.seed, "observed", self.name, self.blueprint.target)
            chosen = np.sort(random.choice(len(chosen), wanted, replace=False)).astype(np.int32)
        self.observed = source_ids[chosen], target_ids[chosen]
        return np.array([snapshot_interval(self.experiment, self.name)], dtype=np.int64), chosen

    def _table(self) -> SynapseTable:
        """The synapses to be kept, with the values that they start with, sorted by source, then by target."""
        order = self._kept.order()
        return SynapseTable(
            source=self.blueprint.source,
            target=self.blueprint.target,
            source_ids=self._kept.source_ids[order],
            target_ids=self._kept.target_ids[order],
            weight=self._start_values("weight", order),
            delay=self._start_values("delay", order),
            weight_unit=str(self.composition.values[f"{self.blueprint.name}.weight"].dimension),
        )

    def _start_values(self, variable: str, order: NDArray[np.intp]) -> FloatArray:
        slot = next((slot for slot in self.slots if slot.variable == variable and slot.kind != "snapshots"), None)
        if slot is None:
            return np.zeros(1)  # electrical synapses have no delay
        if slot.size is not None:
            return self._shared(slot)
        return self._kept.values(variable)[order]


def _steps(delays: FloatArray, dt: float, most: int) -> IdArray:
    """Delays in whole time steps, rounded as Brian rounds them, but not more than the most."""
    steps = np.empty(len(delays), np.int32)
    for first in range(0, len(delays), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        np.minimum(delays[part] / dt + 0.5, most, out=steps[part], casting="unsafe")
    return steps
