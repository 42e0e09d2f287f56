"""What is written is read back, bit for bit."""

from __future__ import annotations

import dataclasses
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis, Measurement, Series
from snnrun.results.recording import Population, Recording, SpikeTrains, SynapseTable, Trace, WeightHistory
from snnrun.results.store import read_analysis, read_recording, verify, write_analysis, write_recording


def same(one: Any, other: Any) -> bool:
    """Equal bit for bit, in type, value and order, NaN included, at every depth."""
    match one:
        case np.ndarray():
            return (
                isinstance(other, np.ndarray)
                and (one.dtype, one.shape) == (other.dtype, other.shape)
                and one.tobytes() == other.tobytes()
            )
        case float():
            return isinstance(other, float) and struct.pack("d", one) == struct.pack("d", other)
        case Mapping():
            return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
        case list() | tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case _ if dataclasses.is_dataclass(one):
            return type(one) is type(other) and same(vars(one), vars(other))
    return type(one) is type(other) and one == other


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "summary")
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
floats = st.floats()
counts = st.integers(0, 2**63 - 1)
sizes = st.integers(2**31, 2**63 - 1)  # as large as any number of a neuron
positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
units = st.sampled_from(["V", "A", "1", "siemens/m**2"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(texts, below, max_size=3),
    max_leaves=8,
)
lengths = st.sampled_from([0, 1, 2, 7, 3000])


def arrays(shape: int | tuple[int, ...]) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    return hnp.arrays(np.float64, shape, elements=floats, fill=floats)


def ids(length: int, bound: int) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    return hnp.arrays(np.int32, length, elements=st.integers(0, bound - 1), fill=st.just(0))


N_TRIALS = 3


def trial_numbers(length: int) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    return ids(length, N_TRIALS).map(np.sort)


@st.composite
def spike_trains(draw: st.DrawFn, dt: float, n_ticks: int) -> SpikeTrains:
    length, n_recorded = draw(lengths), draw(st.integers(1, 2**31 - 1))
    ticks = draw(hnp.arrays(np.int64, length, elements=st.integers(0, n_ticks - 1), fill=st.just(0)))
    trial = draw(st.none() | trial_numbers(length))
    order = np.argsort(ticks) if trial is None else np.lexsort((ticks, trial))
    return SpikeTrains(ticks[order], draw(ids(length, n_recorded)), n_recorded, dt, 0, n_ticks, trial)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    n_times, n_neurons = draw(lengths), draw(st.integers(1, 3))
    data = draw(arrays((n_times, n_neurons)))
    trial = draw(st.none() | trial_numbers(n_neurons))
    return Trace(data, draw(ids(n_neurons, 2**31 - 1)), draw(arrays(n_times)), draw(units), trial)


@st.composite
def synapse_tables(draw: st.DrawFn, ends: tuple[str, str]) -> SynapseTable:
    n = draw(lengths)
    shared = st.sampled_from([1, n])
    columns = draw(ids(n, 2**31)), draw(ids(n, 2**31)), draw(arrays(draw(shared))), draw(arrays(draw(shared)))
    return SynapseTable(*ends, *columns, draw(units))


@st.composite
def weight_histories(draw: st.DrawFn) -> WeightHistory:
    n_times, n = draw(st.integers(1, 3)), draw(lengths)
    neurons = draw(ids(n, 2**31)), draw(ids(n, 2**31))
    return WeightHistory(draw(arrays(n_times)), *neurons, draw(arrays((n_times, n))), draw(units))


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    populations = draw(
        st.dictionaries(
            names, st.builds(Population, sizes, st.sampled_from(["", "excitatory"]), counts, floats), min_size=1
        )
    )
    own = st.sampled_from(sorted(populations))
    dt, n_ticks = draw(positive), draw(st.integers(1, 2**63 - 1))
    paths = st.tuples(names, own, own).map("/".join)
    return Recording(
        run_id=draw(names),
        title=draw(texts),
        seed=draw(st.integers(0, 2**64 - 1)),
        dt=dt,
        n_ticks=n_ticks,
        warmup_ticks=draw(counts),
        populations=populations,
        spikes=draw(st.dictionaries(own, spike_trains(dt, n_ticks), max_size=2)),
        traces=draw(st.dictionaries(own, st.dictionaries(names, traces(), max_size=2), max_size=2)),
        synapses={path: draw(synapse_tables(path.split("/")[1:])) for path in draw(st.sets(paths, max_size=2))},
        weights=draw(st.dictionaries(paths, weight_histories(), max_size=2)),
        inputs=draw(st.dictionaries(names, lengths.flatmap(arrays), max_size=2)),
        spec_yaml=draw(texts),
        spec_resolved=draw(st.dictionaries(texts, json_values, max_size=3)),
        provenance=draw(st.dictionaries(texts, json_values, max_size=3)),
        warnings=tuple(draw(st.lists(texts, max_size=2))),
        trials=N_TRIALS,
        phases=draw(st.dictionaries(names, counts, max_size=2)),
    )


series = st.builds(
    Series,
    hnp.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, ">f8"]),
        hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4) | st.just((3000,)),
    ),
    units,
)
measurements = st.builds(
    Measurement,
    floats | texts,
    units | st.just(""),
    counts,
    st.dictionaries(names, series, max_size=2),
    st.dictionaries(texts, texts, max_size=2),
    texts,
)


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    measured = draw(st.dictionaries(names, st.dictionaries(names, measurements, max_size=3), max_size=3))
    definitions = {metric: draw(texts) for metrics in measured.values() for metric in metrics}
    return Analysis(draw(names), draw(st.tuples(floats, floats)), measured, definitions)


