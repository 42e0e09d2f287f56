"""The section ``sweep`` of an experiment: what varies, and what becomes of the points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag

from snnrun.designs.axis import Axis, AxisField, Listed, Raw
from snnrun.designs.base import Design
from snnrun.designs.grid import Grid
from snnrun.designs.steps import MAX_POINTS
from snnrun.entry import Names, Strict
from snnrun.errors import KeyPath, Problem, SpecError, suggestion
from snnrun.quantities import Count, PositiveCount
from snnrun.registry import OneOf
from snnrun.spec.overrides import PARAMETERS, broken_path, parse_path
from snnrun.spec.sections import VIEW
from snnrun.sweep_figures.base import SweepFigure

Keep = Literal["full", "analysis", "summary"]

__all__ = ["Keep", "Raw", "SweepSection", "axis_path", "sweep_problems"]

_SEED: Final[KeyPath] = ("simulation", "seed")


def _kind(raw: Any) -> str:
    return "seeds" if isinstance(raw, list | tuple) else "number"


class SweepSection(Strict):
    """What a sweep computes: points that differ in the values of some axes."""

    axes: dict[str, AxisField] = {}
    """What varies: the names of parameters, or dotted paths such as `simulation.duration`, each with its values."""
    design: Annotated[Design, OneOf("designs")] = Grid()
    """How the axes make points."""
    seeds: (
        Annotated[
            Annotated[PositiveCount, Tag("number")]
            | Annotated[tuple[Count, ...], Field(strict=False, min_length=1), Tag("seeds")],
            Discriminator(_kind),
        ]
        | None
    ) = None
    """Number of replicates of each point, with seeds of their own; or these seeds; by default that of the file."""
    keep: Keep = "analysis"
    """What stays of a point: `full` with its recording, `analysis` with what was measured, `summary` with one number of
    each measure."""
    collect: Names | None = None
    """Measures that tables and figures show, such as `exc.mean_rate`; by default all that are numbers."""
    figures: Annotated[tuple[Annotated[SweepFigure, OneOf("sweep_figures")], ...], Field(strict=False)] | None = None
    """What is drawn of the whole sweep; by default the standard set."""

    @property
    def names(self) -> tuple[str, ...]:
        """What varies, in the order of the design."""
        return self.design.names(self.axes)

    @property
    def plain_design(self) -> dict[str, Any]:
        """The design as it stands in a file."""
        return self.design.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def plain_figures(self) -> tuple[dict[str, Any], ...] | None:
        """The figures as they stand in a file."""
        if self.figures is None:
            return None
        return tuple(figure.model_dump(mode="json", by_alias=True, exclude_none=True) for figure in self.figures)

    def combinations(self) -> list[dict[str, Raw]]:
        """The points without their seeds: a value for each of `names`, in the order of the design.

        Without an axis there is one point, which changes nothing.
        """
        return self.design.combinations(self.axes)


def axis_path(name: str, data: Mapping[str, Any]) -> KeyPath:
    """What an axis changes: a parameter of that name, else what stands at the dotted path.

    Parameters
    ----------
    data
        The experiment as plain data.

    Raises
    ------
    SpecError
        If the name is neither.
    """
    parameters = data.get(PARAMETERS)
    if isinstance(parameters, dict) and name in parameters:
        return PARAMETERS, name
    return parse_path(name)


def sweep_problems(section: SweepSection, data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a sweep of an experiment, beyond how it is written.

    Parameters
    ----------
    data
        The experiment as plain data.
    """
    if problem := section.design.problem(section.axes):
        yield replace(problem, path=("sweep", *problem.path))
        return
    if not section.names and section.seeds is None:
        yield Problem(("sweep",), "Nothing varies.", "Name an axis, or say how many 'seeds' there are.")
    if isinstance(section.seeds, tuple) and len(set(section.seeds)) < len(section.seeds):
        yield Problem(("sweep", "seeds"), "A seed is written twice: that would be the same point.", "Remove one.")
    if isinstance(section.seeds, int) and section.seeds > 1:
        n_points = section.seeds * len(section.combinations())
        if n_points > MAX_POINTS:
            message = f"With {section.seeds} seeds there are {n_points} points, more than {MAX_POINTS}."
            yield Problem(("sweep", "seeds"), message, "Take fewer seeds.")
    paths: dict[str, KeyPath] = {}
    for name in section.names:
        # The axes of a list stand in its file.
        place = ("sweep", "axes", name) if name in section.axes else ("sweep", "design")
        try:
            path = axis_path(name, data)
        except SpecError as error:
            yield from (Problem(place, problem.message, problem.hint) for problem in error.problems)
            continue
        found = (
            _dead_end(path, data) or _whole_section(path, section.axes.get(name), data) or _clash(path, section, paths)
        )
        if found:
            yield Problem(place, *found)
        paths[name] = path


def _dead_end(path: KeyPath, data: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with the path of an axis by itself, and what to do."""
    first, *below = path
    if first == "sweep":
        return "A sweep cannot vary itself.", "Name what is simulated."
    if first in VIEW:
        return f"{first!r} does not change what is simulated.", "All points would be the same run."
    if not below and first not in data:
        parameters = data.get(PARAMETERS)
        known = suggestion(first, parameters) + " " if isinstance(parameters, dict) and parameters else ""
        paths = "Anything else is named by its path, such as 'simulation.duration'."
        return f"There is no parameter {first!r}.", f"{known}{paths}"
    broken = broken_path(path, data)
    return (broken.message, broken.hint) if broken else None


def _whole_section(path: KeyPath, axis: Axis | None, data: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with single values for a section such as ``populations``, and what to do."""
    inside = data.get(str(path[0])) if len(path) == 1 else None
    if not isinstance(inside, dict) or not inside or axis is None:
        return None
    if isinstance(axis, Listed) and all(isinstance(value, dict) for value in axis.values):
        return None
    key, below = next(iter(inside.items()))
    hint = f"Name a value in it by its path: '{path[0]}.{key}{'…' if isinstance(below, dict) else ''}'."
    return f"{path[0]!r} is a section of the file, and no value.", hint


def _clash(path: KeyPath, section: SweepSection, others: Mapping[str, KeyPath]) -> tuple[str, str] | None:
    """What is wrong with the path of an axis beside the rest of the sweep, and what to do."""
    if section.seeds is not None and _overlap(path, _SEED):
        return "'seeds' gives each point its seed already.", "Remove the axis, or 'seeds'."
    for name, other in others.items():
        if _overlap(path, other):
            return f"The axis {name!r} changes the same value.", "Remove one of them."
    return None


def _overlap(one: KeyPath, other: KeyPath) -> bool:
    """Whether one path is the other, or leads there."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
