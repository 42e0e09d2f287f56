"""Checks of inputs and of populations that only send: whom they reach, when, and whether they can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from snnrun.errors import KeyPath, Problem
from snnrun.inputs.base import InputModel
from snnrun.network.projection_checks import MAX_COUNT
from snnrun.spec.draft import Draft
from snnrun.spec.sections import PopulationSection


def reaching(draft: Draft) -> Draft:
    """The draft with only those inputs whose neurons can be found and counted."""

    def is_sound(name: str, source: InputModel) -> bool:
        countable = all(draft.populations[target].size <= MAX_COUNT for target in _targets(source, draft))
        return countable and not any(_part_problems(name, source, draft))

    return replace(draft, inputs={name: source for name, source in draft.inputs.items() if is_sound(name, source)})


def input_problems(draft: Draft) -> Iterator[Problem]:
    """Inputs that cannot drive the populations they are given, or end before they set in."""
    for name, source in draft.inputs.items():
        start, stop = source.start, source.stop
        if stop is not None and stop.value <= (start.value if start is not None else 0):
            onset = start.pretty() if start is not None else "the run"
            yield Problem(("inputs", name, "stop"), f"It ends at {stop.pretty()}, not after it sets in with {onset}.")
        misplaced = list(_part_problems(name, source, draft))
        yield from misplaced or _model_problems(name, source, draft)


def _part_problems(name: str, source: InputModel, draft: Draft) -> Iterator[Problem]:
    for target in _targets(source, draft):
        section = draft.populations[target]
        problem = source.part_problem(section.size, section.names)
        if problem:
            yield Problem(("inputs", name, "neurons"), f"In {target!r}: {problem[:1].lower()}{problem[1:]}")
            return


def _model_problems(name: str, source: InputModel, draft: Draft) -> Iterator[Problem]:
    for target in _targets(source, draft):
        problem = source.problem(source.n_reached(draft.populations[target].size))
        if problem:
            yield Problem(("inputs", name), problem)
            return


def _targets(source: InputModel, draft: Draft) -> list[str]:
    return [target for target in source.targets if target in draft.populations]


def source_problems(draft: Draft) -> Iterator[Problem]:
    """Populations that cannot send as they are told, and what is sent to those that only send."""
    for name, section in draft.populations.items():
        problem = section.neuron.problem(section.size, draft.simulation.dt.value) if draft.simulation else None
        if problem:
            yield Problem(("populations", name, "neuron"), problem)
    arriving: list[tuple[KeyPath, tuple[str, ...]]] = [
        *((("projections", name, "to"), projection.targets) for name, projection in draft.projections.items()),
        *((("inputs", name, "to"), source.targets) for name, source in draft.inputs.items()),
    ]
    for path, targets in arriving:
        for target in targets:
            if is_source(draft.populations.get(target)):
                yield Problem(
                    path,
                    f"The neurons of {target!r} only send spikes: nothing can arrive at them.",
                    "Take it out, or give the population a neuron model that receives.",
                )


def is_source(section: PopulationSection | None) -> bool:
    """Whether a population only sends spikes."""
    return section is not None and section.neuron.sends_only
