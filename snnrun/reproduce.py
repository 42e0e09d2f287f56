"""Whether a recording can be reproduced: its experiment simulated again, and the two compared bit for bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.network.loading import restored
from snnrun.registry import FILE_KEY
from snnrun.results.provenance import changed_since
from snnrun.results.recording import Recording
from snnrun.results.store import read_recording
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate
from snnrun.spec.experiment import differences


@dataclass(frozen=True)
class Comparison:
    """One dataset of a recording, held against that of the same experiment simulated here.

    Parameters
    ----------
    dataset
        Its path in the recording.
    n
        How many values were recorded.
    difference
        How the two differ; empty when they agree in every bit.
    """

    dataset: str
    n: int
    difference: str


@dataclass(frozen=True)
class Reproduction:
    """What came out when the experiment of a recording was simulated again.

    Parameters
    ----------
    changes
        What is different about this machine, its programs, and the files of entries that the user has added: pairs of
        then and now, by name.
    """

    comparisons: tuple[Comparison, ...]
    changes: Mapping[str, tuple[str, str]]

    @property
    def agrees(self) -> bool:
        return not any(comparison.difference for comparison in self.comparisons)


def reproduce(
    path: Path, data_folder: Path | None = None, listener: Listener | None = None, *, threads: int = 1
) -> Reproduction:
    """Simulate the experiment of a recording again, aside, and compare the two bit for bit.

    Parameters
    ----------
    data_folder
        Holds the data files of the experiment, if it has any.
    threads
        On how many processors it is simulated; the results are the same for any number.

    Raises
    ------
    UserError
        If this machine has not so many processors.
    ResultsError, SpecError, BuildError, SimulationError
        If the recording holds no experiment that can be simulated.
    """
    recording = read_recording(path)
    experiment = restored(recording, data_folder)
    with TemporaryDirectory(prefix="snnrun-verify-") as temporary:
        again = simulate(experiment, Path(temporary), listener or Listener(), threads=threads)
    here = dict(_datasets(again))
    comparisons = [
        Comparison(name, there.size, _difference(there, here.get(name))) for name, there in _datasets(recording)
    ]
    programs = changed_since(recording.provenance, again.provenance)
    files = _changed_files(recording.spec_resolved, again.spec_resolved)
    return Reproduction(tuple(comparisons), {**programs, **files})


def _changed_files(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Digests of the files of added entries that have changed, by the place of the entry."""
    before, after = differences(now, then), differences(then, now)
    changed = [path for path in before if path[-1] == FILE_KEY]
    return {f"file of {'.'.join(path[:-1])}": (str(before[path]), after[path]) for path in changed}


def _datasets(recording: Recording) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, population in recording.populations.items():
        yield f"populations/{name}/n_spikes", np.array([population.n_spikes])
    for name, spikes in recording.spikes.items():
        yield f"spikes/{name}/tick", spikes.ticks
        yield f"spikes/{name}/node_ids", spikes.node_ids
        if spikes.trial is not None:
            yield f"spikes/{name}/trial", spikes.trial
    for name, traces in recording.traces.items():
        for variable, trace in traces.items():
            yield f"traces/{name}/{variable}/data", trace.data
    for name, table in recording.synapses.items():
        for column in ("source_ids", "target_ids", "weight", "delay"):
            yield f"synapses/{name}/{column}", getattr(table, column)
    for name, history in recording.weights.items():
        yield f"weights/{name}/weight", history.data
    for name, waveform in recording.inputs.items():
        yield f"inputs/{name}", waveform


def _difference(there: NDArray[Any], here: NDArray[Any] | None) -> str:
    if here is None:
        return "missing here"
    if there.shape != here.shape:
        return f"{there.size} values there, {here.size} here"
    # NaN equals NaN here: both programs gave it.
    differing = np.flatnonzero((there != here) & ~(np.isnan(there) & np.isnan(here)))
    return f"{differing.size} values differ, the first at {differing[0]}" if differing.size else ""
