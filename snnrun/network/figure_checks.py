"""Checks of what is to be drawn."""

from __future__ import annotations

from collections.abc import Iterator

from snnrun.errors import Problem
from snnrun.spec.experiment import Experiment


def figure_problems(experiment: Experiment) -> Iterator[Problem]:
    """Figures of which one would be saved over the other."""
    names: set[str] = set()
    for index, figure in enumerate(experiment.figures or ()):
        # On some systems, files whose names differ in case are the same.
        name = figure.file_name.casefold()
        if name in names:
            yield Problem(
                ("figures", index),
                f"Two figures would be saved as '{figure.file_name}.png'.",
                "Put both on one page, or each on a page with its own name: {figure: page, name: ..., of: [...]}.",
            )
        names.add(name)
