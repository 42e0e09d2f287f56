"""What a run will need: memory and disk, before anything is compiled.

The program and the drawing of synapses follow from the structure and are known within some ten percent; spikes follow
from the activity, which nobody knows before. So they are counted separately, at an assumed rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from snnrun.inputs.base import InputModel
from snnrun.network.compose import Composition, compose, recorded_neurons, snapshot_interval
from snnrun.network.drawing import SynapseDrawing
from snnrun.network.projection import projection_of
from snnrun.network.synapse_load import SynapseLoad
from snnrun.spec.experiment import Experiment

ASSUMED_RATE: Final = 10.0
"""Spikes per recorded neuron and second, in hertz."""

# Deviates, kicks and process of a frozen stimulus.
_DRAWING_WAVEFORM: Final = 3
# Step as int64 and neuron as int32 of a spike from outside; while they are drawn, unsorted, their order, and sorted.
_EVENT: Final = 12
_DRAWING_EVENT: Final = 2 * _EVENT + 8
_SPIKE_FILED: Final = 12
_SPIKE_HERE: Final = 24
_NUMBER: Final = 8
# Two int32, weight and delay.
_STORED_SYNAPSE: Final = 24
_NEURON_BOOKKEEPING: Final = 3 * _NUMBER
# Python with numpy, pydantic and HDF5; the program itself takes a few megabytes.
_PYTHON: Final = 80e6


@dataclass(frozen=True)
class Estimate:
    """What a run will need, in bytes.

    Parameters
    ----------
    synapses
        Expected number by ``projection__target``.
    drawing
        Peak of this process while it draws the synapses, block by block into the program.
    program
        The running program without spikes, all of which have come when the last block has been drawn.
    program_spike
        What the program keeps of each spike.
    reading
        Peak of this process when the traces are read back, without spikes.
    spikes
        Expected number of recorded spikes at the `ASSUMED_RATE`.
    scratch
        Temporary files on the disk of the results, without spikes.
    recording
        The recording before compression, without spikes.
    """

    synapses: Mapping[str, float]
    drawing: float
    program: float
    program_spike: float
    reading: float
    spikes: float
    scratch: float
    recording: float

    @property
    def n_synapses(self) -> float:
        return sum(self.synapses.values())

    @property
    def structural_memory(self) -> float:
        """Peak of memory that a silent network needs: drawn into the program, running, and read back."""
        return _PYTHON + max(self.drawing + self.program, self.reading)

    @property
    def memory(self) -> float:
        """Peak of memory with spikes at the assumed rate."""
        running, reading = self.program + self.program_spike * self.spikes, self.reading + _SPIKE_HERE * self.spikes
        return _PYTHON + max(self.drawing + self.program, running, reading)

    @property
    def structural_disk(self) -> float:
        """Peak of disk space for a silent network; temporary files and recording lie side by side for a moment."""
        return self.scratch + self.recording

    @property
    def disk(self) -> float:
        """Peak of disk space with spikes at the assumed rate."""
        return self.structural_disk + 2 * _SPIKE_FILED * self.spikes

    def assumptions(self) -> tuple[str, ...]:
        """What the numbers rest on, as sentences."""
        return (
            "Memory is the peak of the program and of drawing its synapses into it, or of reading what it recorded.",
            f"Recorded neurons fire at {ASSUMED_RATE:g} Hz: {self.spikes:.3g} spikes of {_SPIKE_HERE} bytes each.",
            "The recording is counted before compression. Compiling needs up to 0.5 GB more, once.",
        )


def estimate(experiment: Experiment) -> Estimate:
    """What a run of this experiment will need."""
    composition = compose(experiment)
    blueprint = composition.blueprint
    drawings = [SynapseDrawing(experiment, composition, projection) for projection in blueprint.projections]
    synapses = {drawing.blueprint.name: drawing.expected for drawing in drawings}
    loads = [SynapseLoad.of(drawing, blueprint.dt) for drawing in drawings]
    traces = _trace_numbers(experiment) * _NUMBER
    weights = _weight_numbers(experiment, synapses) * _NUMBER
    waveforms = sum(slot.kind == "waveform" for slot in blueprint.slots) * experiment.n_ticks * _NUMBER
    events = _outside_spikes(experiment, composition)
    tables = _STORED_SYNAPSE * sum(
        n for name, n in synapses.items() if projection_of(name) in experiment.record.synapses
    )
    recorded = sum(recorded_neurons(experiment, p.name) for p in blueprint.populations if p.threshold)
    trials = experiment.simulation.trials
    fast = blueprint.engine == "fast"
    beside = weights + waveforms + _EVENT * events + _neuron_bytes(composition)
    return Estimate(
        synapses=synapses,
        drawing=max((load.drawing for load in loads), default=0)
        + tables
        + _DRAWING_WAVEFORM * waveforms
        + _DRAWING_EVENT * events,
        # The fast engine writes traces and spikes as they come, the reference engine at the end.
        program=beside
        + (
            sum(load.in_rows for load in loads) + max((load.reading for load in loads), default=0)
            if fast
            else sum(load.in_reference for load in loads) + traces
        ),
        program_spike=0 if fast else _SPIKE_FILED,
        reading=2 * traces * trials + weights + tables + waveforms,
        spikes=recorded * ASSUMED_RATE * experiment.simulation.duration.value * trials,
        scratch=(traces + weights + _EVENT * events) * trials,
        recording=traces * trials + weights + tables + waveforms,
    )


def _outside_spikes(experiment: Experiment, composition: Composition) -> float:
    """About how many spikes are drawn before the run."""
    duration, total = experiment.simulation.duration.value, 0.0
    for slot in composition.blueprint.slots:
        if slot.kind != "events":
            continue
        stimulus, size = composition.stimuli[slot.name].within(experiment), experiment.populations[slot.owner].size
        n_neurons = stimulus.n_reached(size) if isinstance(stimulus, InputModel) else size
        total += stimulus.expected_events(n_neurons, duration)
    return total


def _neuron_bytes(composition: Composition) -> float:
    filled = [slot for slot in composition.blueprint.slots if slot.kind in ("value", "initial")]
    per_slot = sum(_NUMBER * (slot.size or 0) for slot in filled)
    state = sum(p.size * (_NUMBER * len(p.state) + _NEURON_BOOKKEEPING) for p in composition.blueprint.populations)
    return per_slot + state


def _weight_numbers(experiment: Experiment, synapses: Mapping[str, float]) -> float:
    """How many weights are recorded over time."""
    total = 0.0
    for name, n in synapses.items():
        projection = projection_of(name)
        if projection in experiment.record.weights:
            wanted = experiment.record.weights[projection].synapses
            snapshots = math.ceil(experiment.n_ticks / snapshot_interval(experiment, projection)) + 1
            total += snapshots * (n if isinstance(wanted, str) else min(n, wanted))
    return total


def _trace_numbers(experiment: Experiment) -> float:
    n_ticks, dt = experiment.n_ticks, experiment.simulation.dt.value
    total = 0.0
    for trace in experiment.record.traces.values():
        every = 1 if trace.every is None else round(trace.every.value / dt)
        n_neurons = trace.neurons if isinstance(trace.neurons, int) else len(trace.neurons)
        total += n_ticks / every * n_neurons * len(trace.variables)
    return total
