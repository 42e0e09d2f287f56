"""Checks across sections: what each part says about the others must be true.

Every check takes what could be read and gives problems; none stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snnrun.datafiles import ArrayFile
from snnrun.errors import KeyPath, Problem
from snnrun.network.compose import PopulationParts, compose_population, increment_of, receptor_of
from snnrun.network.dale import dale_problems
from snnrun.neurons.base import TOTAL_CURRENT
from snnrun.quantities import Values
from snnrun.registry import suggestion
from snnrun.spec.draft import Draft
from snnrun.spec.sections import SimulationSection
from snnrun.synapses.base import SynapseModel
from snnrun.units import Quantity

# Two times count as the same number of steps when they differ by less than this part of a step.
_STEP_TOLERANCE = 1e-6


def check(draft: Draft) -> list[Problem]:
    """All problems between the sections of an experiment."""
    problems = [*_reference_problems(draft), *_time_problems(draft)]
    problems += _receptor_problems(draft)
    if not problems:
        for name, section in draft.populations.items():
            parts = compose_population(name, section, draft.projections, draft.inputs)
            problems += _population_problems(parts, draft)
    problems += _connection_problems(draft)
    problems += dale_problems(draft)
    return problems


def _reference_problems(draft: Draft) -> Iterator[Problem]:
    """Names of populations and projections that do not exist."""
    raw = draft.document.data.get("populations")
    populations = list(raw) if isinstance(raw, dict) else []
    for name, projection in draft.projections.items():
        yield from _unknown("population", [projection.source], populations, ("projections", name, "from"))
        yield from _unknown("population", projection.targets, populations, ("projections", name, "to"))
    for name, source in draft.inputs.items():
        yield from _unknown("population", source.targets, populations, ("inputs", name, "to"))
    if draft.record is not None:
        for name in draft.record.spikes or ():
            yield from _unknown("population", [name], populations, ("record", "spikes", name))
        for name in draft.record.traces:
            yield from _unknown("population", [name], populations, ("record", "traces", name))
        raw_projections = draft.document.data.get("projections")
        projections = list(raw_projections) if isinstance(raw_projections, dict) else []
        yield from _unknown("projection", draft.record.synapses, projections, ("record", "synapses"))


def _unknown(kind: str, names: Sequence[str], known: list[str], path: KeyPath) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name not in known:
            place = (*path, index) if len(names) > 1 else path
            yield Problem(place, f"There is no {kind} {name!r}.", suggestion(name, known) if known else "")
        elif name in names[:index]:
            yield Problem((*path, index), f"The {kind} {name!r} is named twice.", "Remove one.")


def _time_problems(draft: Draft) -> Iterator[Problem]:
    """Times that are no whole number of steps, or do not fit into the run."""
    simulation = draft.simulation
    if simulation is None:
        return
    yield from _off_grid(simulation, simulation.duration, ("simulation", "duration"))
    yield from _off_grid(simulation, simulation.warmup, ("simulation", "warmup"))
    if simulation.warmup.value >= simulation.duration.value:
        yield Problem(
            ("simulation", "warmup"),
            f"The warm-up of {simulation.warmup.pretty()} leaves nothing of the {simulation.duration.pretty()}.",
            "Shorten it or lengthen the duration.",
        )
    for name, trace in (draft.record.traces if draft.record else {}).items():
        if trace.every is not None:
            yield from _off_grid(simulation, trace.every, ("record", "traces", name, "every"))
    for name, projection in draft.projections.items():
        yield from _off_grid(simulation, projection.synapse.delay, ("projections", name, "synapse", "delay"))


def _off_grid(simulation: SimulationSection, time: Values, path: KeyPath) -> Iterator[Problem]:
    if not isinstance(time, Quantity):
        return  # drawn delays are rounded to the grid, as every simulator does
    steps = time.value / simulation.dt.value
    if abs(steps - round(steps)) > _STEP_TOLERANCE * max(1.0, steps):
        yield Problem(
            path,
            f"{time.pretty()} is no whole number of time steps of {simulation.dt.pretty()}.",
            "Change it, or 'simulation.dt'.",
        )


def _receptor_problems(draft: Draft) -> Iterator[Problem]:
    """Synapses that name one receptor but do not work alike."""
    known: dict[tuple[str, str], tuple[SynapseModel, KeyPath]] = {}
    for path, targets, synapse, default in _synapses(draft):
        for target in targets:
            first, first_path = known.setdefault((target, receptor_of(synapse, default)), (synapse, path))
            if not _same_kinetics(first, synapse):
                other = ".".join(map(str, first_path[:2]))
                yield Problem(
                    (*path, "synapse", "receptor"),
                    f"The receptor {synapse.receptor!r} works differently in {other}.",
                    "Synapses on one receptor share all but weight and delay; give this one another name.",
                )
                break


def _synapses(draft: Draft) -> Iterator[tuple[KeyPath, Sequence[str], SynapseModel, str]]:
    for name, projection in draft.projections.items():
        yield ("projections", name), projection.targets, projection.synapse, name
    for name, source in draft.inputs.items():
        synapse = source.contribution().synapse
        if synapse is not None:
            yield ("inputs", name), source.targets, synapse, name


def _same_kinetics(one: SynapseModel, other: SynapseModel) -> bool:
    a, b = one.kinetics(), other.kinetics()
    if not (a.equations or b.equations or a.current or b.current):
        return True
    return (a.equations, a.current, a.parameters) == (b.equations, b.current, b.parameters)


def _population_problems(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    """What does not fit one population: names taken twice, missing places, unknown variables, wrong sizes."""
    path: KeyPath = ("populations", parts.name)
    yield from _collisions(parts, path)
    yield from _missing_places(parts, draft)
    variables = parts.variables
    settable = {name: e for name, e in variables.items() if e.kind != "subexpression"}
    for name, value in parts.section.initial.items():
        if name not in settable:
            yield Problem(
                (*path, "initial", name), f"There is no state variable {name!r}.", suggestion(name, [*settable])
            )
        elif value.dimension != settable[name].dimension:
            yield Problem((*path, "initial", name), f"{value.pretty()} has not the unit of {name!r}.")
    for name, value in {**parts.section.neuron.values(), **parts.section.initial}.items():
        if isinstance(value, ArrayFile) and len(value.values) != parts.section.size:
            where = "initial" if name in parts.section.initial else "neuron"
            yield Problem(
                (*path, where, name),
                f"The file holds {len(value.values)} values, but there are {parts.section.size} neurons.",
            )
    yield from _recording_problems(parts, draft)


def _collisions(parts: PopulationParts, path: KeyPath) -> Iterator[Problem]:
    taken: set[str] = set()
    for name in [*(equation.name for equation in parts.equations), *parts.values]:
        if name in taken:
            yield Problem(
                path,
                f"The variable {name!r} comes twice: from the neuron and from what arrives at it.",
                "Rename the variable, or the projection or input.",
            )
        taken.add(name)


def _missing_places(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    """Currents and steps of the potential for which the neuron has no place."""
    for path, targets, synapse, default in _synapses(draft):
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


def _recording_problems(parts: PopulationParts, draft: Draft) -> Iterator[Problem]:
    if draft.record is None:
        return
    size = parts.section.size
    spikes = (draft.record.spikes or {}).get(parts.name)
    if spikes is not None and not parts.section.neuron.dynamics().threshold:
        yield Problem(("record", "spikes"), f"The neurons of {parts.name!r} have no threshold, so they never spike.")
    if spikes is not None and not isinstance(spikes, str) and spikes.neurons > size:
        yield Problem(("record", "spikes", parts.name, "neurons"), f"There are only {size} neurons in {parts.name!r}.")
    trace = draft.record.traces.get(parts.name)
    if trace is None:
        return
    path: KeyPath = ("record", "traces", parts.name)
    if trace.neurons > size:
        yield Problem((*path, "neurons"), f"There are only {size} neurons in {parts.name!r}.")
    known = [*parts.variables]
    for name in trace.variables:
        if name not in known:
            yield Problem((*path, "variables"), f"{parts.name!r} has no variable {name!r}.", suggestion(name, known))


def _connection_problems(draft: Draft) -> Iterator[Problem]:
    """Rules that cannot connect the populations they are given, and values for synapses from files."""
    for name, projection in draft.projections.items():
        source = draft.populations.get(projection.source)
        for target_name in projection.targets:
            target = draft.populations.get(target_name)
            if source is None or target is None:
                continue
            problem = projection.connectivity.problem(source.size, target.size, projection.source == target_name)
            if problem:
                yield Problem(("projections", name, "connectivity"), problem)
                break
        for key, value in (("weight", projection.synapse.weight_value()), ("delay", projection.synapse.delay)):
            if isinstance(value, ArrayFile):
                yield Problem(
                    ("projections", name, "synapse", key),
                    "Values of single synapses come with their neurons.",
                    "Use the rule 'from_file', whose table can hold weights and delays.",
                )
        if source is not None and not source.neuron.dynamics().threshold:
            yield Problem(
                ("projections", name, "from"),
                f"The neurons of {projection.source!r} have no threshold: they never spike.",
            )
