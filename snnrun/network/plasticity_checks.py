"""Checks of plastic synapses, and of the weights that are recorded over time."""

from __future__ import annotations

import math
from collections.abc import Iterator

from snnrun.errors import KeyPath, Problem
from snnrun.language.equations import names_in, parse_equations, parse_statements
from snnrun.network.synapse_code import synapse_code, transmission
from snnrun.network.synapse_value_checks import weights_of
from snnrun.plasticity.base import LearningRule
from snnrun.quantities import Values
from snnrun.spec.draft import Draft
from snnrun.spec.sections import ProjectionSection
from snnrun.synapses.base import SynapseModel
from snnrun.units import Quantity, display_unit


def plasticity_problems(draft: Draft) -> Iterator[Problem]:
    """Rules that do not fit their synapses, and recorded weights that do not change."""
    for name, source in draft.inputs.items():
        synapse = source.contribution().synapse
        if synapse is not None and synapse.plasticity is not None:
            yield Problem(
                ("inputs", name, "synapse", "plasticity"),
                "An input has no synapses of its own that could change.",
                "Make its source a population of the neuron model 'poisson' and this a projection.",
            )
    for name, projection in draft.projections.items():
        path: KeyPath = ("projections", name, "synapse", "plasticity")
        problem = next(_model_problems(projection.synapse), None)
        if problem is not None:
            yield Problem(path, *problem)
        elif isinstance(projection.synapse.plasticity, LearningRule):
            yield from _limit_problems(projection, projection.synapse.plasticity, draft, path)
    for name in draft.record.weights if draft.record else ():
        observed = draft.projections.get(name)
        if observed is not None and "weight" not in synapse_code(observed.synapse).changed:
            yield Problem(
                ("record", "weights", name),
                f"No spike changes the weights of {name!r}.",
                "Remove it; 'record: synapses' stores weights as they are at the start.",
            )


def _model_problems(synapse: SynapseModel) -> Iterator[tuple[str, str]]:
    """Why a synapse cannot be plastic by this rule, and what to do about it."""
    if synapse.plasticity is None:
        return
    kinetics, rule = synapse.kinetics(), synapse.plasticity.changes()
    transmitted = parse_statements(transmission(kinetics))
    if not any("weight" in names_in(statement.expression) for statement in transmitted):
        yield "What a spike does here does not depend on 'weight'.", "Use it in 'on_pre', as in g_post += weight."
    own = {statement.target for statement in (*transmitted, *parse_statements(kinetics.on_post))}
    if "weight" in own:
        yield "The statements of this synapse change its weight already.", "Keep either them or the rule."
    names = {equation.name for equation in parse_equations(rule.state)} | rule.parameters.keys()
    taken = {equation.name for equation in parse_equations(kinetics.state)} | kinetics.state_parameters.keys()
    if names & taken:
        yield f"The rule has a variable {min(names & taken)!r} of its own.", "Rename that of the synapse."


def _limit_problems(
    projection: ProjectionSection, rule: LearningRule, draft: Draft, path: KeyPath
) -> Iterator[Problem]:
    """A largest weight of another dimension or sign than the weights, and weights beyond it."""
    w_max = rule.w_max
    wrong_sign = _wrong_sign(projection, w_max, draft)
    for weight, key in weights_of(projection, draft):
        if w_max.dimension != weight.dimension:
            wanted = display_unit(weight.dimension)
            expected = "a plain number" if wanted == "1" else f"a value in {wanted}"
            yield Problem((*path, "w_max"), f"It limits the weight, {expected}, but is {w_max.pretty()}.")
            return
        if wrong_sign:
            yield Problem((*path, "w_max"), *wrong_sign)
            return
        beyond = _weight_problem(weight, w_max)
        if beyond:
            yield Problem((*path[:2], key, "weight"), *beyond)
            return


def _wrong_sign(projection: ProjectionSection, w_max: Quantity, draft: Draft) -> tuple[str, str] | None:
    """Why the largest weight cannot have its sign, and what to do about it."""
    if projection.synapse.reversal() is not None:  # it decides what the synapse does, not the weight
        wrong = "A conductance is never negative, and w_max is its largest value.", "Turn the sign."
        return wrong if w_max.value < 0 else None
    source = draft.populations.get(projection.source)
    if source is None or source.type is None or (w_max.value > 0) == (source.type == "excitatory"):
        return None
    sign = "positive" if w_max.value > 0 else "negative"
    return (
        f"Dale's law: {projection.source!r} is {source.type}, but these weights are {sign}, up to {w_max.pretty()}.",
        "Turn the sign, or change or remove the population's 'type'.",
    )


def _weight_problem(weight: Values, w_max: Quantity) -> tuple[str, str] | None:
    """Why a weight is not between the limits, and what to do about it; None if it is."""
    low, high = (weight.value, weight.value) if isinstance(weight, Quantity) else weight.bounds()
    bottom, top = sorted([0.0, w_max.value])
    # A weight computed from the parameters of w_max may pass it by a rounding.
    slack = 1e-9 * abs(w_max.value)
    if bottom - slack <= low and high <= top + slack:
        return None
    hint = "Change it, or 'plasticity.w_max'."
    if math.isinf(low) or math.isinf(high):
        limits = f"0 {display_unit(w_max.dimension)}, {w_max.pretty()}" if w_max.value > 0 else f"{w_max.pretty()}, 0"
        hint = f"Give it limits: {weight.pretty().partition('(')[0]}(mean, sd, {limits})."
    return f"{weight.pretty()} is not between 0 and the largest weight {w_max.pretty()}.", hint
