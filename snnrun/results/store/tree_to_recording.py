"""The recording in a tree from a file, which may contradict itself: digests keep out damage, not malice."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

import numpy as np

from snnrun.results.layout import is_safe_name
from snnrun.results.recording import (
    MAX_TRIALS,
    IntArray,
    Population,
    Recording,
    SpikeTrains,
    SynapseTable,
    Trace,
    WeightHistory,
)
from snnrun.results.store.tree import Dataset, Group, TreeError, parse_json
from snnrun.units import UnitError, unit

_Item = TypeVar("_Item")


def tree_to_recording(tree: Group) -> Recording:
    """The recording in a tree, which may come from anybody.

    Raises
    ------
    TreeError
        If the tree is not what `recording_to_tree` makes.
    """
    if tree.text("status") != "complete":
        raise TreeError(f"its status is {tree.text('status')!r}")
    if not is_safe_name(tree.text("run_id")):
        raise TreeError("its run_id cannot be the name of a folder")
    spec = tree.group("spec")
    populations = {name: _read_population(one) for name, one in tree.group("populations").groups().items()}
    trials = tree.integer("trials", 1)
    if trials > MAX_TRIALS:
        raise TreeError(f"it has {trials} trials; there can be {MAX_TRIALS}")
    spikes = {name: _read_spikes(one, trials) for name, one in tree.group("spikes").groups().items()}
    traces = {
        name: {variable: _read_trace(one, trials) for variable, one in variables.groups().items()}
        for name, variables in tree.group("traces").groups().items()
    }
    if not (spikes.keys() | traces.keys()) <= populations.keys():
        raise TreeError("it has spikes or traces of a population that it does not describe")
    recording = Recording(
        run_id=tree.text("run_id"),
        title=tree.text("title"),
        seed=tree.integer("seed"),
        dt=_positive(tree, "dt"),
        n_ticks=tree.integer("n_ticks"),
        warmup_ticks=tree.integer("warmup_ticks"),
        populations=populations,
        spikes=spikes,
        traces=traces,
        synapses=_by_path(tree.group("synapses"), _read_table),
        weights=_by_path(tree.group("weights"), _read_weights),
        inputs={name: tree.group("inputs").array(name, "f8", 1) for name in tree.group("inputs").members},
        spec_yaml=spec.document("yaml"),
        spec_resolved=_spec(spec),
        provenance=_mapping(tree, "provenance"),
        warnings=_texts(tree, "warnings"),
        trials=trials,
        phases=_phases(tree),
    )
    _check_spikes(recording)
    _check_neurons(recording)
    return recording


def _check_spikes(recording: Recording) -> None:
    """What is measured is as long as the run has steps, and as wide as a population has neurons."""
    whole_run = (recording.dt, 0, recording.n_ticks)
    for population, trains in recording.spikes.items():
        size = recording.populations[population].size
        if trains.n_recorded > size or (trains.dt, trains.start, trains.stop) != whole_run:
            raise TreeError("it has spikes of more neurons, longer or shorter, or in other steps of time than it says")


def _check_neurons(recording: Recording) -> None:
    """Whatever is kept of single neurons is of neurons that there are."""
    populations = recording.populations
    for population, variables in recording.traces.items():
        for trace in variables.values():
            _check_node_ids(trace.node_ids, populations[population])
    tables: Iterator[tuple[str, SynapseTable | WeightHistory]] = chain(
        recording.synapses.items(), recording.weights.items()
    )
    for path, table in tables:
        _, source, target = path.split("/")
        if not {source, target} <= populations.keys():
            raise TreeError("it has synapses of a population that it does not describe")
        if isinstance(table, SynapseTable) and (table.source, table.target) != (source, target):
            raise TreeError("a table of synapses is not between the populations that its place names")
        _check_node_ids(table.source_ids, populations[source])
        _check_node_ids(table.target_ids, populations[target])


def _mapping(group: Group, name: str) -> dict[str, Any]:
    value = parse_json(group.document(name))
    if not isinstance(value, dict):
        raise TreeError(f"{name!r} should be a JSON object")
    return value


def _spec(group: Group) -> dict[str, Any]:
    """The resolved experiment; metrics and figures read of it what a network is made of."""
    spec = _mapping(group, "resolved")
    for name in ("populations", "projections", "inputs"):
        section = spec.get(name, {})
        if not isinstance(section, dict) or not all(isinstance(one, dict) for one in section.values()):
            raise TreeError(f"{name!r} of its experiment should be a mapping of mappings")
    return spec


def _unit(node: Dataset) -> str:
    text = node.text("units")
    try:
        unit(text)
    except UnitError as error:
        raise TreeError(str(error)) from None
    return text


def _texts(group: Group, name: str) -> tuple[str, ...]:
    value = parse_json(group.document(name))
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TreeError(f"{name!r} should be a JSON list of texts")
    return tuple(value)


def _phases(tree: Group) -> dict[str, int]:
    phases = _mapping(tree, "phases")
    if not all(type(tick) is int and tick >= 0 for tick in phases.values()):
        raise TreeError("'phases' should give the first step of each")
    return phases


def _positive(node: Group, name: str) -> float:
    value = node.number(name)
    if not (math.isfinite(value) and value > 0):
        raise TreeError(f"the attribute {name!r} should be a positive number")
    return value


def _check_node_ids(node_ids: IntArray, population: Population) -> None:
    if len(node_ids) and not 0 <= node_ids.min() <= node_ids.max() < population.size:
        raise TreeError("it has traces or synapses of neurons that are not in the population")


def _read_population(group: Group) -> Population:
    size = group.integer("size")
    population = Population(size, group.text("type"), group.integer("n_spikes"), group.number("v_thresh"))
    if "labels" in group.members:
        population = replace(population, labels=_texts(group, "labels"))
        if len(population.labels) != size or len(set(population.labels)) != size:
            raise TreeError("'labels' should have another name for each neuron")
    return population if "positions" not in group.members else _placed(population, group)


def _placed(population: Population, group: Group) -> Population:
    """The population with its positions."""
    positions, extent = group.array("positions", "f8", 2), group.array("extent", "f8", 1)
    if len(extent) not in (1, 2) or not np.all(np.isfinite(extent) & (extent > 0)):
        raise TreeError("'extent' should be one or two lengths")
    # Written so that positions that are not numbers are refused, too.
    if positions.shape != (population.size, len(extent)) or not np.all((positions >= 0) & (positions <= extent)):
        raise TreeError("'positions' should have a point of the space for each neuron")
    periodic = bool(group.dataset("positions").integer("periodic"))
    return replace(population, positions=positions, extent=tuple(extent.tolist()), periodic=periodic)


def _read_trial(group: Group, length: int, n_trials: int) -> IntArray | None:
    """The column that tells trials apart; None where it is missing, as in a recording of a single trial."""
    if "trial" not in group.members:
        return None
    trial = group.array("trial", "i4", 1)
    if len(trial) != length:
        raise TreeError("'trial' has another length than what it numbers")
    if length and not (trial[0] >= 0 and trial[-1] < n_trials and np.all(trial[1:] >= trial[:-1])):
        raise TreeError("its trials are not numbered in order")
    return trial


def _read_spikes(group: Group, n_trials: int) -> SpikeTrains:
    spikes = SpikeTrains(
        ticks=group.array("tick", "i8", 1),
        node_ids=group.array("node_ids", "i4", 1),
        n_recorded=group.integer("n_recorded"),
        dt=_positive(group, "dt"),
        start=group.integer("start"),
        stop=group.integer("stop"),
        trial=_read_trial(group, len(group.array("tick", "i8", 1)), n_trials),
    )
    if len(spikes.ticks) != len(spikes.node_ids):
        raise TreeError("'tick' and 'node_ids' differ in length")
    if len(spikes) and not spikes.start <= spikes.ticks.min() <= spikes.ticks.max() < spikes.stop:
        raise TreeError("it has spikes outside of the recorded interval")
    same_trial = True if spikes.trial is None else spikes.trial[1:] == spikes.trial[:-1]
    if np.any((spikes.ticks[1:] < spikes.ticks[:-1]) & same_trial):
        raise TreeError("its spikes are not sorted by time")
    if len(spikes) and not 0 <= spikes.node_ids.min() <= spikes.node_ids.max() < spikes.n_recorded:
        raise TreeError("it has spikes of neurons that were not recorded")
    return spikes


def _read_trace(group: Group, n_trials: int) -> Trace:
    trace = Trace(
        data=group.array("data", "f8", 2),
        node_ids=group.array("node_ids", "i4", 1),
        time=group.array("time", "f8", 1),
        unit=_unit(group.dataset("data")),
        trial=_read_trial(group, len(group.array("node_ids", "i4", 1)), n_trials),
    )
    if not trace.node_ids.size:
        raise TreeError("a trace is of no neuron")
    if trace.data.shape != (len(trace.time), len(trace.node_ids)):
        raise TreeError("a trace has another shape than its times and neurons")
    return trace


def _by_path(group: Group, read: Callable[[Group], _Item]) -> dict[str, _Item]:
    return {
        f"{projection}/{source}/{target}": read(table)
        for projection, sources in group.groups().items()
        for source, targets in sources.groups().items()
        for target, table in targets.groups().items()
    }


def _read_table(group: Group) -> SynapseTable:
    table = SynapseTable(
        source=group.dataset("source_node_id").text("node_population"),
        target=group.dataset("target_node_id").text("node_population"),
        source_ids=group.array("source_node_id", "i4", 1),
        target_ids=group.array("target_node_id", "i4", 1),
        weight=group.array("weight", "f8", 1),
        delay=group.array("delay", "f8", 1),
        weight_unit=_unit(group.dataset("weight")),
    )
    n_synapses = len(table.source_ids)
    if len(table.target_ids) != n_synapses or not {len(table.weight), len(table.delay)} <= {1, n_synapses}:
        raise TreeError("the columns of a table of synapses differ in length")
    return table


def _read_weights(group: Group) -> WeightHistory:
    history = WeightHistory(
        time=group.array("time", "f8", 1),
        source_ids=group.array("source_node_id", "i4", 1),
        target_ids=group.array("target_node_id", "i4", 1),
        data=group.array("weight", "f8", 2),
        unit=_unit(group.dataset("weight")),
    )
    n_synapses = len(history.source_ids)
    if not history.time.size:
        raise TreeError("weights over time are of no time")
    if len(history.target_ids) != n_synapses or history.data.shape != (len(history.time), n_synapses):
        raise TreeError("weights over time have another shape than their times and synapses")
    return history
