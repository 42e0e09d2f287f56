"""A sweep on disk, for users of the Python interface."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from snnrun.results.point_result import PointResult
from snnrun.results.recording import Recording
from snnrun.results.store import read_recording
from snnrun.results.sweep_table import SweepTable
from snnrun.sweep.files.folder import SweepFolder, find_sweep
from snnrun.sweep.files.plan_file import read_plan
from snnrun.sweep.files.points import Plan
from snnrun.sweep.files.results import result_of
from snnrun.sweep.table.collect import current_table
from snnrun.sweep.table.finding import find_point


class Sweep:
    """What a sweep left behind, half done as it may be; everything is read when it is first asked for.

    Parameters
    ----------
    folder
        Folder of the sweep.
    """

    def __init__(self, folder: SweepFolder) -> None:
        self.folder = folder

    @cached_property
    def plan(self) -> Plan:
        """What was planned: ``sweep.plan.points``."""
        return read_plan(self.folder)

    @cached_property
    def table(self) -> SweepTable:
        """A row for each point: ``sweep.table.column("exc.mean_rate").data``."""
        return current_table(self.plan, self.folder)

    def results(self, *point: str) -> PointResult:
        """The result of a point: ``sweep.results("g=4", "eta=2").analysis``.

        Parameters
        ----------
        point
            Values that only this point has, or the begin of its id.

        Raises
        ------
        UserError
            If no point, or more than one, is meant.
        ResultsError
            If it is not done, or its result cannot be used.
        """
        return result_of(self.folder, find_point(self.plan, point).id)

    def recording(self, *point: str) -> Recording:
        """The recording of a point, if it is kept: ``sweep.recording("g=4", "eta=2").spikes``.

        Raises
        ------
        UserError
            If no point, or more than one, is meant.
        ResultsError
            If there is no recording, or it cannot be used.
        """
        return read_recording(self.folder.run(find_point(self.plan, point).run_id).recording)

    def __repr__(self) -> str:
        return f"Sweep({str(self.folder.path)!r})"


def open_sweep(path: Path | str, output: Path | str = "results", name: str | None = None) -> Sweep:
    """A sweep that was planned: of its folder, or of the experiment file.

    Parameters
    ----------
    output, name
        The results folder and the name of the sweep, for experiment files.

    Raises
    ------
    UserError
        If there is none.
    """
    return Sweep(find_sweep(Path(path), Path(output), name))
