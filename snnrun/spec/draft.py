"""An experiment on its way from text to object: what could be understood, and every problem so far.

One broken key must not hide the others, so each entry of the large sections is read by itself when the whole does not
pass; later checks run over whatever stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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

_NAMED_SECTIONS = ("populations", "projections", "inputs")


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
    problems += _name_problems(data)
    try:
        experiment = Experiment.model_validate(data, context=scope)
    except ValidationError as error:
        unknown = set(raw_parameters) - set(parameters) if isinstance(raw_parameters, dict) else set()
        found = [problem_of(detail, Experiment, document) for detail in error.errors()]
        problems += [problem for problem in found if not _follows(problem, unknown)]
        return _partial(document, data, scope, tuple(problems))
    return Draft(
        document,
        tuple(problems),
        experiment.populations,
        experiment.projections,
        experiment.inputs,
        experiment.simulation,
        experiment.record,
        experiment,
    )


def _follows(problem: Problem, broken_parameters: set[str]) -> bool:
    """Whether a problem only follows from a parameter that has been reported itself."""
    in_parameters = problem.path[:1] == ("parameters",) and len(problem.path) > 1
    return in_parameters or any(f"nknown name {name!r}" in problem.message for name in map(str, broken_parameters))


def _name_problems(data: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem((section, name), f"{problem}.")
        for section in _NAMED_SECTIONS
        if isinstance(data.get(section), dict)
        for name in data[section]
        if (problem := label_problem(name))
    ]


def _partial(document: Document, data: dict[str, Any], scope: Scope, problems: tuple[Problem, ...]) -> Draft:
    def read(path: KeyPath, kind: Any) -> Any:
        here: Any = data
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        try:
            return TypeAdapter(kind).validate_python({} if here is None else here, context=scope)
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
    )
