"""From a file and what the user types to the plan of a sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from snnrun.designs.optimise import Optimise
from snnrun.errors import ResultsError, UserError
from snnrun.network.loading import load, name_of
from snnrun.spec.document import Document
from snnrun.spec.experiment import Experiment
from snnrun.spec.overrides import apply_overrides, written_assignment
from snnrun.spec.reader import read_document
from snnrun.spec.sweep import Raw, SweepSection
from snnrun.sweep.files.folder import SweepFolder
from snnrun.sweep.files.plan_file import read_plan, write_plan
from snnrun.sweep.files.points import Build, Plan, Point
from snnrun.sweep.plan.axes import section_of
from snnrun.sweep.plan.builds import distinct_builds
from snnrun.sweep.plan.checks import check_points
from snnrun.sweep.plan.identities import Identities
from snnrun.sweep.plan.makefile import write_makefile
from snnrun.sweep.plan.search import rounds

_ARCH: Final = "simulation.arch"


@dataclass(frozen=True)
class Planned:
    """A plan, and the folder it belongs into.

    Parameters
    ----------
    remark
        What of its design could be chosen better; None if nothing.
    """

    plan: Plan
    folder: SweepFolder
    remark: str | None = None

    def write(self) -> None:
        """Write the plan, the list of its points and the makefile.

        Raises
        ------
        ResultsError
            If they cannot be written.
        """
        write_plan(self.plan, self.folder)
        write_makefile(self.folder)

    @property
    def words(self) -> list[str]:
        """What was asked for beside the file, as it is typed."""
        asked = self.plan.request
        typed = list(asked["words"])
        for option, values in {"-p": asked["parameters"], "--set": asked["settings"]}.items():
            for name, value in values.items():
                typed += [option, written_assignment(name, value)]
        return typed


@dataclass(frozen=True)
class Request:
    """What the user asks for.

    Parameters
    ----------
    words
        Axes and choices of the design as typed on the command line.
    parameters, settings
        Values of all points, as ``-p`` and ``--set`` give them.
    """

    words: tuple[str, ...]
    parameters: Mapping[str, Any]
    settings: Mapping[str, Any]


def plan_sweep(
    file: Path,
    words: Sequence[str],
    *,
    parameters: Mapping[str, Any],
    settings: Mapping[str, Any],
    output: Path,
    name: str | None = None,
    defaults: Mapping[str, Any] = {},
) -> Planned:
    """Plan a sweep; nothing is written.

    Parameters
    ----------
    words
        Axes and choices of the design, such as ``g=3:8:11``; without any, the section ``sweep`` of the file counts, or
        what the sweep was planned with before.
    parameters, settings
        Values of all points, as ``-p`` and ``--set`` give them.
    output, name
        The results folder, and the name of the sweep if it is not the only one of its experiment.
    defaults
        Settings where neither the file nor the user says anything; without any, the instruction set of the plan that is
        there: what a cluster has computed is not computed again.

    Raises
    ------
    UserError
        If there is nothing to vary, two points are the same, or a point is no valid experiment.
    """
    folder = SweepFolder.of(output, name_of(file), name)
    request = Request(tuple(words), parameters, settings)
    experiment = load(file, parameters, settings)
    if not words and experiment.sweep is None:
        request = _as_before(folder, file, request)
        experiment = load(file, request.parameters, request.settings)
    document = read_document(file)
    defaults = defaults or _instruction_set(folder)
    unsaid = {path: value for path, value in defaults.items() if not _says(document.data, path)}
    request = replace(request, settings={**unsaid, **request.settings})
    document = apply_overrides(document, request.parameters, request.settings)
    section = section_of(request.words, document, file.parent)
    plan = _plan(experiment, section, _without_sweep(document), file.parent, folder)
    typed = {"words": list(request.words), "parameters": request.parameters, "settings": request.settings}
    return Planned(replace(plan, request=typed), folder, section.design.remark(section.axes))


def _as_before(folder: SweepFolder, file: Path, request: Request) -> Request:
    """The request with which the sweep was planned, where this one names nothing to vary."""
    if not folder.plan_file.is_file():
        raise UserError(
            f"{file}: there is nothing to vary. Name axes, such as g=3:8:11 or simulation.duration='1 s','2 s', "
            "or write a section 'sweep' into the file."
        )
    before = read_plan(folder).request
    try:
        return Request(
            tuple(before["words"]),
            {**before["parameters"], **request.parameters},
            {**before["settings"], **request.settings},
        )
    except (KeyError, TypeError):
        raise ResultsError(f"{folder.plan_file}: is damaged. Plan the sweep again: snnrun sweep plan") from None


def _instruction_set(folder: SweepFolder) -> dict[str, Any]:
    """For which processors the plan that is there was made, if it says so."""
    try:
        simulation = read_plan(folder).data.get("simulation")
    except ResultsError:
        return {}
    return {_ARCH: simulation["arch"]} if isinstance(simulation, dict) and "arch" in simulation else {}


def _says(data: Any, path: str) -> bool:
    """Whether something stands at a dotted path of a file."""
    for key in path.split("."):
        if not isinstance(data, dict) or key not in data:
            return False
        data = data[key]
    return True


def _without_sweep(document: Document) -> Document:
    return replace(document, data={key: value for key, value in document.data.items() if key != "sweep"})


def _plan(
    experiment: Experiment, section: SweepSection, document: Document, data_folder: Path, folder: SweepFolder
) -> Plan:
    axes = section.names
    design = {**section.plain_design, "axes": {name: axis.to_plain() for name, axis in section.axes.items()}}
    empty = Plan(
        experiment=experiment.name,
        data=document.data,
        yaml=experiment.yaml,
        folder=data_folder.absolute(),
        axes=axes,
        points=(),
        builds=(),
        keep=section.keep,
        collect=section.collect,
        figures=section.plain_figures,
        design=design,
        request={},
    )
    if isinstance(section.design, Optimise):
        searched = rounds(section, section.design, _same_search(empty, folder), folder)
        assignments, shares = searched.combinations, searched.shares
    else:
        assignments, shares = section.combinations(), ()
    check_points(document, data_folder, axes, assignments)
    points, builds = _points(section, document, data_folder, assignments)
    return replace(empty, points=points, builds=builds, shares=shares)


def _same_search(plan: Plan, folder: SweepFolder) -> Plan | None:
    """The plan that is there, if it is one of the same search; it may have been one for fewer points."""
    try:
        before = read_plan(folder)
    except ResultsError:
        return None
    return before if is_same_search(before, plan) else None


def is_same_search(one: Plan, other: Plan) -> bool:
    """Whether two plans belong to one search, be it with different numbers of points."""

    def meaning(plan: Plan) -> tuple[Any, ...]:
        return plan.data, plan.keep, {key: value for key, value in plan.design.items() if key != "points"}

    return meaning(one) == meaning(other)


def _points(
    section: SweepSection, document: Document, folder: Path, assignments: Sequence[dict[str, Raw]]
) -> tuple[tuple[Point, ...], tuple[Build, ...]]:
    """Each set of values with each seed, and the programs that they need."""
    axes = section.names
    identities = Identities(document, folder, axes, section.keep, section.seeds)
    numbers, fingerprints = distinct_builds(document, folder, axes, assignments)
    points: dict[str, Point] = {}
    builds: dict[int, Build] = {}
    for assignment, number in zip(assignments, numbers, strict=True):
        values = tuple(assignment[axis] for axis in axes)
        for one in identities.points(assignment):
            point = Point(one.id, one.run_id, values, one.replicate, one.seed, number)
            if points.setdefault(one.id, point) is not point:
                raise _same_twice(axes, points[one.id], point)
            builds.setdefault(number, Build(fingerprints[number], one.id))
    return tuple(points.values()), tuple(builds[number] for number in range(len(fingerprints)))


def _same_twice(axes: Sequence[str], *points: Point) -> UserError:
    """The error for values that differ only in how they are written."""
    shown = [", ".join(f"{axis}={value}" for axis, value in zip(axes, point.values, strict=True)) for point in points]
    return UserError(f"sweep.axes: {shown[0]} and {shown[1]} would be the same point twice. Remove one of them.")
