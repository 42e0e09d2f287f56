"""Which engine runs a network: the fast one, unless the network needs what only the reference engine can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from snnrun.language.equations import is_noise
from snnrun.language.functions import FUNCTIONS
from snnrun.network.blueprint import Blueprint, ProjectionBlueprint
from snnrun.network.projection import projection_of

_RANDOM: Final = frozenset(name for name, function in FUNCTIONS.items() if function.random)
# The random functions for which the fast engine has generators of its own.
_DRAWN: Final = frozenset({"rand", "randn", "poisson"})
_WORD: Final = re.compile(r"[A-Za-z]\w*")
_DIFFERENTIAL: Final = re.compile(r"d(\w+)/dt = ")


def with_engine(blueprint: Blueprint) -> tuple[Blueprint, str]:
    """A blueprint with the engine that will run it, and the reason as a sentence where it is not the one asked for."""
    if blueprint.engine == "reference":
        return _for_reference(blueprint), ""
    problem = fast_engine_problem(blueprint)
    if problem is None:
        return blueprint, ""
    return _for_reference(blueprint), f"the fast engine cannot {problem}; the reference engine runs instead"


def _for_reference(blueprint: Blueprint) -> Blueprint:
    return replace(blueprint, engine="reference", weight_precision="double")


def fast_engine_problem(blueprint: Blueprint) -> str | None:
    """What the fast engine cannot do of a network, as the rest of a sentence; None if it can do everything.

    It visits synapses when spikes arrive, and never else: whatever happens at them in every time step is out of reach.
    """
    problems = (_unknown_draws(blueprint), *(_synapse_problem(projection) for projection in blueprint.projections))
    return next((problem for problem in problems if problem), None)


def _synapse_problem(projection: ProjectionBlueprint) -> str | None:
    where = f"'{projection_of(projection.name)}' onto '{projection.target}'"
    lines = projection.equations.splitlines()
    if any(_has_flag(line, "summed") for line in lines):
        return f"run synapses that act at any moment, as those of {where} do"
    for line in lines:
        differential = _DIFFERENTIAL.match(line)
        if differential and not _has_flag(line, "event-driven"):
            return f"integrate '{differential[1]}' of the synapses of {where}, which is not event-driven"
        if _has_flag(line, "constant over dt"):
            return f"compute '{line.partition(' ')[0]}' of the synapses of {where} in every time step"
    words = {*_words(projection.equations), *_words(projection.on_pre), *_words(projection.on_post)}
    if any(word in _RANDOM or is_noise(word) for word in words):
        return f"draw random numbers in synapses, as those of {where} do"
    return None


def _unknown_draws(blueprint: Blueprint) -> str | None:
    """Random functions that it has no generator for."""
    unknown = _RANDOM - _DRAWN
    used = sorted(word for text in _texts(blueprint) for word in _words(text) & unknown)
    return f"draw from '{used[0]}'" if used else None


def _texts(blueprint: Blueprint) -> Iterator[str]:
    for population in blueprint.populations:
        yield from (population.equations, population.threshold, population.reset, population.refractory)
        yield from (expression for _, expression in population.initial)
        yield from (update.code for update in population.updates)
    for projection in blueprint.projections:
        yield from (projection.equations, projection.on_pre, projection.on_post)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


def _has_flag(line: str, flag: str) -> bool:
    """Whether the brackets at the end of an equation hold a flag."""
    return flag in line.rpartition(" (")[2].removesuffix(")").split(", ")
