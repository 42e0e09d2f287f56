"""Checks of the values of single synapses: those that depend on distance, and those that a file brings along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from snnrun.datafiles import ArrayFile
from snnrun.entry import Entry
from snnrun.errors import KeyPath, Problem
from snnrun.language.distance import OfDistance
from snnrun.network.projection_checks import known_ends
from snnrun.neurons.base import quantity_fields
from snnrun.quantities import Values
from snnrun.spec.draft import Draft
from snnrun.spec.messages import sentence
from snnrun.spec.sections import ProjectionSection
from snnrun.synapses.base import SynapseModel


def misplaced_value_problems(draft: Draft) -> Iterator[Problem]:
    """Values of distance between neurons that are nowhere, and values from a file that does not name the neurons."""
    for name, projection in draft.projections.items():
        path: KeyPath = ("projections", name, "synapse")
        synapse = projection.synapse
        values: dict[KeyPath, Values] = {
            (*path, "weight"): synapse.weight_value(),
            (*path, "delay"): synapse.delay,
        }
        inside = place_of_values(synapse, path)
        values |= {(*inside, key): value for key, value in synapse.kinetics().state_parameters.items()}
        for place, value in values.items():
            if isinstance(value, OfDistance):
                yield from _nowhere(projection, draft, place)
            if isinstance(value, ArrayFile):
                yield Problem(
                    place,
                    "Values of single synapses come with their neurons.",
                    "Use the rule 'from_file', whose table can hold weights and delays.",
                )


def place_of_values(entry: Entry, path: KeyPath) -> KeyPath:
    """Under which key the values stand that the equations of a neuron or synapse use."""
    return (*path, "parameters") if "parameters" in type(entry).model_fields else path


def _nowhere(projection: ProjectionSection, draft: Draft, path: KeyPath) -> Iterator[Problem]:
    for _, ends in known_ends(projection, draft):
        problem = ends.space_problem()
        if problem:
            yield Problem(path, sentence(problem))
            break


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
        path: KeyPath = ("projections", name, "connectivity")
        if projection.synapse.kinetics().coupling and projection.connectivity.delays() is not None:
            yield Problem((*path, "delay"), "This synapse acts at once.", "Remove it.")
        refused = {
            field: refusal
            for field, values in _brought(projection, draft)
            if (refusal := _refusal(projection.synapse, field, values))
        }
        for field, refusal in refused.items():
            yield Problem((*path, field), refusal)


def _brought(projection: ProjectionSection, draft: Draft) -> Iterator[tuple[str, ArrayFile]]:
    """Weights and delays that the rule brings along, of each target."""
    for _, ends in known_ends(projection, draft):
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
