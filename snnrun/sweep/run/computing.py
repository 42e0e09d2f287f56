"""Computing points: what is there already is taken from there, everything else is simulated and measured."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from snnrun.errors import ResultsError
from snnrun.metrics.analyse import analyse
from snnrun.metrics.observation import Observation
from snnrun.network.estimate import estimate
from snnrun.results.atomic import cannot_write
from snnrun.results.point_result import PointResult
from snnrun.results.recording import Recording
from snnrun.results.store import read_recording, write_analysis, write_recording
from snnrun.results.store.points import write_point
from snnrun.simulation.listener import Listener
from snnrun.simulation.resources import free_disk, free_memory, refuse_what_does_not_fit
from snnrun.simulation.simulate import simulate
from snnrun.spec.experiment import Experiment
from snnrun.spec.sweep import Keep
from snnrun.sweep.files.claims import work_prefix
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.points import Plan, Point, point_id
from snnrun.sweep.files.results import result_of
from snnrun.sweep.plan.experiments import point_experiment
from snnrun.workflow import View

# From which results of the same point, kept otherwise, one of these can be made.
_RICHER: Final[dict[Keep, tuple[Keep, ...]]] = {"full": (), "analysis": ("full",), "summary": ("analysis", "full")}
_SIMULATION_TIMES: Final = ("wall_time_construct", "wall_time_simulate")


class Computer:
    """Computes points of one sweep.

    Parameters
    ----------
    folder
        Where the sweep lies; other sweeps below the same results folder are looked into.
    """

    def __init__(self, folder: SweepFolder, plan: Plan) -> None:
        self._folder, self._plan = folder, plan
        found = (SweepFolder(path.parent) for path in folder.results.glob("*/sweep*/points"))
        self._others = tuple(other for other in found if other.path != folder.path)

    def compute(self, point: Point) -> None:
        """Leave the result of a point.

        Raises
        ------
        WriteError
            If it cannot be written.
        SnnrunError
            If the point fails.
        """
        if not self._taken_over(point):
            experiment = point_experiment(self._plan, point)
            result = self._derived(point, experiment) or self._computed(point, experiment)
            write_point(result, self._folder.result(point.id))

    def _taken_over(self, point: Point) -> bool:
        """Whether another sweep has the point, and now this one, too: the same file under a second name."""
        if self._plan.keep == "full" and not self._folder.run(point.run_id).recording.exists():
            return False
        for path, found in self._results(point.id, self._others):
            try:
                os.link(path, self._folder.result(point.id), follow_symlinks=False)
            except OSError:  # another file system, or one without links
                write_point(found, self._folder.result(point.id))
            return True
        return False

    def _derived(self, point: Point, experiment: Experiment) -> PointResult | None:
        """The result, from one of the same point of which more was kept."""
        spec = experiment.resolved()
        for keep in _RICHER[self._plan.keep]:
            richer = point_id(point.run_id, spec.get("analysis"), keep)
            for _, found in self._results(richer, (self._folder, *self._others)):
                is_summary = self._plan.keep == "summary"
                return replace(found, point=point.id, spec_resolved=spec, is_summary=is_summary)
        return None

    def _results(self, point: str, sweeps: tuple[SweepFolder, ...]) -> Iterator[tuple[Path, PointResult]]:
        """What sweeps have of a point; damaged files are theirs to mend."""
        for sweep in sweeps:
            path = sweep.result(point)
            if path.is_file() and not path.is_symlink():
                with suppress(ResultsError):
                    yield path, result_of(sweep, point)

    def _computed(self, point: Point, experiment: Experiment) -> PointResult:
        run = self._folder.run(point.run_id)
        if self._plan.keep == "full":
            with run.lock():
                if run.recording.exists():
                    recording = read_recording(run.recording)
                else:
                    _refuse_what_does_not_fit(experiment, run.path)
                    recording = simulate(experiment, run.path, Listener())
                    write_recording(recording, run.recording)
                result = self._measured(point, experiment, recording)
                if not run.analysis.exists():
                    write_analysis(result.analysis, run.analysis)
                return result
        if run.recording.exists():
            return self._measured(point, experiment, read_recording(run.recording))
        _refuse_what_does_not_fit(experiment, self._folder.points)
        try:
            own = TemporaryDirectory(prefix=work_prefix(point.id), dir=self._folder.points)
        except OSError as error:
            raise cannot_write(self._folder.points, error) from error
        with own:
            recording = simulate(experiment, Path(own.name), Listener())
        return self._measured(point, experiment, recording)

    def _measured(self, point: Point, experiment: Experiment, recording: Recording) -> PointResult:
        started = time.monotonic()
        analysis = analyse(Observation(recording), View.of(experiment, figures=False).metrics)
        facts = {name: fact for name, fact in recording.provenance.items() if isinstance(fact, str | int | float)}
        simulated = sum(float(facts.get(name, 0)) for name in _SIMULATION_TIMES)
        return PointResult(
            point=point.id,
            run_id=point.run_id,
            seconds=simulated + time.monotonic() - started,
            analysis=analysis,
            spec_resolved=experiment.resolved(),  # a recording by itself may have been measured otherwise
            provenance=facts,
            is_summary=self._plan.keep == "summary",
        )


def _refuse_what_does_not_fit(experiment: Experiment, folder: Path) -> None:
    refuse_what_does_not_fit(estimate(experiment), free_memory(), free_disk(folder), folder)
