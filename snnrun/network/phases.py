"""The phases of an experiment: each is the experiment with some other values, and the same structure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from snnrun.errors import KeyPath, Problem
from snnrun.network.checks import check
from snnrun.network.compose import compose
from snnrun.quantities import is_whole
from snnrun.spec.document import Document
from snnrun.spec.draft import draft
from snnrun.spec.experiment import Experiment, differences
from snnrun.spec.overrides import apply_phase
from snnrun.spec.sections import VIEW, PhaseSection
from snnrun.units import Quantity

Stages = tuple[tuple[int, Experiment], ...]

_CHANGEABLE: Final = "Phases change numbers of neurons, of synapses other than their delay, and of inputs."


def stages(experiment: Experiment, document: Document, folder: Path | None) -> tuple[Stages, list[Problem]]:
    """The experiment as it is in each of its phases, by first step, and what is wrong with the phases.

    Parameters
    ----------
    experiment
        Checked, apart from its phases.
    document
        What it was read from.
    folder
        Holds its data files.
    """
    problems = list(_time_problems(experiment))
    found: list[tuple[int, Experiment]] = []
    # A phase is the experiment without phases: reading all of them again for each would take ever longer.
    alone = replace(document, data={key: value for key, value in document.data.items() if key != "phases"})
    for name, phase in experiment.phases_in_time:
        changed, dead_ends = apply_phase(alone, name, phase.parameters, phase.settings)
        drafted = draft(changed, folder)
        own = dead_ends or [*drafted.problems, *check(drafted)]
        if not own and drafted.experiment is not None:
            own = list(_structure_problems(experiment, drafted.experiment, phase, ("phases", name)))
            found.append((round(phase.start.value / experiment.simulation.dt.value), drafted.experiment))
        # Where a problem lies is known in the document that has it: the new value stands in the phase.
        problems += [_of_phase(name, problem, changed) for problem in own]
    return tuple(found), problems


def _of_phase(name: str, problem: Problem, document: Document) -> Problem:
    """The problem with the phase and its place, which only the changed document knows."""
    message = problem.message if problem.path[:1] == ("phases",) else f"In the phase {name!r}: {problem.message}"
    place = document.places.locate(problem.path)
    if problem.line is not None or place.option is not None:
        return replace(problem, message=message)
    return replace(problem, message=message, line=place.line, column=place.column)


def _time_problems(experiment: Experiment) -> Iterator[Problem]:
    simulation = experiment.simulation
    before: tuple[str, Quantity] | None = None
    for name, phase in experiment.phases_in_time:
        path: KeyPath = ("phases", name, "start")
        if not is_whole(phase.start.value / simulation.dt.value):
            yield Problem(
                path,
                f"{phase.start.pretty()} is no whole number of time steps of {simulation.dt.pretty()}.",
                "Change it, or 'simulation.dt'.",
            )
        if phase.start.value >= simulation.duration.value:
            yield Problem(
                path,
                f"The run ends at {simulation.duration.pretty()}, before this phase starts.",
                "Let it start earlier, or lengthen 'simulation.duration'.",
            )
        if before is not None and before[1] == phase.start:
            yield Problem(path, f"The phase {before[0]!r} starts at the same time.", "A phase lasts until the next.")
        before = (name, phase.start)


def _structure_problems(
    experiment: Experiment, stage: Experiment, phase: PhaseSection, path: KeyPath
) -> Iterator[Problem]:
    """What a phase would change that is fixed when the program starts."""
    without = experiment.model_copy(update={"phases": {}})
    # A metric or a figure may use a parameter that a phase changes: the network alone has phases.
    unseen = VIEW - {key.partition(".")[0] for key in phase.settings}
    changed = [place for place in differences(without.resolved(), stage.resolved()) if place[0] not in unseen]
    fixed = [".".join(place) for place in changed if not _is_changeable(place)]
    for name in fixed:
        yield Problem((*path, "set", name), f"{name!r} cannot change during the run.", _CHANGEABLE)
    if not fixed and compose(stage).blueprint != compose(experiment).blueprint:
        names = ", ".join(repr(".".join(place)) for place in changed if place[0] != "parameters")
        yield Problem(
            path,
            f"The program would be another one with {names}.",
            "A phase changes one number into another: the model, and whether there is one value for all or one for "
            "each, stay as they are.",
        )


def _is_changeable(place: tuple[str, ...]) -> bool:
    match place:
        case ("parameters", *_) | ("populations", _, "neuron", *_) | ("inputs", *_):
            return True
        case ("projections", _, "synapse", *below):
            return below != ["delay"]
    return False
