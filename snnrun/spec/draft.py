"""An experiment on its way from text to object: what could be understood, and every problem so far.

One broken key must not hide the others, so each entry of the large sections is read by itself when the whole does not
pass; later checks run over whatever stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from snnrun.errors import KeyPath, Problem
from snnrun.inputs.base import InputModel
from snnrun.language.names import label_problem
from snnrun.quantities import Scope
from snnrun.registry import OneOf
from snnrun.spec.document import Document
from snnrun.spec.experiment import Experiment
from snnrun.spec.messages import problem_of
from snnrun.spec.parameters import evaluate_parameters
from snnrun.spec.receptors import name_receptors
from snnrun.spec.sections import PopulationSection, ProjectionSection, RecordSection, SimulationSection
from snnrun.spec.sweep import SweepSection

_NAMED_SECTIONS = ("populations", "projections", "inputs", "phases")


@dataclass(frozen=True)
class Draft:
    """What could be read of an experiment.

    Parameters
    ----------
    experiment
        The whole, when nothing was wrong so far.
    """

    document: Document
    problems: tuple[Problem, ...]
    populations: Mapping[str, PopulationSection] = field(default_factory=dict)
    projections: Mapping[str, ProjectionSection] = field(default_factory=dict)
    inputs: Mapping[str, InputModel] = field(default_factory=dict)
    simulation: SimulationSection | None = None
    record: RecordSection | None = None
    sweep: SweepSection | None = None
    experiment: Experiment | None = None


def draft(document: Document, folder: Path | None) -> Draft:
    """Read an experiment as far as it can be understood.

    Parameters
    ----------
    folder
        Folder of the experiment file, below which its data files lie.
    """
    raw_parameters = document.data.get("parameters")
    parameters, problems = evaluate_parameters(raw_parameters if isinstance(raw_parameters, dict) else {})
    scope = Scope(parameters, folder)
    data = name_receptors(document.data)
    misnamed = list(_name_problems(document.data))
    problems += misnamed
    try:
        experiment = Experiment.model_validate(data, context=scope)
    except ValidationError as error:
        unknown = set(raw_parameters) - set(parameters) if isinstance(raw_parameters, dict) else set()
        found = [problem_of(detail, Experiment, document) for detail in error.errors()]
        problems += [problem for problem in found if not _follows(problem, unknown)]
        return _without(misnamed, _partial(document, data, scope, tuple(problems)))
    whole = Draft(
        document,
        tuple(problems),
        experiment.populations,
        experiment.projections,
        experiment.inputs,
        experiment.simulation,
        experiment.record,
        experiment.sweep,
        experiment,
    )
    return _without(misnamed, whole)


def _follows(problem: Problem, broken_parameters: set[str]) -> bool:
    """Whether a problem only follows from a parameter that has been reported itself."""
    in_parameters = problem.path[:1] == ("parameters",) and len(problem.path) > 1
    return in_parameters or any(f"nknown name {name!r}" in problem.message for name in map(str, broken_parameters))


def _name_problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """Names that cannot become a part of the names of variables."""
    for section in _NAMED_SECTIONS:
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if problem := label_problem(name):
                yield Problem((section, name), f"{problem}.")
            synapse = entry.get("synapse") if isinstance(entry, dict) else None
            receptor = synapse.get("receptor") if isinstance(synapse, dict) else None
            if isinstance(receptor, str) and (problem := label_problem(receptor)):
                yield Problem((section, name, "synapse", "receptor"), f"{problem}.")


def _without(misnamed: Iterable[Problem], draft: Draft) -> Draft:
    """The draft without the entries that have no usable name, with which nothing can be composed."""
    unusable = {problem.path[:2] for problem in misnamed}

    def usable(section: str, entries: Mapping[str, Any]) -> dict[str, Any]:
        return {name: entry for name, entry in entries.items() if (section, name) not in unusable}

    return replace(
        draft,
        populations=usable("populations", draft.populations),
        projections=usable("projections", draft.projections),
        inputs=usable("inputs", draft.inputs),
    )


def _partial(document: Document, data: dict[str, Any], scope: Scope, problems: tuple[Problem, ...]) -> Draft:
    def read(path: KeyPath, kind: Any) -> Any:
        here: Any = data
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        try:
            return _adapter(kind).validate_python({} if here is None else here, context=scope)
        except ValidationError:
            return None  # reported already, from the whole

    def read_all(section: str, kind: Any) -> dict[str, Any]:
        entries = data.get(section)
        found = {name: read((section, name), kind) for name in entries} if isinstance(entries, dict) else {}
        return {name: entry for name, entry in found.items() if entry is not None}

    return Draft(
        document,
        problems,
        read_all("populations", PopulationSection),
        read_all("projections", ProjectionSection),
        read_all("inputs", Annotated[InputModel, OneOf("inputs")]),
        read(("simulation",), SimulationSection),
        read(("record",), RecordSection),
        read(("sweep",), SweepSection) if data.get("sweep") is not None else None,
    )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)  # takes longer to make than to use
