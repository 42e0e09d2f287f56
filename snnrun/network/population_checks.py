"""Checks of one population with everything that arrives at it: names, places, values, what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snnrun.datafiles import ArrayFile
from snnrun.errors import KeyPath, Problem, suggestion
from snnrun.inputs.part import part_problem
from snnrun.language.distance import OfDistance
from snnrun.language.equations import is_noise, names_in
from snnrun.language.linearity import is_linear
from snnrun.network.input_checks import is_source
from snnrun.network.integration import times_coincide
from snnrun.network.population import PopulationParts, increment_of, receptor_of
from snnrun.network.projection_checks import MAX_COUNT, arriving
from snnrun.network.synapse_value_checks import place_of_values
from snnrun.neurons.base import TOTAL_CURRENT, quantity_fields
from snnrun.quantities import Values
from snnrun.spec.draft import Draft
from snnrun.units import Quantity, display_unit


def population_problems(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    """What does not fit one population: names taken twice, missing places, unknown variables, wrong sizes."""
    if parts.section.size > MAX_COUNT:
        yield Problem(("populations", parts.name, "size"), f"Programs count up to {MAX_COUNT} neurons.", "Take fewer.")
    yield from _collisions(parts)
    yield from _missing_places(parts, draft)
    yield from _method_problems(parts)
    yield from _initial_problems(parts, draft)
    for path, values in _values(parts, draft):
        yield from _wrong_lengths(values, parts.section.size, path)
    yield from _recording_problems(parts, draft)


def _collisions(parts: PopulationParts) -> Iterator[Problem]:
    taken: set[str] = set()
    for name in [*(equation.name for equation in parts.finish()), *parts.values]:
        if name in taken:
            yield Problem(
                ("populations", parts.name),
                f"The variable {name!r} comes twice: from the neuron and from what arrives at it.",
                "Rename the variable, or the projection or input.",
            )
        taken.add(name)


def _missing_places(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    """Currents and steps of the potential for which the neuron has no place."""
    if is_source(parts.section):
        return  # nothing at all can arrive there
    for path, targets, synapse, default in arriving(draft):
        kinetics = synapse.kinetics()
        if parts.name not in targets or not kinetics.increment:
            continue
        variable = increment_of(kinetics, receptor_of(synapse, default))
        if variable not in parts.variables:
            yield Problem(path, f"The neurons of {parts.name!r} have no variable {variable!r} to act on.")
    if parts.currents and not parts.takes_current:
        yield Problem(
            ("populations", parts.name, "neuron", "equations"),
            f"Currents arrive at {parts.name!r}, but its equations have no place for them.",
            f"Use {TOTAL_CURRENT} in them, the sum of all currents in ampere.",
        )


def _method_problems(parts: PopulationParts) -> Iterator[Problem]:
    """Methods of integration that the equations, with what arrives, do not allow."""
    method, equations = parts.section.neuron.method, parts.finish()
    path: KeyPath = ("populations", parts.name, "neuron", "method")
    derivatives = [equation for equation in equations if equation.kind == "differential"]
    noisy = any(is_noise(name) for equation in derivatives for name in names_in(equation.expression))
    if noisy and method not in ("auto", "euler", "heun"):
        yield Problem(path, f"Equations with white noise cannot be integrated by {method!r}.", "Use 'euler' or 'heun'.")
    elif method == "exact" and not is_linear(equations, {equation.name for equation in derivatives}):
        yield Problem(
            path,
            "The equations, with all that arrives, are not linear; they have no exact solution.",
            "Use 'rk4', or leave 'method' out.",
        )
    elif method == "exact" and times_coincide(derivatives, parts.values):
        yield Problem(
            path,
            "Two time constants are the same within a percent, and the exact solution divides by their difference.",
            "Use 'rk4', or leave 'method' out.",
        )


def _initial_problems(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    settable = {name: equation for name, equation in parts.variables.items() if equation.kind != "subexpression"}
    for name, value in parts.section.initial.items():
        path: KeyPath = ("populations", parts.name, "initial", name)
        if name not in settable:
            if _all_is_read(draft):
                yield Problem(
                    path, f"There is no state variable {name!r}.", suggestion(name, [*settable]) if settable else ""
                )
        elif value.dimension != settable[name].dimension:
            wanted = display_unit(settable[name].dimension)
            expected = "a plain number" if wanted == "1" else f"a value in {wanted}"
            yield Problem(path, f"{name!r} is {expected}, got {value.pretty()}.")
        elif "shared" in settable[name].flags and not isinstance(value, Quantity):
            yield Problem(path, f"{name!r} is shared by all neurons: one value is needed, not one for each.")


def _values(parts: PopulationParts, draft: Draft) -> Iterator[tuple[KeyPath, Mapping[str, Values]]]:
    """Values of single neurons, by the key under which they stand."""
    neuron: KeyPath = ("populations", parts.name, "neuron")
    yield place_of_values(parts.section.neuron, neuron), parts.section.neuron.values()
    yield ("populations", parts.name, "initial"), parts.section.initial
    for name, source in draft.inputs.items():
        if parts.name in source.targets:
            yield ("inputs", name), quantity_fields(source)
    for path, targets, synapse, _ in arriving(draft):
        if parts.name in targets:
            yield place_of_values(synapse, (*path, "synapse")), synapse.kinetics().parameters


def _wrong_lengths(values: Mapping[str, Values], size: int, path: KeyPath) -> Iterator[Problem]:
    for name, value in values.items():
        if isinstance(value, OfDistance):
            yield Problem((*path, name), "Only weights and delays depend on distance: a neuron has none.")
        if isinstance(value, ArrayFile) and len(value.values) != size:
            yield Problem((*path, name), f"The file holds {len(value.values)} values, but there are {size} neurons.")


def _recording_problems(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    if draft.record is None:
        return
    size = parts.section.size
    path: KeyPath = ("record", "spikes", parts.name)
    spikes = (draft.record.spikes or {}).get(parts.name)
    if spikes is not None and not parts.section.neuron.dynamics().threshold:
        yield Problem(path, f"The neurons of {parts.name!r} have no threshold, so they never spike.")
    if spikes is not None and not isinstance(spikes, str) and spikes.neurons > size:
        yield Problem((*path, "neurons"), f"There are only {size} neurons in {parts.name!r}.")
    trace = draft.record.traces.get(parts.name)
    if trace is None:
        return
    path = ("record", "traces", parts.name)
    problem = part_problem(trace.neurons, size, parts.section.names)
    if problem:
        yield Problem((*path, "neurons"), f"In {parts.name!r}: {problem[:1].lower()}{problem[1:]}")
    known = [*parts.variables]
    for index, name in enumerate(trace.variables):
        place = (*path, "variables", index) if len(trace.variables) > 1 else (*path, "variables")
        if name not in known and _all_is_read(draft):
            yield Problem(place, f"{parts.name!r} has no variable {name!r}.", suggestion(name, known) if known else "")
        elif name in trace.variables[:index]:
            yield Problem(place, f"{name!r} is named twice.", "Remove one.")


def _all_is_read(draft: Draft) -> bool:
    """Whether nothing that could bring a variable has been refused."""

    def complete(section: str, found: Mapping[str, object]) -> bool:
        raw = draft.document.data.get(section) or {}
        return isinstance(raw, dict) and len(raw) == len(found)

    return complete("projections", draft.projections) and complete("inputs", draft.inputs)
