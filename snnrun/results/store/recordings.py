"""``recording.h5``: written once, read by everything that comes after the simulation."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from snnrun.errors import ResultsError
from snnrun.results.recording import Recording
from snnrun.results.store.reading import read_tree
from snnrun.results.store.recording_to_tree import FORMAT, VERSION, recording_to_tree
from snnrun.results.store.tree import TreeError
from snnrun.results.store.tree_to_recording import tree_to_recording
from snnrun.results.store.writing import write_tree


def write_recording(recording: Recording, path: Path) -> None:
    """Write a recording, whole or not at all; the same recording gives the same bytes.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_tree(recording_to_tree(recording), path)


def read_recording(path: Path, *, populations: Collection[str] | None = None) -> Recording:
    """Read a recording, from whomever it comes.

    Parameters
    ----------
    populations
        Whose spikes and traces, and the synapses and weights between which, are read; all of them if None.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no recording or of a newer version, or lacks one of `populations`.
    """
    tree = read_tree(path, {FORMAT: VERSION}, _within(populations))
    try:
        recording = tree_to_recording(tree)
    except TreeError as error:
        raise ResultsError(f"{path}: is not a valid recording: {error}.") from None
    unknown = set(populations or ()) - recording.populations.keys()
    if unknown:
        raise ResultsError(
            f"{path}: has no population {', '.join(map(repr, sorted(unknown)))}. "
            f"It has {', '.join(recording.populations)}."
        )
    return recording


def _within(populations: Collection[str] | None) -> Callable[[str], bool]:
    """Whether a path belongs to the populations that are asked for, or to none."""

    def wanted(path: str) -> bool:
        match path.split("/")[1:]:
            case ["spikes" | "traces", name, *_]:
                return populations is None or name in populations
            case ["synapses" | "weights", _, *ends]:
                return populations is None or all(name in populations for name in ends[:2])
        return True

    return wanted
