"""A run on disk, for users of the Python interface."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis
from snnrun.results.layout import ANALYSIS, RECORDING, find_recordings
from snnrun.results.recording import Recording
from snnrun.results.store import read_analysis, read_recording


class Results:
    """What a run left behind; everything is read when it is first asked for.

    Parameters
    ----------
    folder
        Folder of the run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def recording(self) -> Recording:
        """The recording: ``results.recording.spikes["exc"].times``."""
        return read_recording(self.folder / RECORDING)

    @cached_property
    def analysis(self) -> Analysis:
        """The measurements: ``results.analysis.measurements["exc"]["mean_rate"].value``."""
        return read_analysis(self.folder / ANALYSIS)

    @property
    def figures(self) -> list[Path]:
        """The figures that were drawn."""
        return sorted((self.folder / "figures").glob("*.*"))

    def __repr__(self) -> str:
        return f"Results({str(self.folder)!r})"


def open_results(path: Path | str) -> Results:
    """The results of one run: of its folder, its ``recording.h5``, or an experiment's ``latest``.

    Raises
    ------
    ResultsError
        If there is no run, or more than one.
    """
    recordings = find_recordings(Path(path))
    if len(recordings) > 1:
        shown = "\n".join(f"  {recording.parent}" for recording in recordings[:5])
        raise ResultsError(f"{path}: holds {len(recordings)} runs. Name one of them:\n{shown}")
    return Results(recordings[0].parent)
