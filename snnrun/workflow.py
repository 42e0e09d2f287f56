"""One run, on one screen: simulate, store, measure, draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from snnrun.errors import ResultsError
from snnrun.figures.base import Figure
from snnrun.figures.render import render
from snnrun.figures.standard import standard_figures
from snnrun.metrics.analyse import analyse, placed, standard_metrics
from snnrun.metrics.base import Metric
from snnrun.metrics.observation import Observation
from snnrun.network.estimate import estimate
from snnrun.results.layout import RunFolder
from snnrun.results.recording import Recording
from snnrun.results.results import Results
from snnrun.results.store import read_analysis, read_recording, write_analysis, write_recording
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import free_disk, free_memory, refuse_what_does_not_fit
from snnrun.simulation.simulate import simulate
from snnrun.spec.experiment import Experiment

RESULTS = Path("results")


@dataclass(frozen=True)
class View:
    """How a recording is looked at.

    Parameters
    ----------
    metrics, figures
        What is measured and drawn.
    start, stop
        Analysis window in seconds; None for the end of the warm-up and of the run.
    """

    metrics: Sequence[Metric]
    figures: Sequence[Figure]
    start: float | None = None
    stop: float | None = None

    @classmethod
    def of(cls, experiment: Experiment, *, figures: bool = True) -> View:
        """What the experiment asks for, else the standard metrics and, unless none are wanted, figures."""
        metrics, drawn = experiment.analysis, experiment.figures if figures else ()
        return cls(standard_metrics() if metrics is None else metrics, standard_figures() if drawn is None else drawn)


def run(
    experiment: Experiment,
    output: Path = RESULTS,
    *,
    figures: bool = True,
    force: bool = False,
    threads: int = 1,
    listener: Listener | None = None,
) -> Results:
    """Run an experiment: simulate it, store the recording, measure it and draw it.

    A run that is already there is not simulated again; what is missing of its analysis and figures is made.

    Parameters
    ----------
    output
        Results folder; the run goes to ``output/<experiment>/<run_id>``.
    figures
        Whether figures are drawn.
    force
        Whether to simulate again what is already there. The old recording is replaced when the new one is complete.
    threads
        On how many processors it is simulated; the results are the same for any number.

    Raises
    ------
    UserError
        If the run would need far more memory or disk, or more processors, than there are.
    BuildError, SimulationError, ResultsError
        If the run fails; what was there before is still there.
    """
    listener = listener or Listener()
    folder = RunFolder(output.absolute(), experiment.name, experiment.run_id)
    view = View.of(experiment, figures=figures)
    with folder.lock():
        if folder.recording.exists() and not force:
            recording = read_recording(folder.recording)
            listener.remark("already simulated; --force does it again")
            if not _is_seen(recording, folder, view, experiment):
                look_at(recording, folder.path, view, listener)
        else:
            refuse_what_does_not_fit(estimate(experiment), free_memory(), free_disk(folder.path), folder.path)
            recording = simulate(experiment, folder.path, listener, threads=threads)
            write_recording(recording, folder.recording)
            look_at(recording, folder.path, view, listener)
        folder.mark_latest()
    for warning in recording.warnings:
        listener.remark(warning)
    return Results(folder.path)


def look_at(recording: Recording, folder: Path, view: View, listener: Listener) -> None:
    """Measure a recording and draw its figures, into the folder of its run.

    Raises
    ------
    ResultsError
        If the window does not fit the recording, or a file cannot be written.
    """
    listener.stage("measuring")
    observation = Observation(recording, start=view.start, stop=view.stop)
    write_analysis(analyse(observation, view.metrics), folder / "analysis.h5")
    for figure in view.figures:
        listener.stage(f"drawing '{figure.file_name}'")
        missing = figure.missing(observation)
        if missing is None:
            render(figure, observation, _figure_path(folder, figure))
        else:
            listener.remark(f"figure '{figure.file_name}' left out: {missing}")


def _is_seen(recording: Recording, folder: RunFolder, view: View, experiment: Experiment) -> bool:
    """Whether what the experiment asks to measure and draw is there already."""
    observation = Observation(recording)
    drawable = [figure for figure in view.figures if figure.missing(observation) is None]
    drawn = all(_figure_path(folder.path, figure).exists() for figure in drawable)
    drawn_alike = recording.spec_resolved.get("figures") == experiment.resolved().get("figures")
    return drawn and drawn_alike and _is_measured(observation, folder, view)


def _is_measured(observation: Observation, folder: RunFolder, view: View) -> bool:
    """Whether the analysis that is there is the one that is asked for: it may be that of another window, or damaged."""
    try:
        analysis = read_analysis(folder.analysis)
    except ResultsError:
        return False
    asked = {
        population: {name: metric.parameters() for name, metric in metrics.items()}
        for population, metrics in placed(observation, view.metrics).items()
    }
    found = {
        population: {name: dict(one.parameters) for name, one in measured.items()}
        for population, measured in analysis.measurements.items()
    }
    return analysis.window == observation.window and found == asked


def _figure_path(folder: Path, figure: Figure) -> Path:
    return folder / "figures" / f"{figure.file_name}.png"
