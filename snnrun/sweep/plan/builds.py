"""Which programs a sweep needs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from snnrun.datafiles import DataFileError
from snnrun.errors import UserError
from snnrun.network.blueprint import Blueprint
from snnrun.network.checks import structure_problems
from snnrun.network.compose import compose
from snnrun.simulation.fingerprint import fingerprint
from snnrun.spec.document import Document
from snnrun.spec.draft import draft
from snnrun.spec.overrides import apply_point
from snnrun.spec.report import spec_error
from snnrun.sweep.plan.identities import parameter_axes, split
from snnrun.sweep.plan.probes import Assignment, spread, values_of

_VALUES_TRIED: Final = 16
# Each takes 10 ms here, and seconds when it is compiled.
_MAX_STRUCTURES: Final = 256


def distinct_builds(
    document: Document, folder: Path | None, axes: Sequence[str], points: Sequence[Assignment]
) -> tuple[list[int], list[str]]:
    """The program of each point, as its number among the different ones, and the fingerprints of those.

    Not every point is composed. One axis after the other is varied alone, the others as in the first point: those that
    change the program are structural. Then each combination of values of the structural axes that occurs is composed.
    What this misses is compiled when its first point runs: a value in the middle of an axis, or a combination of
    several, that alone changes the program; combinations beyond `_MAX_STRUCTURES`; what cannot be loaded.

    Parameters
    ----------
    document, folder
        The experiment without its sweep, and the folder of its data files.
    points
        What stands at each axis.

    Raises
    ------
    UserError
        If the first point is no experiment.
    BuildError
        If there is no compiler: its version is part of a fingerprint.
    """
    composer = _Composer(document, folder, axes)
    first = points[0]
    origin = composer.blueprint(first) or composer.composed(first)  # which says what is wrong
    structural = [
        axis
        for axis in axes
        if any(
            composer.blueprint({**first, axis: value}) not in (None, origin)
            for value in spread(values_of(axis, points), _VALUES_TRIED)
        )
    ]
    numbers = {origin: 0}
    of_structure: dict[tuple[str, ...], int] = {}
    indices = []
    for point in points:
        structure = tuple(repr(point[axis]) for axis in structural)
        if structure not in of_structure:
            within = len(of_structure) < _MAX_STRUCTURES
            blueprint = composer.blueprint({**first, **{axis: point[axis] for axis in structural}}) if within else None
            of_structure[structure] = 0 if blueprint is None else numbers.setdefault(blueprint, len(numbers))
        indices.append(of_structure[structure])
    return indices, [fingerprint(blueprint) for blueprint in numbers]


class _Composer:
    """Composes points of a sweep, each once."""

    def __init__(self, document: Document, folder: Path | None, axes: Sequence[str]) -> None:
        self._document = document
        self._folder = folder
        self._parameters = parameter_axes(document, axes)
        self._known: dict[str, Blueprint | None] = {}

    def blueprint(self, point: Assignment) -> Blueprint | None:
        """The structure of a point; None if it is no experiment."""
        key = repr(list(point.values()))
        if key not in self._known:
            try:
                self._known[key] = self.composed(point)
            except (UserError, DataFileError):
                self._known[key] = None
        return self._known[key]

    def composed(self, point: Assignment) -> Blueprint:
        """The structure of a point, which must be an experiment."""
        document, problems = apply_point(self._document, *split(point, self._parameters))
        if not problems:
            drafted = draft(document, self._folder)
            problems = [*drafted.problems, *structure_problems(drafted)]
            if not problems and drafted.experiment is not None:
                return compose(drafted.experiment).blueprint
        raise spec_error(problems, document)
