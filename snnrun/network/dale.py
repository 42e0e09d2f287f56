"""Dale's law: all that a neuron sends has one sign."""

from __future__ import annotations

import math
from collections.abc import Iterator

from snnrun.errors import KeyPath, Problem
from snnrun.network.synapse_value_checks import weights_of
from snnrun.quantities import Values
from snnrun.spec.draft import Draft
from snnrun.spec.sections import PopulationSection, ProjectionSection
from snnrun.units import Quantity


def dale_problems(draft: Draft) -> Iterator[Problem]:
    """Projections whose sign is not that of the population they come from.

    Where a synapse has a reversal potential, that decides the sign against the threshold of the target; otherwise the
    weight does. Electrical synapses have none: what flows depends on both cells.
    """
    for name, projection in draft.projections.items():
        source = draft.populations.get(projection.source)
        if source is None or source.type is None:
            continue
        path: KeyPath = ("projections", name, "synapse")
        reversal = projection.synapse.reversal()
        if reversal is not None:
            for target in projection.targets:
                yield from _reversal_problems(
                    reversal, draft.populations.get(target), target, projection, source.type, path
                )
        elif not projection.synapse.kinetics().coupling:
            for weight, key in weights_of(projection, draft):
                problem = _weight_problem(weight, projection.source, source.type)
                if problem:
                    yield Problem(("projections", name, key, "weight"), *problem)
                    break


def _weight_problem(weight: Values, source: str, kind: str) -> tuple[str, str] | None:
    """Why a weight has not the sign of its source, and what to do about it; None if it has."""
    low, high = _range(weight)
    if low >= 0 if kind == "excitatory" else high <= 0:
        return None
    wrong = "negative" if kind == "excitatory" else "positive"
    if math.isinf(low) or math.isinf(high):
        limits = "low" if kind == "excitatory" else "low, high"
        hint = f"Give it limits: {weight.pretty().partition('(')[0]}(mean, sd, {limits})."
        return f"{weight.pretty()} can be {wrong}, but {source!r} is {kind}.", hint
    return (
        f"Dale's law: {source!r} is {kind}, but this weight is {wrong}: {weight.pretty()}.",
        "Turn the sign, or change or remove the population's 'type'.",
    )


def _reversal_problems(
    reversal: Values,
    target: PopulationSection | None,
    target_name: str,
    projection: ProjectionSection,
    kind: str,
    path: KeyPath,
) -> Iterator[Problem]:
    threshold = target.neuron.values().get("v_thresh") if target is not None else None
    if threshold is None or threshold.dimension != reversal.dimension:
        return  # a neuron without one number for its threshold: nothing to hold the reversal potential against
    (low, high), (lowest, highest) = _range(reversal), _range(threshold)
    if low > highest if kind == "excitatory" else high < lowest:
        return
    side = "above" if kind == "excitatory" else "below"
    yield Problem(
        (*path, "e_rev"),
        f"Dale's law: {projection.source!r} is {kind}, so the reversal potential must be {side} the threshold of "
        f"{target_name!r} ({threshold.pretty()}), but it is {reversal.pretty()}.",
        "Change it, or change or remove the population's 'type'.",
    )


def _range(value: Values) -> tuple[float, float]:
    return (value.value, value.value) if isinstance(value, Quantity) else value.bounds()
