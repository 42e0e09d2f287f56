"""Whether a file is as it was written."""

from __future__ import annotations

from pathlib import Path

from snnrun.errors import ResultsError
from snnrun.results.store import analyses, recording_to_tree
from snnrun.results.store.reading import read_tree
from snnrun.results.store.tree import TreeError
from snnrun.results.store.tree_to_recording import tree_to_recording


def verify(path: Path) -> None:
    """Read a recording or an analysis completely and compare all of it with its digests.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, neither of the two, or of a newer version.
    """
    tree = read_tree(path, {recording_to_tree.FORMAT: recording_to_tree.VERSION, analyses.FORMAT: analyses.VERSION})
    try:
        if tree.text("format") == recording_to_tree.FORMAT:
            tree_to_recording(tree)
        else:
            analyses.tree_to_analysis(tree)
    except TreeError as error:
        raise ResultsError(f"{path}: is not valid: {error}.") from None
