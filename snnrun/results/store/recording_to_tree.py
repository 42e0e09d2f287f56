"""A recording as it lies in ``recording.h5``.

Names are those of the Python objects, and SONATA's where it has one: ``/spikes/<population>/node_ids``, ``units``,
``sorting``, ``source_node_id``. Spike times are integer steps of ``dt`` (``tick``), not SONATA's float milliseconds:
they compare exactly and compress better.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from snnrun.results.recording import Population, Recording, SpikeTrains, SynapseTable, Trace, WeightHistory
from snnrun.results.store.tree import Dataset, Group

FORMAT: Final = "snnrun recording"
VERSION: Final = 1

# Steps: at dt = 0.01 ms 32 bits would last for six hours; the upper half costs nothing once shuffled and compressed.
_TICK: Final = np.int64
# Neurons: Brian's own type for them, and signed, so that differences of ids do not wrap around.
_NODE_ID: Final = np.int32


def recording_to_tree(recording: Recording) -> Group:
    """The recording as it lies in the file."""
    return Group(
        {
            "spec": Group({"yaml": Dataset(recording.spec_yaml), "resolved": _json(dict(recording.spec_resolved))}),
            "provenance": _json(dict(recording.provenance)),
            "warnings": _json(list(recording.warnings)),
            "phases": _json({name: int(tick) for name, tick in recording.phases.items()}),
            "populations": Group({name: _population(one) for name, one in recording.populations.items()}),
            "spikes": Group({name: _spikes(one) for name, one in recording.spikes.items()}),
            "traces": Group(
                {
                    name: Group({variable: _trace(one) for variable, one in traces.items()})
                    for name, traces in recording.traces.items()
                }
            ),
            "synapses": _nested({name: _synapses(one) for name, one in recording.synapses.items()}),
            "weights": _nested({name: _weights(one) for name, one in recording.weights.items()}),
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
            "trials": int(recording.trials),
        },
    )


def _json(value: Any) -> Dataset:
    return Dataset(json.dumps(value, indent=1), {"encoding": "JSON"})


def _population(population: Population) -> Group:
    return Group(
        {**_positions(population), **({"labels": _json(list(population.labels))} if population.labels else {})},
        {
            "size": int(population.size),
            "type": population.type,
            "n_spikes": int(population.n_spikes),
            "v_thresh": float(population.v_thresh),
            "v_thresh_units": "V",
        },
    )


def _positions(population: Population) -> dict[str, Dataset]:
    if population.positions is None:
        return {}
    return {
        "positions": Dataset(_floats(population.positions), {"units": "m", "periodic": int(population.periodic)}),
        "extent": Dataset(_floats(np.array(population.extent)), {"units": "m"}),
    }


def _spikes(spikes: SpikeTrains) -> Group:
    return Group(
        {
            "tick": Dataset(
                spikes.ticks.astype(_TICK, copy=False), {"units": "dt", "dt": float(spikes.dt), "dt_units": "s"}
            ),
            "node_ids": Dataset(_node_ids(spikes.node_ids)),
            **_trial(spikes.trial),
        },
        {
            "n_recorded": int(spikes.n_recorded),
            "dt": float(spikes.dt),
            "start": int(spikes.start),
            "stop": int(spikes.stop),
            "sorting": "by_time" if spikes.trial is None else "by_trial_and_time",
        },
    )


def _trace(trace: Trace) -> Group:
    return Group(
        {
            "data": Dataset(_floats(trace.data), {"units": trace.unit}),
            "node_ids": Dataset(_node_ids(trace.node_ids)),
            "time": Dataset(_floats(trace.time), {"units": "s"}),
            **_trial(trace.trial),
        }
    )


def _trial(trial: NDArray[Any] | None) -> dict[str, Dataset]:
    """The column that tells trials apart, where there are several."""
    return {} if trial is None else {"trial": Dataset(trial.astype(np.int32, copy=False))}


def _synapses(table: SynapseTable) -> Group:
    return Group(
        {
            "source_node_id": Dataset(_node_ids(table.source_ids), {"node_population": table.source}),
            "target_node_id": Dataset(_node_ids(table.target_ids), {"node_population": table.target}),
            "weight": Dataset(_floats(table.weight), {"units": table.weight_unit}),
            "delay": Dataset(_floats(table.delay), {"units": "s"}),
        }
    )


def _weights(history: WeightHistory) -> Group:
    return Group(
        {
            "time": Dataset(_floats(history.time), {"units": "s"}),
            "source_node_id": Dataset(_node_ids(history.source_ids)),
            "target_node_id": Dataset(_node_ids(history.target_ids)),
            "weight": Dataset(_floats(history.data), {"units": history.unit}),
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