# One file is written over and over; arrays take long to generate on a busy machine.
generously = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@generously
@given(recordings())
def test_any_recording_is_read_back(path: Path, recording: Recording) -> None:
    write_recording(recording, path)
    assert same(read_recording(path), recording)
    verify(path)


@generously
@given(analyses())
def test_any_analysis_is_read_back(path: Path, analysis: Analysis) -> None:
    write_analysis(analysis, path)
    assert same(read_analysis(path), analysis)
    verify(path)


def test_the_same_recording_gives_the_same_bytes(recording: Recording, path: Path) -> None:
    write_recording(recording, path)
    first = path.read_bytes()
    write_recording(read_recording(path), path)
    assert path.read_bytes() == first


def test_everything_is_read_back_in_its_order(recording: Recording, path: Path) -> None:
    # HDF5 lists members by name; the order of the experiment decides what is drawn first, and in which colour.
    names = ["L23e", "L5i", "L4e", "EXT"]
    spikes, traces = recording.spikes["exc"], recording.traces["exc"]["v"]
    tables, weights = recording.synapses["exc_to_all/exc/inh"], recording.weights["exc_to_all/exc/inh"]
    ordered = dataclasses.replace(
        recording,
        populations=dict.fromkeys(names, Population(200)),
        spikes=dict.fromkeys(names, spikes),
        traces={name: {"v": traces, "I_total": traces, "I_b": traces} for name in names},
        synapses={
            f"to_all/{name}/{other}": dataclasses.replace(tables, source=name, target=other)
            for name in names
            for other in names
        },
        weights={f"to_all/{name}/{other}": weights for name in names for other in names},
        inputs={name: np.zeros(3) for name in names},
        phases={"test": 0, "learning": 10},
    )
    write_recording(ordered, path)
    assert same(read_recording(path), ordered)
    assert list(read_recording(path, populations=["L4e", "L5i"]).spikes) == ["L5i", "L4e"]


def test_other_integers_are_stored_as_ours(recording: Recording, path: Path) -> None:
    spikes = recording.spikes["exc"]
    wide = dataclasses.replace(spikes, ticks=spikes.ticks.astype(np.uint32), node_ids=spikes.node_ids.astype(np.int64))
    write_recording(dataclasses.replace(recording, spikes={"exc": wide}), path)
    assert same(read_recording(path).spikes["exc"], spikes)


@pytest.mark.parametrize("beyond", [-1, 2**31])
def test_ids_that_would_wrap_around_are_not_written(recording: Recording, path: Path, beyond: int) -> None:
    spikes = dataclasses.replace(recording.spikes["exc"], node_ids=np.array([0, beyond]), ticks=np.array([0, 0]))
    with pytest.raises(ValueError, match="beyond 32 bits"):
        write_recording(dataclasses.replace(recording, spikes={"exc": spikes}), path)
    assert not path.exists()


def test_a_text_that_hdf5_would_cut_is_not_written(recording: Recording, path: Path) -> None:
    with pytest.raises(ValueError, match="NUL"):
        write_recording(dataclasses.replace(recording, title="cut\0here"), path)
    assert not path.exists()


def test_one_population_can_be_read_alone(recording: Recording, written: Path) -> None:
    part = read_recording(written, populations=["exc"])
    assert part.populations.keys() == {"exc", "inh"}
    assert part.spikes.keys() == part.traces.keys() == {"exc"}
    assert same(part.spikes["exc"], recording.spikes["exc"])
    assert part.synapses == part.weights == {}
    assert read_recording(written, populations=["exc", "inh"]).synapses.keys() == {"exc_to_all/exc/inh"}
    with pytest.raises(ResultsError, match=r"has no population 'ext'\. It has exc, inh"):
        read_recording(written, populations=["ext"])


def test_a_population_cannot_take_the_place_of_the_summary(analysis: Analysis, path: Path) -> None:
    taken = dataclasses.replace(analysis, measurements={"summary": {}})
    with pytest.raises(ResultsError, match="give that population another name"):
        write_analysis(taken, path)


def test_undefined_values_stay_undefined(analysis: Analysis, path: Path) -> None:
    write_analysis(analysis, path)
    value = read_analysis(path).measurements["exc"]["psd"].value
    assert isinstance(value, float)
    assert math.isnan(value)
