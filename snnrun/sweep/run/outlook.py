"""What a sweep will take: time and disk, from points that are done, else a guess."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from snnrun.errors import ResultsError
from snnrun.network.estimate import estimate
from snnrun.simulation.resources import processors
from snnrun.spec.experiment import Experiment
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan
from snnrun.sweep.files.results import summary_of
from snnrun.sweep.plan.experiments import point_experiment
from snnrun.sweep.run.building import missing_builds

# Enough to know a median; each has to be opened.
_SAMPLE: Final = 50
# A guess for networks that nobody has timed. Brunel's (12 500 neurons, 15.6 million synapses, 38 Hz) took, on one
# thread of an AMD EPYC, 0.45 s for 1.25e8 updates and 5.9e8 synaptic events, and 0.56 s for drawing.
_SECONDS_PER_UPDATE: Final = 1e-9
_SECONDS_PER_EVENT: Final = 0.6e-9
_SECONDS_PER_SYNAPSE: Final = 36e-9
_SECONDS_PER_POINT: Final = 0.05
_SECONDS_PER_BUILD: Final = 3.0
# A table of thirty values, and the experiment.
_BYTES_PER_POINT: Final = 12e3
# Spectra and correlations; rates, CV and LV of each neuron: in `activity_states`, of 5000 neurons, 280 kB in all.
_BYTES_OF_SERIES: Final = 60e3
_BYTES_PER_NEURON: Final = 40


@dataclass(frozen=True)
class Outlook:
    """What is left to do.

    Parameters
    ----------
    n_done
        Points that are done.
    n_to_build
        Programs that are not in the cache of this machine.
    seconds
        Wall time until all points are done, on `n_processors` of this machine.
    disk
        Bytes that the points to come will take.
    guessed
        Whether no point has been timed yet.
    """

    n_done: int
    n_to_build: int
    n_processors: int
    seconds: float
    disk: float
    guessed: bool


def outlook(plan: Plan, folder: SweepFolder) -> Outlook:
    """What is left to do of a plan.

    Raises
    ------
    UserError
        If a point is no valid experiment.
    """
    there = folder.scan().done
    done = [point.id for point in plan.points if point.id in there]
    left = len(plan.points) - len(done)
    n_to_build, n_processors = len(missing_builds(plan)), processors()
    measured = seconds_per_point(folder, done)
    example = point_experiment(plan, plan.points[0]) if plan.points and (measured is None or not done) else None
    each = measured if measured is not None else _guess(example)
    build = math.ceil(n_to_build / n_processors) * _SECONDS_PER_BUILD
    return Outlook(
        n_done=len(done),
        n_to_build=n_to_build,
        n_processors=n_processors,
        seconds=build + each * left / n_processors,
        disk=left * _disk(plan, folder, done, example),
        guessed=measured is None and left > 0,
    )


def seconds_per_point(folder: SweepFolder, done: Iterable[str]) -> float | None:
    """Median wall time of points that are done; None when none is."""
    times = []
    for one in _some(done):
        with suppress(ResultsError):  # damaged: collecting tells so
            times.append(summary_of(folder, one).seconds)
    return median(times) if times else None


def _guess(experiment: Experiment | None) -> float:
    """How long a point takes on one processor, from the size of its network."""
    if experiment is None:
        return 0.0
    needs = estimate(experiment)
    neurons = _neurons(experiment)
    updates = neurons * experiment.n_ticks * experiment.simulation.trials
    events = needs.spikes * needs.n_synapses / max(neurons, 1)
    return (
        _SECONDS_PER_POINT
        + _SECONDS_PER_UPDATE * updates
        + _SECONDS_PER_EVENT * events
        + _SECONDS_PER_SYNAPSE * needs.n_synapses
    )


def _disk(plan: Plan, folder: SweepFolder, done: Iterable[str], example: Experiment | None) -> float:
    """Bytes that a point takes."""
    sizes = [_size(folder.result(one)) for one in _some(done)]
    own = sum(sizes) / len(sizes) if sizes else _guessed_size(plan, example)
    if plan.keep != "full":
        return own
    runs = [plan.by_id[one].run_id for one in _some(done)]
    recordings = [size for run_id in runs if (size := _size(folder.run(run_id).recording))]
    if recordings:
        return own + sum(recordings) / len(recordings)
    return own + (estimate(example).disk if example is not None else 0.0)


def _guessed_size(plan: Plan, example: Experiment | None) -> float:
    """Bytes of a result, from the size of its network."""
    if plan.keep == "summary" or example is None:
        return _BYTES_PER_POINT
    return _BYTES_PER_POINT + _BYTES_OF_SERIES + _BYTES_PER_NEURON * _neurons(example)


def _neurons(experiment: Experiment) -> int:
    return sum(population.size for population in experiment.populations.values())


def _some(ids: Iterable[str]) -> list[str]:
    """A sample that does not change from call to call."""
    ids = list(ids)
    return ids if len(ids) <= _SAMPLE else random.Random(0).sample(ids, _SAMPLE)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
