"""``snnrun describe``: what an experiment will build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from snnrun.cli import console
from snnrun.cli.console import in_bytes
from snnrun.cli.options import ExperimentFile, Json, Parameters, Settings, examples, load_experiment

if TYPE_CHECKING:
    from snnrun.network.describe import Description, PopulationDescription
    from snnrun.network.estimate import Estimate

EXAMPLE = examples("snnrun describe experiments/brunel_2000/ai.yaml")


def describe(file: ExperimentFile, parameters: Parameters, settings: Settings, as_json: Json = False) -> None:
    """Show what an experiment will build and need.

    The equations as they are composed from neurons, synapses and inputs, the expected numbers of synapses, and an
    estimate of memory and disk. Nothing is compiled.
    """
    experiment = load_experiment(file, parameters, settings)
    from snnrun.network.describe import describe as describe_experiment

    description = describe_experiment(experiment)
    if as_json:
        needs = description.estimate
        totals = {"synapses": needs.n_synapses, "memory": needs.memory, "disk": needs.disk}
        console.show_json({"description": description, "totals": totals, "assumptions": needs.assumptions()})
    else:
        _show(description)


def _show(description: Description) -> None:
    if description.title:
        console.heading(description.title)
    for population in description.populations:
        _show_population(population)
    _show_projections(description)
    for source in description.inputs:
        console.say()
        console.heading(f"Input {source.name} → {', '.join(source.targets)}: {source.model}")
        _show_values(source.parameters)
    console.say()
    console.heading("Simulation")
    _show_values(description.simulation)
    if description.engine_remark:
        console.say(f"  ({description.engine_remark})")
    console.say(f"  metrics: {', '.join(description.metrics) or 'the standard set'}")
    console.say(f"  figures: {', '.join(description.figures) or 'the standard set'}")
    for phase in description.phases:
        console.say()
        console.heading(f"Phase {phase.name}, from {phase.start}")
        _show_values(phase.changes or {"values": "those of the file"})
    _show_needs(description)


def _show_population(population: PopulationDescription) -> None:
    console.say()
    kind = f", {population.type}" if population.type else ""
    console.heading(f"Population {population.name}: {population.size} neurons, {population.model}{kind}")
    for equation in population.equations:
        console.say(f"  {equation}")
    for update in population.updates:
        console.say(f"  each step: {update.replace(chr(10), '; ')}")
    conditions = {
        "threshold": population.threshold,
        "reset": population.reset.replace("\n", "; "),
        "refractory": population.refractory,
        "method": population.method,
    }
    for name, text in conditions.items():
        if text:
            console.say(f"  {name}: {text}")
    _show_values(population.parameters)
    for variable, text in population.initial.items():
        console.say(f"  {variable} starts at {text}")
    if population.positions:
        console.say(f"  positions: {population.positions}")
    if population.labels:
        console.say(f"  labels: {population.labels}")
    console.say(f"  recorded: {population.recorded or 'nothing'}")


def _show_projections(description: Description) -> None:
    for projection in description.projections:
        console.say()
        console.heading(
            f"Projection {projection.name}: {projection.source} → {projection.target}, {projection.synapse}"
        )
        console.say(f"  {projection.rule}")
        console.say(f"  {projection.synapses:,.0f} synapses expected, {projection.indegree:,.4g} per target neuron")
        console.say(f"  weight {projection.weight}{f', delay {projection.delay}' if projection.delay else ''}")
        if projection.always:
            console.say(f"  at any moment: {projection.always}")
        if projection.on_pre:
            console.say(f"  at a spike: {projection.on_pre.replace(chr(10), '; ')}")
        if projection.on_post:
            console.say(f"  at a spike of the target: {projection.on_post.replace(chr(10), '; ')}")


def _show_values(values: Mapping[str, str]) -> None:
    for name, text in values.items():
        console.say(f"  {name} = {text}")


def _show_needs(description: Description) -> None:
    needs: Estimate = description.estimate
    console.say()
    console.heading("Needs, estimated")
    console.say(f"  {description.neurons:,} neurons, {needs.n_synapses:,.0f} synapses")
    console.say(f"  {in_bytes(needs.memory)} of memory, {in_bytes(needs.disk)} of disk while it runs")
    for assumption in needs.assumptions():
        console.say(f"  ({assumption})")
