"""A recording looked at again: measured, drawn, reproduced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from snnrun.entry import Entry
from snnrun.errors import ResultsError
from snnrun.figures.base import Figure
from snnrun.figures.render import render
from snnrun.figures.standard import standard_figures
from snnrun.metrics.analyse import standard_metrics
from snnrun.metrics.base import Metric
from snnrun.metrics.observation import Observation
from snnrun.network.loading import restored
from snnrun.registry import entry_name
from snnrun.results.layout import locked, make_real_folder
from snnrun.results.provenance import changed_since
from snnrun.results.recording import Recording
from snnrun.results.results import Results
from snnrun.results.store import read_recording
from snnrun.simulation.listener import Listener
from snnrun.simulation.simulate import simulate
from snnrun.spec.entries import read_entry
from snnrun.workflow import View, look_at


def analyze(
    path: Path,
    *,
    metrics: Sequence[Metric] = (),
    figures: bool = True,
    start: float | None = None,
    stop: float | None = None,
    listener: Listener | None = None,
) -> Results:
    """Measure a recording and draw its figures anew, into the folder where it lies.

    Parameters
    ----------
    path
        The recording.
    metrics
        What is measured; if nothing is named, what the experiment of the recording asks for.
    figures
        Whether the figures of the experiment are drawn.
    start, stop
        Analysis window in seconds; None for the end of the warm-up and of the run.

    Raises
    ------
    ResultsError, SpecError
        If the recording cannot be read or holds no valid experiment, or if the results cannot be written.
    """
    path = path.resolve()  # `latest` may point elsewhere meanwhile
    recording = read_recording(path)
    view = replace(stored_view(recording), start=start, stop=stop)
    view = replace(view, metrics=metrics or view.metrics, figures=view.figures if figures else ())
    make_real_folder(path.parent / "figures")
    with locked(path.parent):
        look_at(recording, path.parent, view, listener or Listener())
    return Results(path.parent)


def stored_view(recording: Recording) -> View:
    """What the experiment of a recording asks to measure and draw, else the standard set.

    Raises
    ------
    SpecError
        If it asks for something that does not exist.
    """
    metrics = _stored_entries(recording, "analysis", "metrics")
    figures = _stored_entries(recording, "figures", "figures")
    return View(
        standard_metrics() if metrics is None else [one for one in metrics if isinstance(one, Metric)],
        standard_figures() if figures is None else [one for one in figures if isinstance(one, Figure)],
    )


def _stored_entries(recording: Recording, section: str, room: str) -> list[Entry] | None:
    stored = recording.spec_resolved.get(section)
    if stored is None:
        return None
    if not isinstance(stored, list):
        raise ResultsError(f"{recording.run_id}: the section {section!r} of the stored experiment is no list.")
    return [read_entry(room, raw, f"{section} of the stored experiment") for raw in stored]


def plot(
    path: Path,
    figure: Figure,
    destination: Path | None = None,
    *,
    start: float | None = None,
    stop: float | None = None,
) -> Path:
    """Draw one figure of a recording.

    Parameters
    ----------
    destination
        The file; its suffix decides the format. None for ``figures/<name>.png`` beside the recording.
    start, stop
        Window in seconds; None for the end of the warm-up and of the run.

    Returns
    -------
    The file.

    Raises
    ------
    ResultsError
        If the recording cannot be read, lacks what the figure needs, or the file cannot be written.
    """
    path = path.resolve()
    observation = Observation(read_recording(path), start=start, stop=stop)
    name = entry_name(type(figure), "figures")
    missing = figure.missing(observation)
    if missing is not None:
        raise ResultsError(f"The figure {name!r} cannot be drawn. {missing}")
    if destination is not None:
        return render(figure, observation, destination)
    make_real_folder(path.parent / "figures")
    with locked(path.parent):
        return render(figure, observation, path.parent / "figures" / f"{name}.png")


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
        What is different about this machine and its programs: pairs of then and now, by name.
    """

    comparisons: tuple[Comparison, ...]
    changes: Mapping[str, tuple[str, str]]

    @property
    def agrees(self) -> bool:
        return not any(comparison.difference for comparison in self.comparisons)


def reproduce(path: Path, data_folder: Path | None = None, listener: Listener | None = None) -> Reproduction:
    """Simulate the experiment of a recording again, aside, and compare the two bit for bit.

    Parameters
    ----------
    data_folder
        Holds the data files of the experiment, if it has any.

    Raises
    ------
    ResultsError, SpecError, BuildError, SimulationError
        If the recording holds no experiment that can be simulated.
    """
    recording = read_recording(path)
    experiment = restored(recording, data_folder)
    with TemporaryDirectory(prefix="snnrun-verify-") as temporary:
        again = simulate(experiment, Path(temporary), listener or Listener())
    here = dict(_datasets(again))
    comparisons = [
        Comparison(name, there.size, _difference(there, here.get(name))) for name, there in _datasets(recording)
    ]
    return Reproduction(tuple(comparisons), changed_since(recording.provenance, again.provenance))


def _datasets(recording: Recording) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, population in recording.populations.items():
        yield f"populations/{name}/n_spikes", np.array([population.n_spikes])
    for name, spikes in recording.spikes.items():
        yield f"spikes/{name}/tick", spikes.ticks
        yield f"spikes/{name}/node_ids", spikes.node_ids
    for name, traces in recording.traces.items():
        for variable, trace in traces.items():
            yield f"traces/{name}/{variable}/data", trace.data
    for name, table in recording.synapses.items():
        for column in ("source_ids", "target_ids", "weight", "delay"):
            yield f"synapses/{name}/{column}", getattr(table, column)
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
