"""Checks across sections: what each part says about the others must be true.

Every check takes what could be read and gives problems; none stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snnrun.errors import KeyPath, Problem, suggestion
from snnrun.network.dale import dale_problems
from snnrun.network.figure_checks import figure_problems
from snnrun.network.input_checks import input_problems, reaching, source_problems
from snnrun.network.metric_checks import metric_problems
from snnrun.network.plasticity_checks import plasticity_problems
from snnrun.network.population import compose_population
from snnrun.network.population_checks import population_problems
from snnrun.network.projection_checks import connectable, receptor_problems, rule_problems
from snnrun.network.synapse_value_checks import located, misplaced_value_problems, synapse_value_problems
from snnrun.quantities import Values, is_whole
from snnrun.spec.draft import Draft
from snnrun.spec.sections import SimulationSection
from snnrun.spec.sweep import sweep_problems
from snnrun.units import Quantity


def check(draft: Draft) -> list[Problem]:
    """All problems between the sections of an experiment."""
    sound = located(connectable(draft))
    problems = structure_problems(draft)
    problems += [*_time_problems(draft), *rule_problems(draft)]
    problems += [*synapse_value_problems(sound), *dale_problems(sound)]
    if draft.sweep is not None:
        problems += sweep_problems(draft.sweep, draft.document.data)
    if draft.experiment is not None:
        problems += [*metric_problems(draft.experiment), *figure_problems(draft.experiment)]
    return problems


def structure_problems(draft: Draft) -> list[Problem]:
    """Those of them that keep a network from being composed; found without drawing or counting synapses."""
    problems = list(_reference_problems(draft))
    conflicts = list(receptor_problems(draft))
    problems += conflicts
    if not conflicts:  # the variables of a population are known
        composable = reaching(draft)
        for name, section in draft.populations.items():
            parts = compose_population(name, section, composable.projections, composable.inputs)
            problems += population_problems(parts, composable)
    problems += misplaced_value_problems(draft)
    problems += plasticity_problems(located(connectable(draft)))
    problems += [*input_problems(draft), *source_problems(draft)]
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
        for name in draft.record.weights:
            yield from _unknown("projection", [name], projections, ("record", "weights", name))


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
    yield from _off_grid(simulation, simulation.duration, ("simulation", "duration"), least=1)
    yield from _off_grid(simulation, simulation.warmup, ("simulation", "warmup"))
    if simulation.warmup.value >= simulation.duration.value:
        yield Problem(
            ("simulation", "warmup"),
            f"The warm-up of {simulation.warmup.pretty()} leaves nothing of the {simulation.duration.pretty()}.",
            "Shorten it or lengthen the duration.",
        )
    for name, trace in (draft.record.traces if draft.record else {}).items():
        if trace.every is not None:
            yield from _off_grid(simulation, trace.every, ("record", "traces", name, "every"), least=1)
    for name, weights in (draft.record.weights if draft.record else {}).items():
        if weights.every is not None:
            yield from _off_grid(simulation, weights.every, ("record", "weights", name, "every"), least=1)
    for name, projection in draft.projections.items():
        yield from _off_grid(simulation, projection.synapse.delay, ("projections", name, "synapse", "delay"))
    for name, source in draft.inputs.items():
        for key, time in (("start", source.start), ("stop", source.stop)):
            if time is not None:
                yield from _off_grid(simulation, time, ("inputs", name, key))


def _off_grid(simulation: SimulationSection, time: Values, path: KeyPath, least: int = 0) -> Iterator[Problem]:
    """A time that is no whole number of steps, or fewer than the least there can be."""
    if not isinstance(time, Quantity):
        return  # drawn delays are rounded to the grid, as every simulator does
    steps = time.value / simulation.dt.value
    if steps < 0.5 < least:
        yield Problem(
            path,
            f"{time.pretty()} is shorter than a time step of {simulation.dt.pretty()}.",
            "Lengthen it, or shorten 'simulation.dt'.",
        )
    elif not is_whole(steps):
        yield Problem(
            path,
            f"{time.pretty()} is no whole number of time steps of {simulation.dt.pretty()}.",
            "Change it, or 'simulation.dt'.",
        )
