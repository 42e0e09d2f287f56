"""What the synapses of a projection weigh: while they are drawn, and in the programs of both engines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from snnrun.datafiles import ArrayFile
from snnrun.language.distance import OfDistance
from snnrun.language.distributions import Distribution
from snnrun.network.drawing import SynapseDrawing
from snnrun.network.spike_traces import take_apart
from snnrun.quantities import Values

# Measured on programs of the reference engine of 15.6 million synapses (Brian 2.9): 14.2, 22.0 with drawn weights,
# 26.4 with drawn delays. Two int32 numbers of neurons, an int32 index in the spike queue, and the slack of
# vectors that grow.
_SYNAPSE: Final = 14.2
_DRAWN_DELAY: Final = 12
# An index in the queue of the target's spikes, as in that of the source's: what `_SYNAPSE` has beside two int32.
_REVERSE: Final = _SYNAPSE - 8
# The fast engine's target, its position and source for spikes of the target, and the place of one that is observed.
_ROW_TARGET: Final = 2
_ROW_REVERSE: Final = 8
_ROW_ORDER: Final = 8
# Where a piece of a row begins: of each source, for each delay and part of the targets.
_ROW_PIECE: Final = 4
_PART: Final = 1 << 16
# While a block is drawn, at most, measured: numbers of pairs and which of them are new; then the targets, each value,
# and each delay in seconds and in steps.
_DRAWING_PAIRS: Final = 25
_DRAWING_TARGET: Final = 4
_DRAWING_DELAY: Final = 12
# While the fast engine reads a block: its targets or delays as int32, and the places and one value of each.
_READING_IDS: Final = 4
_READING_VALUES: Final = 12
# Delays from which the number of different ones is estimated.
_SAMPLE: Final = 10_000
_NUMBER: Final = 8


@dataclass(frozen=True)
class SynapseLoad:
    """What the synapses of a projection onto one of its targets weigh, in bytes.

    Parameters
    ----------
    n
        How many there are.
    n_blocks
        In how many blocks they are drawn.
    own
        How many numbers each has of its own, beside its delay.
    single
        Whether the first of them, the weight, is stored in single precision.
    reverse
        Whether spikes of the target reach them.
    observed
        Whether weights are recorded.
    n_delays
        How many different delays there are; 0 for one that all share.
    rows
        Pieces of rows, for each delay.
    """

    n: float
    n_blocks: int
    own: int
    single: bool
    reverse: bool
    observed: bool
    n_delays: int
    rows: float

    @classmethod
    def of(cls, drawing: SynapseDrawing, dt: float) -> SynapseLoad:
        projection, composition = drawing.blueprint, drawing.composition
        each = {slot.variable for slot in drawing.slots if slot.size is None and slot.kind == "value"}
        kept = projection if composition.blueprint.engine == "reference" else take_apart(projection).synapses
        # When the traces of each synapse were last looked at is a number, too.
        own = len(kept.state) + ("event-driven" in kept.equations) + len(each)
        delay = composition.values.get(f"{projection.name}.delay")
        targets = drawing.ends.n_target / drawing.n_blocks
        return cls(
            n=drawing.expected,
            n_blocks=drawing.n_blocks,
            own=own,
            single="weight" in each and composition.blueprint.weight_precision == "single",
            reverse=bool(kept.on_post),
            observed=any(slot.kind == "snapshots" for slot in drawing.slots),
            n_delays=_n_delays(delay, dt) if projection.varied_delay else 0,
            rows=drawing.ends.n_source * drawing.n_blocks * math.ceil(targets / _PART),
        )

    @property
    def drawing(self) -> float:
        """Peak while a block is drawn."""
        values = _DRAWING_TARGET + _NUMBER * self.own + _DRAWING_DELAY * bool(self.n_delays)
        return self.n / self.n_blocks * max(_DRAWING_PAIRS, values)

    @property
    def reading(self) -> float:
        """What the fast engine needs for a moment while it reads a block."""
        values = _READING_VALUES * bool(self.own)
        return self.n / self.n_blocks * (_READING_IDS * (1 + bool(self.n_delays)) + values)

    @property
    def in_reference(self) -> float:
        """In the program of the reference engine."""
        delay, reverse = _DRAWN_DELAY * bool(self.n_delays), _REVERSE * self.reverse
        return self.n * (_SYNAPSE + _NUMBER * self.own + delay + reverse)

    @property
    def in_rows(self) -> float:
        """In that of the fast engine."""
        values = _NUMBER * self.own - _NUMBER / 2 * self.single
        each = _ROW_TARGET + values + _ROW_REVERSE * self.reverse + _ROW_ORDER * self.observed
        return self.n * each + self.rows * max(self.n_delays, 1) * _ROW_PIECE


def _n_delays(delay: Values | None, dt: float) -> int:
    """About how many different numbers of time steps there are among delays."""
    match delay:
        case Distribution():
            values = delay.draw(np.random.default_rng(0), _SAMPLE)
        case OfDistance():
            values = delay.at(np.linspace(0, delay.farthest, _SAMPLE))
        case ArrayFile():
            values = delay.values
        case _:
            return 1
    return len(np.unique(np.floor(values / dt + 0.5)))
