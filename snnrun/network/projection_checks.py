"""Checks of projections and of the synapses of inputs: receptors, rules, values from files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import TypeAdapter, ValidationError

from snnrun.connectivity import Ends
from snnrun.datafiles import ArrayFile
from snnrun.errors import KeyPath, Problem
from snnrun.language.distance import OfDistance
from snnrun.language.equations import names_in, parse_equations
from snnrun.network.ends import ends_of
from snnrun.network.population import receptor_of
from snnrun.neurons.base import quantity_fields
from snnrun.quantities import Values
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
    """Rules that cannot connect their populations, sources that never spike, and values that need their neurons."""
    for name, projection in draft.projections.items():
        path: KeyPath = ("projections", name)
        problem = next(_refusals(projection, draft), None)
        if problem:
            yield Problem((*path, "connectivity"), sentence(problem))
        else:
            yield from _too_many(projection, draft, path)
        synapse = projection.synapse
        values = {"weight": synapse.weight_value(), "delay": synapse.delay, **synapse.kinetics().state_parameters}
        for key, value in values.items():
            if isinstance(value, OfDistance):
                yield from _nowhere(projection, draft, (*path, "synapse", key))
            if isinstance(value, ArrayFile):
                yield Problem(
                    (*path, "synapse", key),
                    "Values of single synapses come with their neurons.",
                    "Use the rule 'from_file', whose table can hold weights and delays.",
                )
        source = draft.populations.get(projection.source)
        if synapse.kinetics().coupling:
            yield from _coupling_problems(projection, draft, path)
        elif source is not None and not source.neuron.dynamics().threshold:
            yield Problem((*path, "from"), f"The neurons of {projection.source!r} have no threshold: they never spike.")


def _nowhere(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    for _, ends in _known_ends(projection, draft):
        problem = ends.space_problem()
        if problem:
            yield Problem(path, sentence(problem))
            break


def _coupling_problems(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    """Ends without the variable that couples them, and delays where nothing is delayed."""
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
    if projection.connectivity.delays() is not None:
        yield Problem((*path, "connectivity", "delay"), "This synapse acts at once.", "Remove it.")


def _too_many(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    for name, ends in _known_ends(projection, draft):
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


def located(draft: Draft) -> Draft:
    """The draft with values of distance that know how far the neurons of their projection can be from each other."""

    def with_reach(projection: ProjectionSection) -> ProjectionSection:
        source = draft.populations[projection.source]
        if source.positions is None:
            return projection
        farthest = source.positions.space(source.size).diameter
        values = quantity_fields(projection.synapse).items()
        reaching = {name: value.within(farthest) for name, value in values if isinstance(value, OfDistance)}
        return projection.model_copy(update={"synapse": projection.synapse.model_copy(update=reaching)})

    return replace(draft, projections={name: with_reach(p) for name, p in draft.projections.items()})


def _refusals(projection: ProjectionSection, draft: Draft) -> Iterator[str]:
    for _, ends in _known_ends(projection, draft):
        problem = projection.connectivity.problem(ends)
        if problem:
            yield problem


def _known_ends(projection: ProjectionSection, draft: Draft) -> Iterator[tuple[str, Ends]]:
    """What the projection connects, for each target that could be read."""
    seed = draft.simulation.seed if draft.simulation is not None else 0
    for name in projection.targets:
        if {projection.source, name} <= draft.populations.keys():
            yield name, ends_of(draft.populations, projection.source, name, seed)


def synapse_value_problems(draft: Draft) -> Iterator[Problem]:
    """Values that are known only with the rule or the space, held against the synapse like those written there.

    Parameters
    ----------
    draft
        With projections that are `connectable` and `located`.
    """
    for name, projection in draft.projections.items():
        for field, value in quantity_fields(projection.synapse).items():
            refusal = _refusal(projection.synapse, field, value) if isinstance(value, OfDistance) else None
            if refusal:
                yield Problem(("projections", name, "synapse", field), refusal)
        refused = {
            field: refusal
            for field, values in _brought(projection, draft)
            if (refusal := _refusal(projection.synapse, field, values))
        }
        for field, refusal in refused.items():
            yield Problem(("projections", name, "connectivity", field), refusal)


def _brought(projection: ProjectionSection, draft: Draft) -> Iterator[tuple[str, ArrayFile]]:
    """Weights and delays that the rule brings along, of each target."""
    for _, ends in _known_ends(projection, draft):
        for field, values in (
            ("weight", projection.connectivity.weights(ends)),
            ("delay", projection.connectivity.delays(ends)),
        ):
            if values is not None:
                yield field, values


def weights_of(projection: ProjectionSection, draft: Draft) -> Iterator[tuple[Values, str]]:
    """The weights of a projection, and under which of its keys they stand; of a file, those onto each target."""
    if projection.connectivity.weights() is None:
        yield projection.synapse.weight_value(), "synapse"
    for field, values in _brought(projection, draft):
        if field == "weight":
            yield values, "connectivity"


def _refusal(synapse: SynapseModel, field: str, values: Values) -> str | None:
    """Why a field of a synapse cannot have these values."""
    info = type(synapse).model_fields[field]
    kind: Any = Annotated[info.annotation, *info.metadata]
    try:
        TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        return sentence(error.errors()[0]["msg"])
    written = getattr(synapse, field)
    if values.dimension != written.dimension:
        return f"The synapse is written with {written.pretty()}, but the file holds {values.pretty()}."
    return None
