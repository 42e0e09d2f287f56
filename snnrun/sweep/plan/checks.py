"""Whether the points of a sweep are experiments, told before they run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from snnrun.errors import KeyPath, Problem, SpecError
from snnrun.network.loading import load_document
from snnrun.spec.document import Document
from snnrun.spec.overrides import PARAMETERS, apply_point
from snnrun.spec.parameters import evaluate_parameters
from snnrun.spec.report import joined, paragraphs
from snnrun.sweep.plan.identities import parameter_axes, split
from snnrun.sweep.plan.probes import Assignment, Probe, probes
from snnrun.units import Quantity, display_unit

# Most take a few milliseconds, those of large networks with distances seconds.
_MAX_POINTS: Final = 100
_MAX_SECONDS: Final = 2.0
_DIGITS: Final = re.compile(r"[-+]?[0-9][0-9.]*(e[-+]?[0-9]+)?")
_Kind = tuple[KeyPath, str]


def check_points(document: Document, folder: Path | None, axes: Sequence[str], points: Sequence[Assignment]) -> None:
    """Load and check some points as `load` would: the first one, and more along each axis, its ends among them.

    Parameters
    ----------
    document, folder
        The experiment without its sweep, and the folder of its data files.
    points
        What stands at each axis.

    Raises
    ------
    SpecError
        With each problem once, and the points that have it.
    """
    parameters = parameter_axes(document, axes)
    in_the_file = _in_the_file(document, parameters)
    per_axis = max(2, _MAX_POINTS // max(1, len(axes)))
    ends = probes(axes, points, 2)
    more = [probe for probe in probes(axes, points, per_axis) if probe not in ends]
    trials = []
    begin = time.process_time()
    for number, probe in enumerate([Probe(points[0], None), *ends, *more]):
        if number > len(ends) and time.process_time() - begin > _MAX_SECONDS:
            break
        changed, problems = apply_point(document, *split(probe.point, parameters))
        # Else a missing unit would be told at each place where the parameter stands.
        problems = problems or _of_another_kind(changed, in_the_file) or _found(changed, folder)
        trials.append(_Trial(probe, changed, {_kind(problem): problem for problem in problems}))
    kinds = dict.fromkeys(kind for trial in trials for kind in trial.problems)
    if not kinds:
        return
    findings = [_finding(kind, trials) for kind in kinds]
    shown = [text for problem, place in findings for text in paragraphs([problem], place)]
    raise SpecError([problem for problem, _ in findings], joined(shown, document))


@dataclass(frozen=True)
class _Trial:
    """A point, its document, and what is wrong with it by kind."""

    probe: Probe
    document: Document
    problems: dict[_Kind, Problem]


def _in_the_file(document: Document, parameters: frozenset[str]) -> dict[str, Quantity]:
    """The parameters that vary, as the file has them; without plain zeros, which may be of any kind."""
    values, _ = evaluate_parameters(document.data.get(PARAMETERS) or {})
    return {name: values[name] for name in parameters & values.keys() if values[name] != Quantity(0.0)}


def _of_another_kind(document: Document, in_the_file: Mapping[str, Quantity]) -> list[Problem]:
    """Parameters that lack the unit which they have in the file, or have one of another dimension."""
    values, _ = evaluate_parameters(document.data.get(PARAMETERS) or {})
    problems = []
    for name, there in in_the_file.items():
        value, unit = values.get(name), display_unit(there.dimension)
        if value is None or value.dimension == there.dimension:
            continue
        wanted = "a plain number" if there.dimension.is_dimensionless else f"a value in {unit}"
        message = f"Expected {wanted}, as the {there.pretty()} in the file; got {value.pretty()}."
        hint = f"Write for example '{value.pretty()} {unit}'." if value.dimension.is_dimensionless else ""
        problems.append(Problem((PARAMETERS, name), message, hint))
    return problems


def _found(document: Document, folder: Path | None) -> list[Problem]:
    try:
        load_document(document, folder, "experiment")
    except SpecError as error:
        return list(error.problems)
    return []


def _kind(problem: Problem) -> _Kind:
    """The same for problems that differ only in the number that they show."""
    return problem.path, _DIGITS.sub("#", problem.message)


def _finding(kind: _Kind, trials: Sequence[_Trial]) -> tuple[Problem, Document]:
    """A problem as the first point has it that does, with the points that do."""
    having = [trial for trial in trials if kind in trial.problems]
    problem, first = having[0].problems[kind], having[0]
    if len(having) == len(trials):
        where = "It is so at every point that was tried." if len(trials) > 1 else ""
    else:
        where = " ".join(_along_axes(kind, trials)) or (
            f"Of {len(trials)} points that were tried, {_are_wrong(len(having))}; the first: "
            f"{', '.join(f'{axis}={value}' for axis, value in first.probe.point.items())}."
        )
    return replace(problem, hint=f"{problem.hint} {where}".strip()), first.document


def _along_axes(kind: _Kind, trials: Sequence[_Trial]) -> Iterator[str]:
    """At how many values of which axes there is the problem, where the other axes stay as they are."""
    first, *others = trials
    for axis in first.probe.point:
        along = [first, *(trial for trial in others if trial.probe.axis == axis)]
        having = [trial for trial in along if kind in trial.problems]
        if 0 < len(having) < len(along):
            value = having[0].probe.point[axis]
            tried = f"Of {len(along)} values of {axis} that were tried"
            yield f"{tried}, {_are_wrong(len(having))}; the first: {axis}={value}."


def _are_wrong(number: int) -> str:
    return "1 is wrong" if number == 1 else f"{number} are wrong"
