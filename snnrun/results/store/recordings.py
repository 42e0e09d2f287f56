"""``recording.h5``: a recording as a tree, and back.

Names are those of the Python objects, and SONATA's where it has one: ``/spikes/<population>/node_ids``, ``units``,
``sorting``, ``source_node_id``. Spike times are integer steps of ``dt`` (``tick``), not SONATA's float milliseconds:
they compare exactly and compress to a tenth.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.errors import ResultsError
from snnrun.results.layout import is_safe_name
from snnrun.results.recording import Population, Recording, SpikeTrains, SynapseTable, Trace
from snnrun.results.store.hdf5 import read_tree, write_tree
from snnrun.results.store.tree import Dataset, Group, TreeError, parse_json

FORMAT: Final = "snnrun recording"
VERSION: Final = 1

# Steps: at dt = 0.01 ms 32 bits would last for six hours; the upper half costs nothing once shuffled and compressed.
_TICK: Final = np.int64
# Neurons: Brian's own type for them, and signed, so that differences of ids do not wrap around.
_NODE_ID: Final = np.int32


def write_recording(recording: Recording, path: Path) -> None:
    """Write a recording, whole or not at all; the same recording gives the same bytes.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_tree(recording_to_tree(recording), path)


def read_recording(path: Path, *, populations: Collection[str] | None = None) -> Recording:
    """Read a recording, from whomever it comes.

    Parameters
    ----------
    populations
        Whose spikes and traces, and the synapses between which, are read; all of them if None.

    Raises
    ------
    ResultsError
        If the file is missing, damaged, no recording or of a newer version, or lacks one of `populations`.
    """
    tree = read_tree(path, {FORMAT: VERSION}, _within(populations))
    try:
        recording = tree_to_recording(tree)
    except TreeError as error:
        raise ResultsError(f"{path}: is not a valid recording: {error}.") from None
    unknown = set(populations or ()) - recording.populations.keys()
    if unknown:
        raise ResultsError(
            f"{path}: has no population {', '.join(map(repr, sorted(unknown)))}. "
            f"It has {', '.join(recording.populations)}."
        )
    return recording


def _within(populations: Collection[str] | None) -> Callable[[str], bool]:
    """Whether a path belongs to the populations that are asked for, or to none."""

    def wanted(path: str) -> bool:
        match path.split("/")[1:]:
            case ["spikes" | "traces", name, *_]:
                return populations is None or name in populations
            case ["synapses", _, *ends]:
                return populations is None or all(name in populations for name in ends[:2])
        return True

    return wanted


def recording_to_tree(recording: Recording) -> Group:
    """The recording as it lies in the file."""
    return Group(
        {
            "spec": Group({"yaml": Dataset(recording.spec_yaml), "resolved": _json(dict(recording.spec_resolved))}),
            "provenance": _json(dict(recording.provenance)),
            "warnings": _json(list(recording.warnings)),
            "populations": Group({name: _population(one) for name, one in recording.populations.items()}),
            "spikes": Group({name: _spikes(one) for name, one in recording.spikes.items()}),
            "traces": Group(
                {
                    name: Group({variable: _trace(one) for variable, one in traces.items()})
                    for name, traces in recording.traces.items()
                }
            ),
            "synapses": _nested({name: _synapses(one) for name, one in recording.synapses.items()}),
            "inputs": Group({name: _input(one, recording.dt) for name, one in recording.inputs.items()}),
        },
        {
            "format": FORMAT,
            "version": VERSION,
            "run_id": recording.run_id,
            "title": recording.title,
            "status": "complete",  # a run that was interrupted or failed leaves no recording
            "seed": int(recording.seed),
            "dt": float(recording.dt),
            "dt_units": "s",
            "n_ticks": int(recording.n_ticks),
            "warmup_ticks": int(recording.warmup_ticks),
        },
    )


def _json(value: Any) -> Dataset:
    return Dataset(json.dumps(value, indent=1), {"encoding": "JSON"})


def _population(population: Population) -> Group:
    return Group(
        {},
        {
            "size": int(population.size),
            "type": population.type,
            "n_spikes": int(population.n_spikes),
            "v_thresh": float(population.v_thresh),
            "v_thresh_units": "V",
        },
    )


def _spikes(spikes: SpikeTrains) -> Group:
    return Group(
        {
            "tick": Dataset(
                spikes.ticks.astype(_TICK, copy=False), {"units": "dt", "dt": float(spikes.dt), "dt_units": "s"}
            ),
            "node_ids": Dataset(_node_ids(spikes.node_ids)),
        },
        {
            "n_recorded": int(spikes.n_recorded),
            "dt": float(spikes.dt),
            "start": int(spikes.start),
            "stop": int(spikes.stop),
            "sorting": "by_time",
        },
    )


def _trace(trace: Trace) -> Group:
    return Group(
        {
            "data": Dataset(_floats(trace.data), {"units": trace.unit}),
            "node_ids": Dataset(_node_ids(trace.node_ids)),
            "time": Dataset(_floats(trace.time), {"units": "s"}),
        }
    )


