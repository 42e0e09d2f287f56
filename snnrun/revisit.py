"""A recording looked at again: measured and drawn anew, without simulating."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from snnrun.entry import Entry
from snnrun.errors import ResultsError
from snnrun.figures.base import Figure
from snnrun.figures.render import render
from snnrun.figures.standard import standard_figures
from snnrun.metrics.analyse import standard_metrics
from snnrun.metrics.base import Metric
from snnrun.metrics.observation import Observation
from snnrun.results.layout import locked, make_real_folder
from snnrun.results.recording import Recording
from snnrun.results.results import Results
from snnrun.results.store import read_recording
from snnrun.simulation.listener import Listener
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
        The file; its suffix decides the format. None for ``figures/<its name>.png`` beside the recording.
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
    missing = figure.missing(observation)
    if missing is not None:
        raise ResultsError(f"The figure {figure.file_name!r} cannot be drawn. {missing}")
    if destination is not None:
        return render(figure, observation, destination)
    make_real_folder(path.parent / "figures")
    with locked(path.parent):
        return render(figure, observation, path.parent / "figures" / f"{figure.file_name}.png")
