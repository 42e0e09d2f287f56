"""What other programs find in our files: the layout that the README promises, read with h5py alone."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np

from snnrun.results.analysis import Analysis
from snnrun.results.recording import Recording
from snnrun.results.store import write_analysis, write_recording


def test_a_recording_tells_what_it_is(written: Path) -> None:
    with h5py.File(written) as file:
        told = {name: value.decode() if isinstance(value, bytes) else value for name, value in file.attrs.items()}
    assert told == {
        "format": "snnrun recording",
        "version": 1,
        "run_id": "0f3a",
        "title": "Asynchron – irregulär",
        "status": "complete",
        "seed": 0,
        "dt": 1e-4,
        "dt_units": "s",
        "n_ticks": 1000,
        "warmup_ticks": 100,
        "trials": 1,
    }


def test_spikes_are_sorted_by_time_in_steps_of_dt(recording: Recording, written: Path) -> None:
    with h5py.File(written) as file:
        spikes = file["spikes/exc"]
        assert spikes.attrs["sorting"] == b"by_time"
        assert spikes.attrs["n_recorded"] == 100
        assert dict(spikes["tick"].attrs) == {"units": b"dt", "dt": 1e-4, "dt_units": b"s"}
        assert spikes["tick"].dtype == np.int64
        assert spikes["node_ids"].dtype == np.int32
        times = spikes["tick"][...] * spikes["tick"].attrs["dt"]
        assert np.array_equal(times, recording.spikes["exc"].times)


def test_traces_synapses_and_inputs_have_units(written: Path) -> None:
    with h5py.File(written) as file:
        trace = file["traces/exc/v"]
        assert trace["data"].shape == (1000, 3)
        assert trace["data"].attrs["units"] == b"V"
        assert trace["time"].attrs["units"] == b"s"
        table = file["synapses/exc_to_all/exc/inh"]
        assert set(table) == {"source_node_id", "target_node_id", "weight", "delay"}
        assert table["source_node_id"].attrs["node_population"] == b"exc"
        assert table["weight"].attrs["units"] == b"V"
        history = file["weights/exc_to_all/exc/inh"]
        assert set(history) == {"time", "source_node_id", "target_node_id", "weight"}
        assert history["weight"].shape == (3, 4)
        assert history["weight"].attrs["units"] == b"V"
        assert file["inputs/noise"].attrs["dt"] == 1e-4


def test_the_experiment_lies_in_the_recording(recording: Recording, written: Path) -> None:
    with h5py.File(written) as file:
        assert file["spec/yaml"][()].decode() == recording.spec_yaml
        assert json.loads(file["spec/resolved"][()]) == recording.spec_resolved
        assert json.loads(file["provenance"][()]) == recording.provenance
        assert json.loads(file["warnings"][()]) == ["inh: no neuron spikes"]
        assert file["populations/exc"].attrs["v_thresh"] == 0.02


def test_long_arrays_are_compressed_for_every_reader(written: Path) -> None:
    with h5py.File(written) as file:
        tick = file["spikes/exc/tick"]
        assert (tick.shuffle, tick.compression, tick.compression_opts) == (True, "gzip", 1)
        # 5000 of 8 bytes; sorted, most bytes are zero.
        assert tick.id.get_storage_size() < 10_000
    # The superblock of version 0, which HDF5 1.6 and MATLAB read.
    assert written.read_bytes()[:9] == b"\x89HDF\r\n\x1a\n\0"


def test_chunks_are_of_64_ki_items(recording: Recording, path: Path) -> None:
    n = 200_000
    recording.inputs["noise"] = np.zeros(n)  # type: ignore[index]
    trace = recording.traces["exc"]["v"]
    object.__setattr__(trace, "data", np.zeros((n, 3)))
    object.__setattr__(trace, "time", np.zeros(n))
    write_recording(recording, path)
    with h5py.File(path) as file:
        assert file["inputs/noise"].chunks == (65536,)
        assert file["traces/exc/v/data"].chunks == (21845, 3)  # whole rows


def test_an_analysis_has_a_table_of_all_values(analysis: Analysis, path: Path) -> None:
    write_analysis(analysis, path)
    with h5py.File(path) as file:
        rows = file["summary"][...]
    assert rows.dtype.names == ("population", "metric", "value", "label", "units", "n_valid")
    assert rows["population"].tolist() == [b"exc", b"exc", b"network"]
    assert rows["metric"].tolist() == [b"mean_rate", b"psd", b"regime"]
    assert rows["label"].tolist() == [b"", b"", b"asynchronous irregular"]
    assert rows["value"][0] == 31.25
    assert np.isnan(rows["value"][1:]).all()
    assert rows["n_valid"].tolist() == [100, 0, 100]


def test_a_measurement_comes_with_its_meaning(analysis: Analysis, path: Path) -> None:
    write_analysis(analysis, path)
    with h5py.File(path) as file:
        psd = file["exc/psd"]
        assert psd.attrs["definition"] == b"Spectral density."
        assert json.loads(psd.attrs["parameters"]) == {"resolution": "2 Hz"}
        assert psd.attrs["n_valid"] == 0
        assert psd["frequency"].attrs["units"] == b"Hz"
