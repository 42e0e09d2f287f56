"""Checks of projections and of the synapses of inputs: receptors, rules, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from snnrun.connectivity import Ends
from snnrun.errors import KeyPath, Problem
from snnrun.language.distance import OfDistance
from snnrun.language.equations import names_in, parse_equations
from snnrun.network.ends import ends_of
from snnrun.network.population import receptor_of
from snnrun.spec.draft import Draft
from snnrun.spec.messages import sentence
from snnrun.spec.sections import ProjectionSection
from snnrun.synapses.base import SynapseModel
from snnrun.units import Quantity

# Programs number neurons and synapses in 32 bits.
MAX_COUNT: Final = 2**31 - 1


def arriving(draft: Draft) -> Iterator[tuple[KeyPath, Sequence[str], SynapseModel, str]]:
    """All synapses: where they stand, the populations at which they arrive, the model, and the name they go by."""
    for name, projection in draft.projections.items():
        yield ("projections", name), projection.targets, projection.synapse, name
    for name, source in draft.inputs.items():
        synapse = source.contribution().synapse
        if synapse is not None:
            yield ("inputs", name), source.targets, synapse, name


def receptor_problems(draft: Draft) -> Iterator[Problem]:
    """Synapses that name one receptor but do not work alike, and synapses that cannot serve an input."""
    known: dict[tuple[str, str], tuple[SynapseModel, KeyPath]] = {}
    for path, targets, synapse, default in arriving(draft):
        if path[0] == "inputs":
            yield from _input_problems(path, synapse)
        for target in targets:
            receptor = receptor_of(synapse, default)
            first, first_path = known.setdefault((target, receptor), (synapse, path))
            if not _same_kinetics(first, synapse):
                other = ".".join(map(str, first_path))
                yield Problem(
                    (*path, "synapse", "receptor"),
                    f"The receptor {receptor!r} works differently in {other}.",
                    "Synapses on one receptor share all but weight and delay; give this one another name.",
                )
                break


def _same_kinetics(one: SynapseModel, other: SynapseModel) -> bool:
    a, b = one.kinetics(), other.kinetics()
    if not (a.equations or b.equations or a.current or b.current):
        return True
    return (a.equations, a.current, a.parameters) == (b.equations, b.current, b.parameters)


def _input_problems(path: KeyPath, synapse: SynapseModel) -> Iterator[Problem]:
    if synapse.kinetics().coupling:
        yield Problem(
            (*path, "synapse"),
            "This synapse couples two neurons; an input has no neurons of its own.",
            "Use another synapse model here.",
        )
    elif not synapse.kinetics().increment:
        yield Problem(
            (*path, "synapse"),
            "This synapse acts by statements at the spike of a neuron; an input has no neurons of its own.",
            "Use another synapse model here.",
        )
    if isinstance(synapse.weight_value(), OfDistance):
        yield Problem((*path, "synapse", "weight"), "What comes from outside has no distance.", "Give a value.")
    if synapse.delay != Quantity(0.0, synapse.delay.dimension):
        yield Problem((*path, "synapse", "delay"), "What comes from outside has no delay.", "Remove it.")


def rule_problems(draft: Draft) -> Iterator[Problem]:
    """Rules that cannot connect their populations, and sources that never spike."""
    for name, projection in draft.projections.items():
        path: KeyPath = ("projections", name)
        problem = next(_refusals(projection, draft), None)
        if problem:
            yield Problem((*path, "connectivity"), sentence(problem))
        else:
            yield from _too_many(projection, draft, path)
        source = draft.populations.get(projection.source)
        if projection.synapse.kinetics().coupling:
            yield from _coupling_problems(projection, draft, path)
        elif source is not None and not source.neuron.dynamics().threshold:
            yield Problem((*path, "from"), f"The neurons of {projection.source!r} have no threshold: they never spike.")


def _coupling_problems(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    """Ends without the variable that couples them."""
    kinetics = projection.synapse.kinetics()
    own = [equation.expression for equation in parse_equations(kinetics.state)]
    names = {name for expression in (kinetics.coupling, *filter(None, own)) for name in names_in(expression)}
    ends = [("from", projection.source, "_pre"), *(("to", target, "_post") for target in projection.targets)]
    for key, population, suffix in ends:
        if population not in draft.populations:
            continue
        equations = parse_equations(draft.populations[population].neuron.dynamics().equations)
        needed = {name.removesuffix(suffix) for name in names if name.endswith(suffix)}
        for variable in sorted(needed - {equation.name for equation in equations}):
            yield Problem((*path, key), f"The neurons of {population!r} have no variable {variable!r} to couple.")


def _too_many(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    for name, ends in known_ends(projection, draft):
        expected = projection.connectivity.expected_synapses(ends)
        if expected > MAX_COUNT:
            yield Problem(
                (*path, "connectivity"),
                f"About {expected:.3g} synapses onto {name!r}: programs count up to {MAX_COUNT} in one projection.",
                "Make the populations smaller or the connections sparser, or split the projection.",
            )


def connectable(draft: Draft) -> Draft:
    """The draft with only those projections whose rule can be asked for its synapses."""

    def is_sound(projection: ProjectionSection) -> bool:
        populations = [projection.source, *projection.targets]
        return all(name in draft.populations for name in populations) and not any(_refusals(projection, draft))

    return replace(draft, projections={name: p for name, p in draft.projections.items() if is_sound(p)})


def _refusals(projection: ProjectionSection, draft: Draft) -> Iterator[str]:
    for _, ends in known_ends(projection, draft):
        problem = projection.connectivity.problem(ends)
        if problem:
            yield problem


def known_ends(projection: ProjectionSection, draft: Draft) -> Iterator[tuple[str, Ends]]:
    """What the projection connects, for each target that could be read."""
    seed = draft.simulation.seed if draft.simulation is not None else 0
    for name in projection.targets:
        if {projection.source, name} <= draft.populations.keys():
            yield name, ends_of(draft.populations, projection.source, name, seed)