def _synapses(table: SynapseTable) -> Group:
    return Group(
        {
            "source_node_id": Dataset(_node_ids(table.source_ids), {"node_population": table.source}),
            "target_node_id": Dataset(_node_ids(table.target_ids), {"node_population": table.target}),
            "weight": Dataset(_floats(table.weight), {"units": table.weight_unit}),
            "delay": Dataset(_floats(table.delay), {"units": "s"}),
        }
    )


def _input(values: NDArray[np.float64], dt: float) -> Dataset:
    return Dataset(_floats(values), {"dt": dt, "dt_units": "s"})


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(values, np.float64)


def _node_ids(ids: NDArray[Any]) -> NDArray[np.int32]:
    if ids.size and not 0 <= ids.min() <= ids.max() <= np.iinfo(_NODE_ID).max:
        raise ValueError("a neuron's number is negative or beyond 32 bits")
    return ids.astype(_NODE_ID, copy=False)


def _nested(tables: Mapping[str, Group]) -> Group:
    """Groups by path, ``projection/source/target``, as groups in groups in groups."""
    root: dict[str, Group | Dataset] = {}
    for path, table in tables.items():
        members = root
        *above, last = path.split("/")
        for step in above:
            below = members.setdefault(step, Group({}))
            assert isinstance(below, Group) and isinstance(below.members, dict)
            members = below.members
        members[last] = table
    return Group(root)


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
    spikes = {name: _read_spikes(one) for name, one in tree.group("spikes").groups().items()}
    traces = {
        name: {variable: _read_trace(one) for variable, one in variables.groups().items()}
        for name, variables in tree.group("traces").groups().items()
    }
    if not (spikes.keys() | traces.keys()) <= populations.keys():
        raise TreeError("it has spikes or traces of a population that it does not describe")
    return Recording(
        run_id=tree.text("run_id"),
        title=tree.text("title"),
        seed=tree.integer("seed"),
        dt=_positive(tree, "dt"),
        n_ticks=tree.integer("n_ticks"),
        warmup_ticks=tree.integer("warmup_ticks"),
        populations=populations,
        spikes=spikes,
        traces=traces,
        synapses=_read_synapses(tree.group("synapses")),
        inputs={name: tree.group("inputs").array(name, "f8", 1) for name in tree.group("inputs").members},
        spec_yaml=spec.document("yaml"),
        spec_resolved=_mapping(spec, "resolved"),
        provenance=_mapping(tree, "provenance"),
        warnings=_texts(tree, "warnings"),
    )


def _mapping(group: Group, name: str) -> dict[str, Any]:
    value = parse_json(group.document(name))
    if not isinstance(value, dict):
        raise TreeError(f"{name!r} should be a JSON object")
    return value


def _texts(group: Group, name: str) -> tuple[str, ...]:
    value = parse_json(group.document(name))
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TreeError(f"{name!r} should be a JSON list of texts")
    return tuple(value)


def _positive(node: Group, name: str) -> float:
    value = node.number(name)
    if not (math.isfinite(value) and value > 0):
        raise TreeError(f"the attribute {name!r} should be a positive number")
    return value


def _read_population(group: Group) -> Population:
    return Population(group.integer("size"), group.text("type"), group.integer("n_spikes"), group.number("v_thresh"))


def _read_spikes(group: Group) -> SpikeTrains:
    spikes = SpikeTrains(
        ticks=group.array("tick", "i8", 1),
        node_ids=group.array("node_ids", "i4", 1),
        n_recorded=group.integer("n_recorded"),
        dt=_positive(group, "dt"),
        start=group.integer("start"),
        stop=group.integer("stop"),
    )
    if len(spikes.ticks) != len(spikes.node_ids):
        raise TreeError("'tick' and 'node_ids' differ in length")
    if len(spikes) and not (spikes.start <= spikes.ticks[0] and spikes.ticks[-1] < spikes.stop):
        raise TreeError("it has spikes outside of the recorded interval")
    if np.any(spikes.ticks[1:] < spikes.ticks[:-1]):
        raise TreeError("its spikes are not sorted by time")
    if len(spikes) and not 0 <= spikes.node_ids.min() <= spikes.node_ids.max() < spikes.n_recorded:
        raise TreeError("it has spikes of neurons that were not recorded")
    return spikes


def _read_trace(group: Group) -> Trace:
    trace = Trace(
        data=group.array("data", "f8", 2),
        node_ids=group.array("node_ids", "i4", 1),
        time=group.array("time", "f8", 1),
        unit=group.dataset("data").text("units"),
    )
    if trace.data.shape != (len(trace.time), len(trace.node_ids)):
        raise TreeError("a trace has another shape than its times and neurons")
    return trace


def _read_synapses(group: Group) -> dict[str, SynapseTable]:
    return {
        f"{projection}/{source}/{target}": _read_table(table)
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
        weight_unit=group.dataset("weight").text("units"),
    )
    n_synapses = len(table.source_ids)
    if len(table.target_ids) != n_synapses or not {len(table.weight), len(table.delay)} <= {1, n_synapses}:
        raise TreeError("the columns of a table of synapses differ in length")
    return table
